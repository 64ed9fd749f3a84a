/// A directory as dictionaries: people, groups that may hold groups, and what a read by id finds of those who are gone.
///
/// Everything under `Model` is the reference model: written from the documents and not from the engine, slow on
/// purpose, and importing nothing of the product.
struct ModelDirectory: Sendable {
    struct Person: Sendable, Equatable {
        var directory = "corp"
        var emails: [String]
        var isDisabled = false
        /// Some value of the entry could not be read.
        var isUnreadable = false
    }

    struct Group: Sendable, Equatable {
        enum Standing: String, Sendable { case there, vanished, madeAgain }

        var directory = "corp"
        var people: Set<String> = []
        var groups: Set<String> = []
        var standing = Standing.there
    }

    /// What the read by id says of somebody who was not in a complete pull.
    enum Absence: String, Sendable { case gone, outOfScope, outOfScopeAndDisabled, unknown }

    var people: [String: Person] = [:]
    /// By name.
    var groups: [String: Group] = [:]
    /// People who left, with the directory they were in.
    var gone: [String: (directory: String, absence: Absence)] = [:]
    /// Directories that could not be read tonight.
    var unread: Set<String> = []

    /// What is known of somebody who is not there; nil when nobody could be asked.
    func absence(of person: String) -> Absence? {
        guard people[person] == nil, let entry = gone[person], !unread.contains(entry.directory) else { return nil }
        return entry.absence
    }

    /// Whether the directory of somebody was not read.
    func isUnread(_ person: String) -> Bool {
        unread.contains(people[person]?.directory ?? gone[person]?.directory ?? "")
    }

    func isThere(_ person: String) -> Bool { people[person].map { !unread.contains($0.directory) } ?? false }

    /// Whether the group of this name was read.
    func wasRead(group name: String) -> Bool {
        guard let group = groups[name] else { return false }
        return group.standing != .vanished && !unread.contains(group.directory)
    }

    /// People of a group, those of inner groups too if asked; loops do no harm.
    func members(of name: String, nested: Bool) -> Set<String> {
        var names = [name]
        var seen: Set<String> = [name]
        var found: Set<String> = []
        while let next = names.popLast() {
            guard wasRead(group: next), let group = groups[next] else { continue }
            found.formUnion(group.people.filter(isThere))
            guard nested else { continue }
            for inner in group.groups where seen.insert(inner).inserted { names.append(inner) }
        }
        return found
    }

    func countOfPeople(in directory: String) -> Int {
        people.keys.count { isThere($0) && people[$0]?.directory == directory }
    }

    func countOfGroups(in directory: String) -> Int {
        groups.keys.count { wasRead(group: $0) && groups[$0]?.directory == directory }
    }

    /// Directories that were read.
    var read: [String] { ["corp", "labs"].filter { !unread.contains($0) } }
}
