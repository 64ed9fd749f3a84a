import DirectoryModel

/// Who of the roster is who in the mirror: by directory name and immutable id, one walk over both.
struct RosterJoin {
    /// No counterpart.
    static let none = UInt32.max

    /// For each user the place in the mirror.
    private(set) var personOfUser: [UInt32]
    /// For each person the place in the roster, of removed users too.
    private(set) var userOfPerson: [UInt32]
    /// For each directory of the roster, whether the mirror holds it.
    private(set) var wasRead: [Bool]
    /// Runs of managed users, and of people, of one directory each.
    private let users: [(UInt8, Range<Int>)]
    private let people: [(UInt8, Range<Int>)]

    init(mirror: Mirror, roster: TargetRoster) {
        personOfUser = [UInt32](repeating: RosterJoin.none, count: roster.users.count)
        userOfPerson = [UInt32](repeating: RosterJoin.none, count: mirror.people.count)
        wasRead = roster.directories.map { mirror.directories.contains($0) }
        var end = roster.users.count
        while end > 0, !roster.users[end - 1].managed { end -= 1 }
        people = RosterJoin.ranges(mirror.people, count: mirror.people.count) { $0.directory }
        users = RosterJoin.ranges(roster.users, count: end) { $0.directory }
        for (directory, range) in users {
            guard Int(directory) < roster.directories.count else { continue }
            let name = roster.directories[Int(directory)]
            guard let place = mirror.directories.firstIndex(of: name) else { continue }
            for (other, span) in people where Int(other) == place {
                join(mirror, span, roster, range)
            }
        }
    }

    /// Where the users and the people of a directory stand.
    func spans(
        of directory: String, mirror: Mirror, roster: TargetRoster
    ) -> (users: [Range<Int>], people: [Range<Int>]) {
        let place = mirror.directories.firstIndex(of: directory)
        return (
            users.filter { Int($0.0) < roster.directories.count && roster.directories[Int($0.0)] == directory }.map(
                \.1),
            people.filter { Int($0.0) == place }.map(\.1)
        )
    }

    /// Runs of rows of one directory.
    private static func ranges<Row>(
        _ rows: [Row], count: Int, _ directory: (Row) -> UInt8
    ) -> [(UInt8, Range<Int>)] {
        var found: [(UInt8, Range<Int>)] = []
        var start = 0
        for index in 0..<count where index + 1 == count || directory(rows[index + 1]) != directory(rows[index]) {
            found.append((directory(rows[index]), start..<(index + 1)))
            start = index + 1
        }
        return found
    }

    private mutating func join(_ mirror: Mirror, _ people: Range<Int>, _ roster: TargetRoster, _ users: Range<Int>) {
        var person = people.lowerBound
        var user = users.lowerBound
        while person < people.upperBound, user < users.upperBound {
            let (here, there) = (mirror.people[person].id, roster.users[user].id)
            if here == there {
                personOfUser[user] = UInt32(truncatingIfNeeded: person)
                userOfPerson[person] = UInt32(truncatingIfNeeded: user)
                person += 1
                user += 1
            } else if here < there {
                person += 1
            } else {
                user += 1
            }
        }
    }
}

extension TargetRoster {
    func key(of user: Int) -> PersonKey {
        let row = users[user]
        let place = Int(row.directory)
        return PersonKey(directory: place < directories.count ? directories[place] : "", id: row.id)
    }

    func email(of user: Int) -> String { texts[users[user].email] }
}

extension Mirror {
    func key(of person: Int) -> PersonKey {
        let row = people[person]
        let place = Int(row.directory)
        return PersonKey(directory: place < directories.count ? directories[place] : "", id: row.id)
    }

    /// How a human knows the person: email, login or DN.
    func label(of person: Int) -> String {
        let record = record(PersonIndex(person))
        return record.text(.email) ?? record.text(.login) ?? record.text(.dn) ?? people[person].id.description
    }
}
