import AccessModel
import DirectoryModel
import MappingLanguage
import Reconciliation
import TestSupport
import Testing

/// Who is taken for one human, and who is not, in random directories and rosters.
struct IdentityLinkTests {
    private static let rule = SamePerson(by: "employeeNumber", prefer: ["corp", "agency"])

    private struct Entry {
        var directory: Int
        var number: Int
        var values: [String]
        var state = PersonState.enabled
    }

    private func mirror(_ entries: [Entry]) -> Mirror {
        var mirror = Mirror(directories: ["agency", "corp", "labs"], attributes: ["employeenumber"])
        for entry in entries.sorted(by: { ($0.directory, $0.number) < ($1.directory, $1.number) }) {
            var writer = PersonRecordWriter()
            writer.append(PersonField.login.tag, "e\(entry.number)".utf8)
            for value in entry.values.sorted() { writer.append(PersonField.attribute(0).tag, value.utf8) }
            mirror.people.append(
                PersonRow(
                    id: World.id("\(entry.directory)-\(1_000 + entry.number)"), start: UInt32(mirror.arena.count),
                    length: UInt32(writer.bytes.count), contentHash: 0, lastSignIn: .min,
                    directory: UInt8(entry.directory), state: entry.state, problems: []))
            mirror.arena += writer.bytes
        }
        return mirror
    }

    private func roster(of people: [Int], _ mirror: Mirror) -> TargetRoster {
        var roster = TargetRoster(target: "acme")
        roster.directories = mirror.directories
        for person in people.sorted() {
            let row = mirror.people[person]
            roster.users.append(
                UserRow(
                    user: Int64(person + 1), id: row.id, email: .empty, name: .empty, lastSignIn: .min, since: 0,
                    access: 0,
                    groupSet: 0, reason: 0, version: 1, directory: row.directory, status: .active, managed: true))
        }
        return roster
    }

    @Test func whateverIsThereNobodyIsTakenForSomebodyElse() {
        var (links, moves, findings) = (0, 0, 0)
        for seed in Figures.caseSeeds {
            var random = SeededNumbers(seed: seed)
            var entries: [Entry] = []
            for number in 0..<Int.random(in: 2...14, using: &random) {
                let count = [0, 1, 1, 1, 1, 2].randomElement(using: &random) ?? 1
                let values = (0..<count).map { _ in
                    ["E", "e", " e"].randomElement(using: &random).map {
                        "\($0)\(Int.random(in: 1...6, using: &random))"
                    } ?? ""
                }
                entries.append(
                    Entry(
                        directory: Int.random(in: 0..<3, using: &random), number: number, values: values,
                        state: random.once(in: 5) ? .disabledByFlag : .enabled))
            }
            let mirror = mirror(entries)
            let users = mirror.people.indices.filter { _ in random.once(in: 3) }
            let roster = roster(of: users, mirror)
            let unread: Set<String> = random.once(in: 4) ? ["agency"] : []
            let found = IdentityLinks(
                IdentityLinks.Scene(
                    rule: IdentityLinkTests.rule, mirror: mirror, unread: unread, rosters: [roster],
                    mayMove: random.once(in: 2)))
            links += found.standsFor.count
            moves += found.moves.count
            findings += found.findings.count
            for (identity, person) in found.standsFor {
                #expect(
                    !users.contains(Int(identity)) || found.moves.contains { $0.to.id == mirror.people[Int(person)].id }
                )
                guard person != IdentityLinks.nobody else { continue }
                let pair = [mirror.people[Int(identity)], mirror.people[Int(person)]]
                #expect(found.standsFor[person] == nil, "seed \(seed): a chain of identities")
                #expect(Set(pair.map(\.directory)) == [0, 1], "seed \(seed): labs takes no part")
                let values = pair.map { value(of: $0, mirror) }
                #expect(values[0] == values[1] && values[0] != nil, "seed \(seed)")
                let same = mirror.people.filter { $0.directory < 2 && value(of: $0, mirror) == values[0] }
                #expect(same.count == 2, "seed \(seed): the value is not theirs alone")
            }
            for move in found.moves {
                #expect(
                    unread.isEmpty && move.from.directory == "agency" && move.to.directory == "corp", "seed \(seed)")
                let target = mirror.people.firstIndex { $0.id == move.to.id }
                #expect(target.map { mirror.people[$0].state } == .enabled, "seed \(seed)")
                #expect(target.map(users.contains) == false, "seed \(seed)")
            }
            let united = mirror.united(found.standsFor)
            #expect(united.people.map(\.id) == mirror.people.map(\.id), "seed \(seed): rows stay where they are")
        }
        if Figures.hasAllSeeds {
            #expect(links > Figures.cases / 10 && moves > Figures.cases / 100 && findings > Figures.cases / 2)
        }
    }

    /// The single value, folded; nil for none or several.
    private func value(of row: PersonRow, _ mirror: Mirror) -> String? {
        let record = PersonRecord(bytes: mirror.arena[Int(row.start)..<Int(row.start + row.length)])
        let values = Set(
            record.values(.attribute(0)).map {
                String(decoding: $0, as: UTF8.self).lowercased().trimmingPrefix(" ")
            })
        return values.count == 1 ? values.first.map(String.init) : nil
    }

    @Test func threePeopleWithOneValueAreLeftApart() {
        let mirror = mirror([
            Entry(directory: 0, number: 1, values: ["E1"]), Entry(directory: 1, number: 2, values: ["E1"]),
            Entry(directory: 2, number: 3, values: ["E1"]),
        ])
        let all = SamePerson(by: "employeeNumber", prefer: ["corp", "agency", "labs"])
        let links = IdentityLinks(IdentityLinks.Scene(rule: all, mirror: mirror, rosters: []))
        #expect(links.standsFor.isEmpty && links.findings.map(\.code) == ["identity.ambiguous"])
        let two = IdentityLinks(IdentityLinks.Scene(rule: IdentityLinkTests.rule, mirror: mirror, rosters: []))
        #expect(two.standsFor == [0: 1])
    }

    /// The attribute was not asked for when the frozen directory was last read: a newcomer may be one of its users.
    @Test func newcomersWaitWhileNobodyCanTell() {
        let mirror = mirror([
            Entry(directory: 0, number: 1, values: []), Entry(directory: 1, number: 2, values: ["E1"]),
            Entry(directory: 1, number: 3, values: []),
        ])
        let roster = roster(of: [0], mirror)
        let links = IdentityLinks(
            IdentityLinks.Scene(rule: IdentityLinkTests.rule, mirror: mirror, unread: ["agency"], rosters: [roster]))
        #expect(links.standsFor == [1: IdentityLinks.nobody])
    }
}
