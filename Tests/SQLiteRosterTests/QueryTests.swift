import AccessModel
import DirectoryModel
import Reconciliation
import SQLiteRoster
import Testing

/// Looking at a roster without a directory.
struct QueryTests {
    @Test func peopleAreFoundByWhatHumansType() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 18, nights: 6)
        defer { withExtendedLifetime(scratch) {} }
        let mirror = try roster.loadMirror()
        #expect(!mirror.people.isEmpty)
        for place in mirror.people.indices {
            let row = mirror.people[place]
            let person = PersonKey(directory: mirror.directories[Int(row.directory)], id: row.id)
            let record = mirror.record(PersonIndex(place))
            var typed = [row.id.description]
            for field in [PersonField.dn, .login, .email, .alias] {
                for value in record.values(field) {
                    let text = String(decoding: value, as: UTF8.self)
                    typed += [text, text.uppercased(), " " + text.replacing(",", with: ", ")]
                }
            }
            for text in typed {
                let found = try roster.find(text)
                #expect(
                    found.contains { $0.person == person && $0.inMirror && $0.record == Array(record.bytes) }, "\(text)"
                )
            }
        }
        #expect(try roster.find("nobody@example.org").isEmpty)
        #expect(try roster.find("").isEmpty)
    }

    @Test func countsOfDirectoriesAreThoseOfTheMirror() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 18, nights: 6)
        defer { withExtendedLifetime(scratch) {} }
        let mirror = try roster.loadMirror()
        let counts = try roster.readCounts()
        #expect(counts.count == mirror.directories.count)
        for (place, name) in mirror.directories.enumerated() {
            let people = mirror.people.count { Int($0.directory) == place }
            let groups = mirror.groups.count { Int($0.directory) == place }
            #expect(counts[name] == ReadCounts(people: people, groups: groups), "\(name)")
        }
    }

    @Test func usersAreFoundByEmailEvenWhenGoneFromTheMirror() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 19, nights: 6)
        defer { withExtendedLifetime(scratch) {} }
        let loaded = try roster.load(targets: [])
        let run = RunToApply(
            record: RandomRun.emptyRecord(loaded.lastRun + 1, outcome: .applied), generation: loaded.generation,
            mirror: Mirror(directories: ["corp"], attributes: []), stamps: [:], pins: [], plans: [])
        try roster.apply(run)
        #expect(try roster.loadMirror().people.isEmpty)
        let users = try roster.users(UserQuery())
        #expect(!users.isEmpty)
        for user in users {
            let found = try roster.find(user.email.uppercased())
            #expect(found.contains { $0.person == user.person && !$0.inMirror && $0.record.isEmpty })
            #expect(try roster.users(of: user.person).contains(user))
        }
    }

    @Test func filtersNarrow() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 20, nights: 8)
        defer { withExtendedLifetime(scratch) {} }
        let all = try roster.users(UserQuery(statuses: Set(UserStatus.allCases)))
        func expect(_ query: UserQuery, _ keep: (RosterUser) -> Bool) throws {
            let found = try roster.users(query)
            let wanted = all.filter(keep)
            #expect(found.map(\.user).sorted() == wanted.map(\.user).sorted())
            #expect(!found.isEmpty)
        }
        try expect(UserQuery()) { $0.status != .removed }
        try expect(UserQuery(target: "desk")) { $0.status != .removed && $0.target == "desk" }
        try expect(UserQuery(statuses: [.suspended])) { $0.status == .suspended }
        try expect(UserQuery(statuses: [.removed])) { $0.status == .removed }
        try expect(UserQuery(role: "editor")) { user in
            user.status != .removed && user.access.grants.contains { $0.role == "editor" }
        }
        try expect(UserQuery(text: "ERSON 1")) { $0.status != .removed && $0.name.hasPrefix("Person 1") }
        let first = try roster.users(UserQuery(target: "desk", limit: 3))
        #expect(first == Array(try roster.users(UserQuery(target: "desk")).prefix(3)))
    }

    @Test func directGroupsAreTheMirrorsTurnedRound() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 61, nights: 7)
        defer { withExtendedLifetime(scratch) {} }
        let mirror = try roster.loadMirror()
        var pairs = 0
        for place in mirror.people.indices {
            let row = mirror.people[place]
            let person = PersonKey(directory: mirror.directories[Int(row.directory)], id: row.id)
            let wanted = mirror.groups.indices.filter {
                mirror.directPeople(of: GroupIndex($0)).contains(PersonIndex(place))
            }
            let found = try roster.directGroups(of: person)
            #expect(Set(found.map(\.id)) == Set(wanted.map { mirror.groups[$0].id }))
            pairs += found.count
        }
        #expect(pairs == mirror.memberPeople.count)
    }

    @Test func seatsWaitingGroupsAndFindingsComeBack() throws {
        let scratch = try ScratchRoster()
        let roster = try scratch.open()
        var dice = Dice(seed: 62)
        for _ in 0..<8 {
            let run = RandomRun.make(after: try roster.load(targets: RandomRun.targets), &dice)
            try roster.apply(run)
            for plan in run.plans {
                #expect(try roster.seats(target: plan.target).map(\.row) == plan.ledger)
                let loaded = try roster.load(targets: [plan.target]).targets[0]
                #expect(loaded.ledger == plan.ledger)
                #expect(try roster.findings(target: plan.target) == plan.findings)
                #expect(try roster.waiting(target: plan.target).map(\.place) == plan.waiting)
                if let baseline = plan.baseline {
                    #expect(try roster.mappedGroups(target: plan.target) == baseline.mappedGroups)
                }
            }
        }
        #expect(try roster.targets() == ["desk", "tenant"])
    }
}
