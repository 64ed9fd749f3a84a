import Foundation
import TestSupport
import Testing

/// What `explain PERSON --if +GROUP` says would change is what `plan` says once somebody edits that group in the directory.
struct ExplainIfTests {
    @Test func theAnswerIsThePlanOfTheEditedDirectory() throws {
        let seeds = Figures.seeds(Figures.of(15, soak: 200))
        var tally: [String: Int] = [:]
        for seed in seeds {
            var random = SeededNumbers(seed: seed)
            let company = RandomCompany(using: &random)
            let desk = try Desk(company)
            for _ in 0..<3 {
                let person = Int.random(in: 0..<company.people, using: &random)
                let group = RandomCompany.groups.randomElement(using: &random) ?? ""
                // Mostly what makes a difference: out of a group that they are in, into one that they are not in.
                let isJoining = company.isIn(person, group) == random.once(in: 6)
                let sign = isJoining ? "+" : "-"
                let answer = try desk.answer(about: person, if: sign + group)
                var edited = company
                if isJoining { edited.join(person, group) } else { edited.leave(person, group) }
                let (now, then) = (try desk.plan(company), try desk.plan(edited))
                let words: Comment = "seed \(seed): p\(person) \(sign)\(group)"
                #expect(answer.then == then.changes.subtracting(now.changes), words)
                #expect(answer.now == now.changes.subtracting(then.changes), words)
                #expect(answer.poolsNow == now.pools && answer.poolsThen == then.pools, words)
                if !isJoining, company.isInThroughAnother(person, group) {
                    tally["out of a nested group", default: 0] += 1
                }
                tally[answer.sort(of: "p\(person)@small.example"), default: 0] += 1
            }
        }
        if seeds.count >= 15, Figures.hasAllSeeds {
            for sort in Answer.sorts { #expect((tally[sort] ?? 0) > 0, "no case of: \(sort)") }
        }
        Figures.note(
            "explain --if: \(tally.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))")
    }

    /// What is no change yet is told as well: that nothing gives somebody anything any more, and that a privilege waits for somebody's word.
    @Test func whatIsFoundAndWithheldIsThatOfTheEditedDirectory() throws {
        let seeds = Figures.seeds(Figures.of(5, soak: 100))
        var (found, withheld) = (0, 0)
        for seed in seeds {
            var random = SeededNumbers(seed: seed)
            let company = RandomCompany(using: &random)
            let desk = try Desk(company, waits: true)
            for _ in 0..<3 {
                let person = Int.random(in: 0..<company.people, using: &random)
                let group = RandomCompany.groups.randomElement(using: &random) ?? ""
                let isJoining = !company.isIn(person, group)
                let sign = isJoining ? "+" : "-"
                let answer = try desk.answer(about: person, if: sign + group)
                var edited = company
                if isJoining { edited.join(person, group) } else { edited.leave(person, group) }
                let (before, after) = (try desk.plan(company), try desk.plan(edited))
                let mark = "p\(person)@small.example "
                let (now, then) = (
                    before.notes.filter { $0.hasPrefix(mark) }, after.notes.filter { $0.hasPrefix(mark) }
                )
                let words: Comment = "seed \(seed): p\(person) \(sign)\(group)"
                #expect(answer.notesThen == then.subtracting(now), words)
                #expect(answer.notesNow == now.subtracting(then), words)
                found += then.symmetricDifference(now).count { $0.contains(" user.unmapped") }
                withheld += then.symmetricDifference(now).count { $0.contains(" would gain ") }
            }
        }
        if seeds.count >= 5, Figures.hasAllSeeds { #expect(found > 0 && withheld > 0) }
        Figures.note("explain --if: \(found) findings, \(withheld) withheld grants")
    }
}

/// A dozen people in groups that may hold one another.
private struct RandomCompany {
    static let groups = ["support", "managers", "sales", "desk", "absent-on-fridays"]

    let people = 12
    /// Places of people, by group.
    private var members: [String: Set<Int>] = [:]
    /// Groups in a group.
    private var nested: [String: Set<String>] = [:]

    init(using random: inout SeededNumbers) {
        for (place, group) in Self.groups.enumerated() {
            members[group] = Set((0..<people).filter { _ in Int.random(in: 0..<4, using: &random) == 0 })
            for other in Self.groups[..<place] where Int.random(in: 0..<3, using: &random) == 0 {
                nested[other, default: []].insert(group)
            }
        }
    }

    func isIn(_ person: Int, _ group: String) -> Bool {
        members[group]?.contains(person) == true || isInThroughAnother(person, group)
    }

    func isInThroughAnother(_ person: Int, _ group: String) -> Bool {
        (nested[group] ?? []).contains { isIn(person, $0) }
    }

    mutating func join(_ person: Int, _ group: String) { members[group, default: []].insert(person) }

    /// Out of the group, and out of every group that would leave the person in it.
    mutating func leave(_ person: Int, _ group: String) {
        members[group]?.remove(person)
        for other in nested[group] ?? [] { leave(person, other) }
    }

    var ldif: String {
        var entries = ["version: 1"]
        for unit in ["people", "groups"] {
            entries.append("dn: ou=\(unit),dc=small,dc=example\nobjectClass: organizationalUnit\nou: \(unit)")
        }
        for person in 0..<people {
            entries.append(
                "dn: uid=p\(person),ou=people,dc=small,dc=example\nobjectClass: inetOrgPerson\nuid: p\(person)\n"
                    + "cn: Person \(person)\nsn: p\nmail: p\(person)@small.example\nentryUUID: \(Self.id(1, person))")
        }
        for (place, group) in Self.groups.enumerated() {
            let lines =
                (members[group] ?? []).sorted().map { "\nmember: uid=p\($0),ou=people,dc=small,dc=example" }
                + (nested[group] ?? []).sorted().map { "\nmember: cn=\($0),ou=groups,dc=small,dc=example" }
            entries.append(
                "dn: cn=\(group),ou=groups,dc=small,dc=example\nobjectClass: groupOfNames\ncn: \(group)\n"
                    + "entryUUID: \(Self.id(2, place))" + lines.joined())
        }
        return entries.joined(separator: "\n\n") + "\n"
    }

    private static func id(_ kind: Int, _ place: Int) -> String {
        String(format: "5a11000%d-0000-4000-8000-%012d", kind, place + 1)
    }
}

/// What one answer, or one plan, says.
private struct Answer {
    var then: Set<String> = []
    var now: Set<String> = []
    var poolsNow: [String] = []
    var poolsThen: [String] = []
    /// What is found about the person and withheld from them, in one of the two plans only.
    var notesThen: Set<String> = []
    var notesNow: Set<String> = []

    /// What must have come up.
    static let sorts = ["nothing", "the person alone", "others as well", "out of a nested group"]

    func sort(of email: String) -> String {
        let all = then.union(now)
        return all.isEmpty ? "nothing" : all.allSatisfy { $0.contains(email) } ? "the person alone" : "others as well"
    }
}

/// A folder with the company, of which a run was made, and whose rules and seats were edited since.
private struct Desk {
    private let scenario: Scenario
    private let waits: Bool

    /// `waits`: whether it takes a day until somebody is suspended whom nothing gives anything, and a rule is privileged.
    init(_ company: RandomCompany, waits: Bool = false) throws {
        self.waits = waits
        scenario = try Scenario("explain-if")
        try scenario.edit("write", ["people.ldif", company.ldif])
        try scenario.edit("replace", ["rollcall.yaml", "support: {seats: 6}", "support: {seats: 3}"])
        try scenario.edit(
            "replace",
            ["rollcall.yaml", "{keep_at_least: {account-admin: 2}}", "{unmapped: {settle: \(waits ? 24 : 0)h}}"])
        #expect(try scenario.run(["sync", "--yes"]).status == 0)
        try scenario.edit("replace", ["rollcall.yaml", "support: {seats: 3}", "support: {seats: 4}"])
        try scenario.edit("write", ["mapping.yaml", Self.mapping + (waits ? Self.privileged : "")])
        if waits { #expect(try scenario.run(["lock"]).status == 0) }
    }

    private static let privileged = """
          - {name: Owners, when: {group: absent-on-fridays, nested: false}, give: {role: account-admin}, privileged: true}

        """

    private static let mapping = """
        version: 1
        platform: vivi
        rules:
          - {name: Desk, when: {group: support}, give: {workspace: support, role: chat-user}}
          - {name: Managers, when: {group: managers}, give: {workspace: support, role: agent-manager}, seat_priority: 5}
          - name: Sales who are not managers
            when: {all: [{group: sales, nested: false}, {not: {group: managers}}]}
            give: {workspace: support, role: agent-viewer}

        """

    func answer(about person: Int, if assumption: String) throws -> Answer {
        let document = try json(["explain", "p\(person)@small.example", "--if", assumption, "--format", "json"])
        let target = try #require((document["targets"] as? [[String: Any]])?.first)
        let whatIf = try #require(target["what_if"] as? [String: Any])
        var answer = Answer()
        for move in try #require(whatIf["moves"] as? [[String: Any]]) {
            if move["in"] as? String == "then" {
                answer.then.insert(Self.text(move, email: move["email"]))
            } else {
                answer.now.insert(Self.text(move, email: move["email"]))
            }
        }
        for pool in try #require(whatIf["pools"] as? [[String: Any]]) {
            answer.poolsNow.append(Self.text(pool["now"]))
            answer.poolsThen.append(Self.text(pool["then"]))
        }
        answer.notesThen = try Self.notes(whatIf, "findings_gained", "grants_withheld")
        answer.notesNow = try Self.notes(whatIf, "findings_lost", "grants_released")
        return answer
    }

    /// Findings about single people and withheld grants, each with the email first.
    private static func notes(_ document: [String: Any], _ findings: String, _ holds: String) throws -> Set<String> {
        let found = try #require(document[findings] as? [[String: Any]])
        let held = try #require(document[holds] as? [[String: Any]])
        return Set(
            found.map {
                "\($0["label"] as? String ?? "") \($0["code"] as? String ?? ""): \($0["message"] as? String ?? "")"
            }
                + held.filter { $0["extent"] as? String == "grant" }.compactMap { $0["message"] as? String })
    }

    func plan(_ company: RandomCompany) throws -> (changes: Set<String>, pools: [String], notes: Set<String>) {
        try Data(company.ldif.utf8).write(to: URL(fileURLWithPath: scenario.path).appendingPathComponent("people.ldif"))
        let document = try json(["plan", "--format", "json"])
        let target = try #require((document["targets"] as? [[String: Any]])?.first)
        #expect(target["held"] as? Bool == false)
        let changes = try #require(target["changes"] as? [[String: Any]])
        let pools = try #require(target["seats"] as? [[String: Any]])
        let texts = changes.map { Self.text($0, email: ($0["person"] as? [String: Any])?["email"]) }
        return (Set(texts), pools.map { Self.text($0) }, try Self.notes(target, "findings", "holds"))
    }

    private func json(_ arguments: [String]) throws -> [String: Any] {
        let ended = try scenario.run(arguments)
        // A plan that withholds a grant ends with 3.
        #expect(ended.status == 0 || waits && ended.status == 3, "\(ended.output)")
        return try #require(try JSONSerialization.jsonObject(with: Data(ended.output.utf8)) as? [String: Any])
    }

    /// What a change does, without why: the reason is the rule's, and stays when somebody else moves up.
    private static func text(_ change: [String: Any], email: Any?) -> String {
        let fields = [change["kind"], email, change["scope"], change["before"], change["after"], change["access"]]
        return fields.map { $0 as? String ?? "–" }.joined(separator: " ")
    }

    private static func text(_ pool: Any?) -> String {
        let fields = pool as? [String: Any] ?? [:]
        return fields.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
}
