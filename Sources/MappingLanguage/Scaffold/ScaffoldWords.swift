import AccessModel
import DirectoryModel

/// The words of a platform's roles, templates and workspaces, and what a group's name makes of them.
struct ScaffoldWords {
    private let platform: Platform
    private let workspaces: [String]
    private let templates: [Template]

    init(_ platform: Platform, _ topology: Topology) {
        self.platform = platform
        workspaces = topology.scopes.filter { $0.path.depth == 1 }.compactMap(\.path.components.first)
        templates = platform.templatesPerUser == .none ? [] : platform.shippedTemplates.filter { !$0.retired }
    }

    /// What a name sounds like; nil where it sounds like nothing.
    func guess(_ name: String) -> Scaffold.Guess? {
        var words = ScaffoldWords.words(name)
        let workspace = workspace(in: &words)
        if let template = best(templates.map { ($0.name, $0.title) }, in: words),
            let role = baseRole, let found = templates.first(where: { $0.name == template.name })
        {
            let set = platform.effectivePermissions(of: found)
            let isPrivileged =
                !platform.privileges(in: set, from: .template(found.name)).isEmpty
                || platform.role(named: role)?.privileged == true
            return Scaffold.Guess(
                role: role, template: found.name, workspace: nil, isPrivileged: isPrivileged, words: template.words)
        }
        if let role = best(platform.roles.map { ($0.name, $0.title) }, in: words) ?? lastWord(in: words) {
            return guess(role.name, workspace, role.words)
        }
        // A workspace alone: the least that one can have there.
        guard let workspace, let role = platform.roles.last(where: { $0.scope == 1 && !$0.privileged }) else {
            return nil
        }
        return guess(role.name, workspace, [workspace])
    }

    private func guess(_ name: String, _ workspace: String?, _ words: [String]) -> Scaffold.Guess? {
        guard let role = platform.role(named: name) else { return nil }
        let only = workspaces.count == 1 ? workspaces.first : nil
        return Scaffold.Guess(
            role: name, template: nil, workspace: role.scope == 1 ? workspace ?? only : nil,
            isPrivileged: role.privileged, words: words)
    }

    /// Whether the role is given in a workspace, and which is not known.
    func needsWorkspace(_ guess: Scaffold.Guess) -> Bool {
        platform.role(named: guess.role).map { $0.scope > 0 && guess.workspace == nil } ?? true
    }

    /// What is proposed where no name sounds like anything: the least there is.
    var fallback: Scaffold.Guess? {
        guard let role = platform.roles.last(where: { !$0.privileged && ($0.scope == 0 || !workspaces.isEmpty) })
        else { return nil }
        return Scaffold.Guess(
            role: role.name, template: nil, workspace: role.scope == 1 ? workspaces.first : nil, isPrivileged: false,
            words: [])
    }

    /// The role that goes with a template.
    private var baseRole: String? {
        platform.defaultRole ?? platform.roles.last { $0.scope == 0 && !$0.privileged }?.name
    }

    /// The candidate of which every word stands in the name: that with the most words, then the last in rank.
    private func best(_ candidates: [(name: String, title: String)], in words: [String]) -> (
        name: String, words: [String]
    )? {
        var best: (name: String, words: [String])?
        for candidate in candidates {
            for spelling in [candidate.name, candidate.title] {
                let wanted = ScaffoldWords.words(spelling)
                guard !wanted.isEmpty, wanted.allSatisfy(words.contains), wanted.count >= best?.words.count ?? 0 else {
                    continue
                }
                best = (candidate.name, wanted)
            }
        }
        return best
    }

    /// The lowest role that ends in a word of the name: `viewers` for an agent viewer.
    private func lastWord(in words: [String]) -> (name: String, words: [String])? {
        for role in platform.roles.reversed() {
            guard let last = ScaffoldWords.words(role.name).last, words.contains(last) else { continue }
            return (role.name, [last])
        }
        return nil
    }

    /// The workspace with the most words in the name, which are taken out of it.
    private func workspace(in words: inout [String]) -> String? {
        let found = workspaces.map { ($0, ScaffoldWords.words($0)) }
            .filter { !$0.1.isEmpty && $0.1.allSatisfy(words.contains) }
            .max { left, right in left.1.count < right.1.count }
        guard let found else { return nil }
        words.removeAll(where: found.1.contains)
        return found.0
    }

    /// Lower-case words of letters and digits without a plural's `s`.
    static func words(_ text: String) -> [String] {
        let folded = TextFold.fold(text)
        return folded.split { byte in
            !((0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte >= 0x80)
        }.map { word in
            let isPlural = word.count > 3 && word.last == UInt8(ascii: "s") && word.dropLast().last != UInt8(ascii: "s")
            return String(decoding: isPlural ? word.dropLast() : word, as: UTF8.self)
        }
    }
}
