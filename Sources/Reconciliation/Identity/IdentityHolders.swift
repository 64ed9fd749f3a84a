import AccessModel
import DirectoryModel

/// As what the rosters of all targets know the people of a mirror.
struct IdentityHolders {
    enum Standing: UInt8, Comparable {
        case nobody
        /// A user once, who was removed.
        case removed
        /// In line for a seat, or protected.
        case known
        case user

        static func < (left: Standing, right: Standing) -> Bool { left.rawValue < right.rawValue }
    }
    private var standings: [Standing]
    /// Managed users who are not in the mirror and were not removed, each once, sorted.
    private(set) var absent: [PersonKey] = []

    init(_ rosters: [TargetRoster], _ mirror: Mirror) {
        standings = [Standing](repeating: .nobody, count: mirror.people.count)
        var absent: Set<PersonKey> = []
        for roster in rosters {
            let join = RosterJoin(mirror: mirror, roster: roster)
            for (user, row) in roster.users.enumerated() where row.managed {
                let person = join.personOfUser[user]
                if person != RosterJoin.none {
                    raise(person, to: row.status == .removed ? .removed : .user)
                } else if row.status != .removed {
                    absent.insert(roster.key(of: user))
                }
            }
            for key in roster.waiting.map(\.person) + roster.protected {
                if let person = mirror.person(key) { raise(person, to: .known) }
            }
        }
        self.absent = absent.sorted()
    }

    subscript(_ person: PersonIndex) -> Standing { standings[Int(person)] }

    private mutating func raise(_ person: PersonIndex, to standing: Standing) {
        standings[Int(person)] = max(standings[Int(person)], standing)
    }
}
