import AccessModel
package import Diagnostics

extension Scaffold {
    /// Groups listed in comments; of more the largest.
    private static let listedAtMost = 60

    /// The mapping as a file: what matched as rules with a test each, everything else as comments.
    package var text: String {
        var lines = [
            "# A proposal by the names of groups alone: read every rule before anybody runs it.",
            "#",
            "# `rollcall check` looks for mistakes, `rollcall test` runs the tests, and `rollcall plan` shows whom it would give what.",
            "version: 1",
            "platform: \(platform.name)",
            "",
            "rules:",
        ]
        for family in families { lines += rule(family) }
        for (group, guess) in rules { lines += rule(group, guess) }
        lines += comments
        lines += tests
        return lines.joined(separator: "\n") + "\n"
    }

    /// A proposal with a comment above each rule of which there is a warning.
    package static func text(_ text: String, noting warnings: [Diagnostic]) -> String {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Substring.init)
        let heads = lines.indices.filter { lines[$0].utf8.starts(with: "  - name:".utf8) }
        var about: [Int: [String]] = [:]
        var place = 0
        let placed = warnings.compactMap { warning in warning.position.map { (line: $0.line, text: warning.message) } }
        for warning in placed.sorted(by: { $0.line < $1.line }) {
            while place + 1 < heads.count, heads[place + 1] < warning.line { place += 1 }
            guard heads.indices.contains(place), heads[place] < warning.line else { continue }
            about[heads[place], default: []].append(warning.text)
        }
        var noted: [Substring] = []
        for (line, text) in lines.enumerated() {
            let texts = about[line] ?? []
            noted += texts.prefix(listedAtMost).map { "  # `rollcall check` warns of it: \(comment($0))" }
            if texts.count > listedAtMost { noted.append("  # … and of \(texts.count - listedAtMost) more") }
            noted.append(text)
        }
        return noted.joined(separator: "\n")
    }

    private func rule(_ family: Family) -> [String] {
        let people = family.groups.reduce(0) { $0 + $1.group.people }
        let names = family.groups.map(\.group.name).joined(separator: ", ")
        return [
            "  # \(Scaffold.comment("\(names): \(Scaffold.people(people))"))",
            "  - name: \(quoted(name(family)))",
            "    when: {group: \(quoted(family.pattern)), groups_under: \(quoted(family.base))}",
            "    give: {workspace: \"{workspace}\", role: \(family.role)}",
            "",
        ]
    }

    private func rule(_ group: Group, _ guess: Guess) -> [String] {
        var lines = ["  # \(Scaffold.people(group.people))\(group.people == 0 ? ": empty" : "")\(because(guess))"]
        lines.append("  - name: \(quoted(name(group, guess)))")
        lines.append("    when: {group: \(quoted(group.reference))}")
        lines.append("    give: \(gift(guess))")
        return lines + [""]
    }

    /// Two families may sound like the same role.
    private func name(_ family: Family) -> String {
        let isOnly = families.count { $0.role == family.role } == 1
        return "\(title(of: family.role)) of each workspace" + (isOnly ? "" : " by groups \(family.pattern)")
    }

    private func because(_ guess: Guess) -> String {
        guess.words.isEmpty
            ? "; no name sounded like a role, so this is only an example"
            : "; by the \(guess.words.count == 1 ? "word" : "words") \(guess.words.map { "\"\($0)\"" }.joined(separator: ", "))"
    }

    private func name(_ group: Group, _ guess: Guess) -> String {
        let what =
            guess.template.map { template in
                platform.shippedTemplates.first { $0.name == template }?.title ?? template
            } ?? title(of: guess.role)
        return "\(what) by group \(group.name)"
    }

    private func title(of role: String) -> String { platform.role(named: role)?.title ?? role }

    private func gift(_ guess: Guess) -> String {
        var parts: [String] = []
        if let workspace = guess.workspace { parts.append("workspace: \(workspace)") }
        parts.append("role: \(guess.role)")
        if let template = guess.template {
            parts.append(platform.templatesPerUser == .one ? "template: \(template)" : "templates: [\(template)]")
        }
        return "{\(parts.joined(separator: ", "))}"
    }

    /// What nobody should get by a name alone.
    private var comments: [String] {
        var lines: [String] = []
        if !privileged.isEmpty {
            lines.append(
                "  # These sound like something privileged. Nobody gets that by a name alone: take out the `#` of those that"
            )
            lines.append("  # are meant, and run `rollcall lock`, without which a privileged rule gives nothing.")
            for (group, guess) in privileged {
                lines.append("  # \(Scaffold.people(group.people))")
                lines.append("  # - name: \(quoted(name(group, guess)))")
                lines.append("  #   when: {group: \(quoted(group.reference)), nested: false}")
                lines.append("  #   give: \(gift(guess))")
                lines.append("  #   privileged: true")
            }
            lines.append("")
        }
        lines += list(
            "  # These sound like a role in a workspace, but not which one:",
            placeless.map { item in
                "\(item.group.name) (\(Scaffold.people(item.group.people))): \(item.guess.role)"
            })
        let bySize = unmatched.sorted { left, right in
            left.people == right.people ? precedes(left.name, right.name) : left.people > right.people
        }
        lines += list(
            "  # These sound like nothing that platform `\(platform.name)` has:",
            bySize.map { "\($0.name) (\(Scaffold.people($0.people)))" })
        return lines
    }

    private func list(_ title: String, _ entries: [String]) -> [String] {
        if entries.isEmpty { return [] }
        var lines = [title] + entries.prefix(Scaffold.listedAtMost).map { "  #   \(Scaffold.comment($0))" }
        if entries.count > Scaffold.listedAtMost {
            lines.append("  #   … and \(entries.count - Scaffold.listedAtMost) more")
        }
        return lines + [""]
    }

    private var tests: [String] {
        var lines = ["tests:"]
        for family in families {
            guard let first = family.groups.first else { continue }
            lines += test(first.group.name, "{workspaces: {\(first.workspace): \(family.role)}}")
        }
        for (group, guess) in rules {
            var parts: [String] = []
            if let workspace = guess.workspace {
                parts.append("workspaces: {\(workspace): \(guess.role)}")
            } else {
                parts.append("role: \(guess.role)")
            }
            if let template = guess.template {
                parts.append(platform.templatesPerUser == .one ? "template: \(template)" : "templates: [\(template)]")
            }
            lines += test(group.reference, "{\(parts.joined(separator: ", "))}")
        }
        return lines
    }

    private func test(_ group: String, _ expected: String) -> [String] {
        [
            "  - name: \(quoted("what group \(group) gives"))",
            "    person: {groups: [\(quoted(group))]}",
            "    expect: \(expected)",
        ]
    }

    private static func people(_ count: Int) -> String { count == 1 ? "1 person" : "\(count) people" }

    /// Text of others in a comment: nothing in it can end the line.
    private static func comment(_ text: String) -> String { SafeText.escaped(text) }

    /// A JSON string, which is YAML, too.
    private func quoted(_ text: String) -> String {
        var json = JSONWriter(layout: .compact)
        json.value(text)
        return json.text
    }
}
