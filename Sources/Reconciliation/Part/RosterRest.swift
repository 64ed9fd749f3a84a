package import AccessModel
import DirectoryModel
package import MappingLanguage

/// What there is beside the people that a decision about part of them looks at, as numbers: what guards, floors, seats and findings count.
package struct RosterRest: Sendable, Equatable {
    /// Users with one access in one status.
    package struct Users: Sendable, Equatable {
        /// Place in the roster's accesses.
        package var access: UInt32
        package var status: UserStatus
        package var count: Int
        /// How many of them are managed.
        package var managed: Int

        package init(access: UInt32, status: UserStatus, count: Int, managed: Int) {
            self.access = access
            self.status = status
            self.count = count
            self.managed = managed
        }
    }
    package var users: [Users]
    /// People and groups of the mirror, by directory name.
    package var people: [String: Int] = [:]
    package var groups: [String: Int] = [:]
    /// Effective people of each mapped group.
    package var members: [GroupKey: Int] = [:]

    package init(users: [Users]) { self.users = users }
}

extension ReconcileInput {
    /// How many people, and groups, a directory of the mirror has.
    func people(ofDirectory place: Int) -> Int {
        let here = mirror.people.reduce(0) { Int($1.directory) == place ? $0 + 1 : $0 }
        return here + (rest?.people[mirror.directories[place]] ?? 0)
    }

    func groups(ofDirectory place: Int) -> Int {
        let here = mirror.groups.reduce(0) { Int($1.directory) == place ? $0 + 1 : $0 }
        return here + (rest?.groups[mirror.directories[place]] ?? 0)
    }

    /// Effective people of a mapped group, by its place in the evaluation.
    func members(ofGroup place: Int) -> Int {
        let here = place < evaluation.effectivePeople.count ? evaluation.effectivePeople[place].count : 0
        guard let rest, place < evaluation.groups.count else { return here }
        return here + (rest.members[evaluation.groups[place].key] ?? 0)
    }
}
