import DirectoryModel

/// Notices an attribute that rules ask for, that many people had in the last applied run, and that nobody shows now.
///
/// A right to read that was taken looks like this; acted upon, it would change the access of everybody that a rule is about.
struct LostAttributes {
    let mirror: Mirror
    /// The mirror of the last applied run; asked for only when something is missing.
    let before: () throws -> Mirror

    /// Throws the first that at least half of the people had.
    func check(_ trusted: [String: [String]]) throws {
        for (place, directory) in mirror.directories.enumerated() {
            let names = mirror.attributes.filter { trusted[directory]?.contains($0) == true }
            let tags = names.compactMap { LostAttributes.tag(of: $0, in: mirror) }
            let missing = mirror.unseen(Set(tags), in: place).tags
            guard !missing.isEmpty else { continue }
            let last = try before()
            for (name, tag) in zip(names, tags) where missing.contains(tag) {
                try compare(name, of: directory, with: last)
            }
        }
    }

    private func compare(_ name: String, of directory: String, with last: Mirror) throws(PullFailure) {
        guard let place = last.directories.firstIndex(of: directory), let tag = LostAttributes.tag(of: name, in: last)
        else { return }
        var holders = 0
        var people = 0
        for row in last.people.indices where Int(last.people[row].directory) == place {
            people += 1
            var has = false
            last.record(PersonIndex(row)).forEachField { field, _ in has = has || field == tag }
            if has { holders += 1 }
        }
        guard holders > 0, holders * 2 >= people else { return }
        throw PullFailure(
            kind: .incomplete, directory: directory,
            message:
                "nobody shows the attribute `\(name)`, which \(holders) of \(people) people had in the last applied run",
            hint: "let the bind account read it; if it was given up, take it out of the rules")
    }

    private static func tag(of name: String, in mirror: Mirror) -> UInt8? {
        mirror.attributes.firstIndex(of: name).map { PersonField.attribute(UInt8(truncatingIfNeeded: $0)).tag }
    }
}
