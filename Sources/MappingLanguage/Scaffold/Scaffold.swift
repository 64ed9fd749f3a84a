package import AccessModel
import Diagnostics
package import DirectoryModel

/// A mapping to begin with: rules for the groups whose names sound like roles, templates and workspaces of a platform.
///
/// It is a proposal by names alone. What takes a privileged rule is never proposed as a rule, only as a comment.
package struct Scaffold: Sendable {
    /// A group of the directory, as far as it matters here.
    struct Group: Sendable {
        var name: String
        var dn: String
        /// How a rule names it without doubt.
        var reference: String
        var people: Int
    }

    /// What a group's name sounds like.
    struct Guess: Sendable {
        var role: String
        var template: String?
        var workspace: String?
        /// Whether it takes a privileged rule.
        var isPrivileged: Bool
        /// The words of the name that led to it.
        var words: [String]
    }

    /// One rule for several groups whose names differ in the workspace only.
    struct Family: Sendable {
        var pattern: String
        var base: String
        var role: String
        var groups: [(group: Group, workspace: String)]
    }

    let platform: Platform
    let topology: Topology
    private(set) var families: [Family] = []
    private(set) var rules: [(group: Group, guess: Guess)] = []
    private(set) var privileged: [(group: Group, guess: Guess)] = []
    /// Groups whose workspace is not clear.
    private(set) var placeless: [(group: Group, guess: Guess)] = []
    private(set) var unmatched: [Group] = []

    /// How many rules it proposes, and how many groups it could make nothing of.
    package var ruleCount: Int { families.count + rules.count }
    package var unmatchedCount: Int { unmatched.count + placeless.count }
    package var privilegedCount: Int { privileged.count }
    package var groupCount: Int {
        families.reduce(0) { $0 + $1.groups.count } + rules.count + privileged.count + unmatchedCount
    }

    package init(_ mirror: Mirror, platform: Platform, topology: Topology) {
        self.platform = platform
        self.topology = topology
        let words = ScaffoldWords(platform, topology)
        var found: [(group: Group, guess: Guess)] = []
        for group in Scaffold.groups(of: mirror) {
            guard let guess = words.guess(group.name) else {
                unmatched.append(group)
                continue
            }
            if guess.isPrivileged {
                privileged.append((group, guess))
            } else if words.needsWorkspace(guess) {
                placeless.append((group, guess))
            } else {
                found.append((group, guess))
            }
        }
        collect(found)
        if ruleCount == 0, let first = unmatched.first(where: { $0.people > 0 }) ?? unmatched.first,
            let guess = words.fallback
        {
            unmatched.removeAll { $0.dn == first.dn }
            rules = [(first, guess)]
        }
    }

    /// Puts groups of one family under one rule.
    private mutating func collect(_ found: [(group: Group, guess: Guess)]) {
        var byPattern: [String: [Int]] = [:]
        var patterns: [String?] = []
        for (place, item) in found.enumerated() {
            let pattern = Scaffold.pattern(item.group, item.guess)
            patterns.append(pattern)
            if let pattern { byPattern[pattern, default: []].append(place) }
        }
        var taken: Set<Int> = []
        for (place, item) in found.enumerated() where !taken.contains(place) {
            guard let pattern = patterns[place], let places = byPattern[pattern], places.count > 1,
                let parts = Scaffold.parts(of: item.group.name, item.guess.workspace ?? ""),
                let base = Scaffold.parent(item.group.dn)
            else {
                rules.append(item)
                continue
            }
            taken.formUnion(places)
            families.append(
                Family(
                    pattern: parts.prefix + "{workspace}" + parts.suffix, base: base, role: item.guess.role,
                    groups: places.map { (found[$0].group, found[$0].guess.workspace ?? "") }))
        }
    }

    /// What groups of one family have in common; nil for a group that is in none.
    private static func pattern(_ group: Group, _ guess: Guess) -> String? {
        guard let workspace = guess.workspace, guess.template == nil, group.reference == group.name,
            let parts = parts(of: group.name, workspace),
            parts.prefix.utf8.count + parts.suffix.utf8.count >= 3, let base = parent(group.dn)
        else { return nil }
        return
            "\(parts.prefix.lowercased())\u{0}\(parts.suffix.lowercased())\u{0}\(base.lowercased())\u{0}\(guess.role)"
    }

    /// What stands around the workspace in a name.
    private static func parts(of name: String, _ workspace: String) -> (prefix: String, suffix: String)? {
        let (text, word) = (Array(name.utf8), Array(workspace.utf8))
        guard !word.isEmpty, text.count > word.count else { return nil }
        for start in 0...(text.count - word.count) {
            let middle = text[start..<(start + word.count)]
            guard CapturedName.slug(TextFold.fold(String(decoding: middle, as: UTF8.self))) == workspace else {
                continue
            }
            return (
                String(decoding: text[..<start], as: UTF8.self),
                String(decoding: text[(start + word.count)...], as: UTF8.self)
            )
        }
        return nil
    }

    private static func parent(_ dn: String) -> String? {
        guard let parent = (try? DistinguishedName(dn))?.parent, !parent.isRoot else { return nil }
        return parent.text
    }

    /// The groups of a mirror by name, those that no file can name left out.
    private static func groups(of mirror: Mirror) -> [Group] {
        let people = MembershipGraph(mirror).effectivePeople(of: mirror.groups.indices.map { GroupIndex($0) })
        var counts: [String: Int] = [:]
        let names = mirror.groups.map { GroupCatalog.writable(String(decoding: $0.name, as: UTF8.self)) }
        for name in names { counts[String(decoding: TextFold.fold(name), as: UTF8.self), default: 0] += 1 }
        return mirror.groups.indices.compactMap { place -> Group? in
            let row = mirror.groups[place]
            let dn = String(decoding: row.dn, as: UTF8.self)
            let isAlone = counts[String(decoding: TextFold.fold(names[place]), as: UTF8.self)] == 1
            let isWritable = { (text: String) in !text.isEmpty && SafeText.escaped(text) == text }
            let isPlain = isWritable(names[place]) && !names[place].utf8.contains { "{}=*:".utf8.contains($0) }
            let reference = isAlone && isPlain ? names[place] : dn
            guard isWritable(reference), isAlone && isPlain || (try? DistinguishedName(dn)) != nil,
                !reference.utf8.contains(where: { "{}".utf8.contains($0) })
            else { return nil }
            return Group(name: names[place], dn: dn, reference: reference, people: people[place].count)
        }.sorted { left, right in
            left.name == right.name ? precedes(left.dn, right.dn) : precedes(left.name, right.name)
        }
    }
}
