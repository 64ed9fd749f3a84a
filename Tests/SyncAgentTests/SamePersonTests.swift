import AccessModel
import Diagnostics
import DirectoryModel
import Foundation
import Reconciliation
import Reports
import SQLiteRoster
import TestSupport
import Testing

@testable import SyncAgent

/// One human with an identity in each of two directories.
struct SamePersonTests {
    private static let rule = "same_person: {by: employeeNumber, prefer: [corp, contractors]}"

    /// Twenty employees and ten contractors; externals have a switch besides.
    private func company(_ numbers: [String: String]) throws -> SmallCompany {
        let company = try SmallCompany.withContractors()
        try company.directory.write(
            "mapping.yaml",
            """
            version: 1
            platform: tenant
            rules:
              - name: Staff
                when: {group: staff}
                give: {role: user}
              - name: Externals
                when: {group: externals}
                give: {role: user, switches: {crm_access: true}}
            """)
        company.numbers = numbers
        company.config = SamePersonTests.rule
        return company
    }

    /// Who is a user, with status and switches, in the order of emails.
    private func users(_ company: SmallCompany) throws -> [String: String] {
        try company.roster { roster in
            let target = try roster.load(targets: ["desk"]).targets[0]
            var found: [String: String] = [:]
            for row in target.users {
                let switches = target.accesses[Int(row.access)].switches.joined(separator: " ")
                let directory = target.directories[Int(row.directory)]
                found[target.texts[row.email]] = "\(row.user) \(directory) \(row.status.rawValue) \(switches)"
            }
            return found
        }
    }

    private func checkProof(_ company: SmallCompany) throws {
        #expect(try company.roster { try $0.verify().problems } == [])
    }

    @Test func twoIdentitiesAreOneUserWithTheGroupsOfBoth() throws {
        let company = try company(["p1": "E1", "c1": " e1 "])
        let result = try company.sync()
        #expect(result.status == .done)
        let users = try users(company)
        #expect(users.count == 29)
        #expect(users["c1@example.org"] == nil)
        #expect(users["p1@example.org"]?.hasSuffix(" corp invited crm_access") == true)
        #expect(users["p2@example.org"]?.hasSuffix(" corp invited ") == true)
        company.sleep()
        #expect(try company.sync().hasChanges == false)
        try checkProof(company)
    }

    @Test func aContractorWhoBecomesAnEmployeeStaysTheSameUser() throws {
        let company = try company(["c1": "E1"])
        try company.sync()
        let before = try #require(try users(company)["c1@example.org"])
        company.sleep()
        company.people.append("p21")
        company.numbers["p21"] = "E1"
        let night = try company.sync()
        #expect(night.plans[0].changes.map(\.kind) == [.changeID, .changeEmail, .changeName])
        #expect(night.plans[0].changes.first?.before == "contractors:\(SmallCompany.id("c1"))")
        #expect(night.plans[0].changes.first?.after == "corp:\(SmallCompany.id("p21"))")
        var after = try users(company)
        #expect(after.count == 30)
        #expect(after["p21@example.org"] == before.replacing("contractors", with: "corp"))
        try checkProof(company)
        company.sleep()
        #expect(try company.sync().hasChanges == false)
        company.contractors?.people.removeFirst()
        for _ in 1...3 {
            company.sleep()
            try company.sync()
        }
        after = try users(company)
        #expect(after["p21@example.org"]?.hasSuffix("corp invited ") == true)
        #expect(try company.emails(.suspended) == [])
        try checkProof(company)
        let history = try company.roster {
            try $0.history(
                of: PersonKey(directory: "corp", id: try #require(ImmutableID(text: SmallCompany.id("p21")))))
        }
        #expect(history.map(\.kind) == [.invite, .changeID, .changeEmail, .changeName, .switchOff])
    }

    @Test func theIdentityMovesOnTheNightOnWhichOneEntryEndsAndTheOtherBegins() throws {
        let company = try company(["c1": "E1"])
        try company.sync()
        company.sleep()
        company.contractors?.people.removeFirst()
        company.people.append("p21")
        company.numbers["p21"] = "E1"
        try company.sync()
        let users = try users(company)
        #expect(users.count == 30)
        #expect(users["p21@example.org"]?.hasSuffix("corp invited ") == true)
        for _ in 1...3 {
            company.sleep()
            #expect(try company.sync().hasChanges == false)
        }
        try checkProof(company)
    }

    /// The other way: who leaves the preferred directory goes on as a contractor.
    @Test func anEmployeeWhoBecomesAContractorStaysTheSameUser() throws {
        let company = try company(["p20": "E1", "c1": "E1"])
        try company.sync()
        company.sleep()
        company.people.removeLast()
        try company.sync()
        let users = try users(company)
        #expect(users.count == 29)
        #expect(users["c1@example.org"]?.hasSuffix("contractors invited crm_access") == true)
        for _ in 1...3 {
            company.sleep()
            try company.sync()
        }
        #expect(try company.emails(.suspended) == [])
        try checkProof(company)
    }

    @Test func disabledElsewhereTakesOnlyWhatComesFromThere() throws {
        let company = try company(["p1": "E1", "c1": "E1"])
        try company.sync()
        company.sleep()
        company.contractors?.disabled = ["c1"]
        try company.sync()
        #expect(try users(company)["p1@example.org"]?.hasSuffix("corp invited ") == true)
        #expect(try company.emails(.suspended) == [])
    }

    @Test func disabledInThePreferredDirectorySuspends() throws {
        let company = try company(["p1": "E1", "c1": "E1"])
        try company.sync()
        company.sleep()
        company.disabled = ["p1"]
        try company.sync()
        #expect(try company.emails(.suspended) == ["p1@example.org"])
        company.sleep()
        #expect(try company.sync().hasChanges == false)
        #expect(try users(company).count == 29)
    }

    /// Accounts are often made before the first day, and disabled until then.
    @Test func aDisabledEntryTakesNobodyOver() throws {
        let company = try company(["c1": "E1"])
        try company.sync()
        company.sleep()
        company.people.append("p21")
        company.disabled = ["p21"]
        company.numbers["p21"] = "E1"
        #expect(try company.sync().hasChanges == false)
        company.sleep()
        company.disabled = []
        try company.sync()
        #expect(try users(company)["p21@example.org"]?.hasSuffix("corp invited crm_access") == true)
    }

    @Test func whatIsNotClearIsToldAndLeftApart() throws {
        let company = try company(["p1": "E1", "p2": "E1", "c1": "E1", "c2": "E2", "c3": "E2", "p4": "E4", "c4": "E4"])
        let result = try company.sync()
        #expect(try users(company).count == 29)
        let found = result.plans[0].findings.filter { $0.code == "identity.ambiguous" }
        #expect(found.map(\.label).sorted() == ["c2@example.org", "c1@example.org"].sorted())
        let message = found.first { $0.label == "c1@example.org" }?.message
        #expect(
            message
                == "`c1@example.org (contractors)`, `p1@example.org (corp)`, `p2@example.org (corp)` have the same "
                + "`employeeNumber` within one directory")
        let none = result.plans[0].findings.filter { $0.code == "identity.no-value" }
        #expect(none.map(\.label) == ["directory contractors", "directory corp"])
        #expect(none[0].message.hasPrefix("6 of 10 people have no"))
    }

    @Test func twoUsersAreNeverMadeOne() throws {
        let company = try company(["p1": "E1", "c1": "E1"])
        company.config = ""
        try company.sync()
        #expect(try users(company).count == 30)
        company.sleep()
        company.config = SamePersonTests.rule
        let result = try company.sync()
        #expect(!result.hasChanges)
        #expect(result.plans[0].codes.contains("identity.two-users"))
    }

    @Test func theOrderOfDirectoriesInTheFileNeverShows() throws {
        for seed in Figures.caseSeeds.prefix(12) {
            var random = SeededNumbers(seed: seed)
            var numbers: [String: String] = [:]
            for name in (1...20).map({ "p\($0)" }) + (1...10).map({ "c\($0)" })
            where Int.random(in: 0..<2, using: &random) == 0 {
                numbers[name] = "E\(Int.random(in: 1...12, using: &random))"
            }
            let companies = [try company(numbers), try company(numbers)]
            companies[1].isReversed = true
            for night in 1...3 {
                let hour = Int.random(in: 0..<3, using: &random)
                let changed = "p\(Int.random(in: 1...20, using: &random))"
                for company in companies {
                    if night == 2 { company.numbers[changed] = "E\(hour)" }
                    if night == 3 { company.contractors?.people.removeLast(hour) }
                }
                let results = try companies.map { try $0.sync() }
                let plans = results.map {
                    PlanJSON.bytes(PlanReport(stage: .planned, run: nil, time: 0, version: "", plans: $0.plans))
                }
                #expect(plans[0] == plans[1], "seed \(seed), night \(night)")
                #expect(results[0].mirror.arena == results[1].mirror.arena, "seed \(seed), night \(night)")
                for company in companies { company.sleep() }
            }
            try checkProof(companies[0])
        }
    }

    private let down = PullFailure(
        kind: .unreachable, directory: "contractors", message: "no server answered", hint: "look at it")

    @Test func whatAFrozenDirectoryGaveToAPersonOfAnotherStays() throws {
        let company = try company(["p1": "E1", "c1": "E1"])
        try company.sync()
        company.sleep()
        company.failures["contractors"] = down
        let result = try company.sync()
        #expect(result.status == .partlyRead && !result.hasChanges)
        company.sleep()
        company.members = (2...20).map { "p\($0)" }
        company.disabled = ["p2"]
        try company.sync()
        #expect(try users(company)["p1@example.org"]?.hasSuffix("corp invited crm_access") == true)
        #expect(try company.emails(.suspended) == ["p2@example.org"])
    }

    @Test func nobodyMovesWhileADirectoryIsFrozen() throws {
        let company = try company(["c1": "E1"])
        try company.sync()
        company.sleep()
        company.people.append("p21")
        company.numbers["p21"] = "E1"
        company.failures["contractors"] = down
        #expect(try company.sync().hasChanges == false)
        company.sleep()
        company.failures = [:]
        try company.sync()
        #expect(try users(company).count == 30)
        #expect(try users(company)["p21@example.org"]?.hasSuffix("corp invited crm_access") == true)
        company.sleep()
        company.failures["corp"] = down
        company.contractors?.disabled = ["c1"]
        #expect(try company.sync().hasChanges == false)
    }

    @Test func whoWaitsForASeatKeepsThePlaceUnderTheOtherIdentity() throws {
        let company = try company(["c10": "E1"])
        company.topology = "{seats: 29}"
        try company.sync()
        let before = try company.roster { try $0.load(targets: ["desk"]).targets[0].waiting }
        #expect(before.map(\.person.directory) == ["corp"])
        // Nobody of the contractors waits: take the one of corp, whose number a contractor gets.
        let waiting = try #require(before.first)
        let name = try #require(
            (1...20).map { "p\($0)" }.first { ImmutableID(text: SmallCompany.id($0)) == waiting.person.id })
        company.sleep()
        company.numbers = [name: "E7", "c11": "E7"]
        company.contractors?.people.append("c11")
        company.people.removeAll { $0 == name }
        try company.sync()
        let after = try company.roster { try $0.load(targets: ["desk"]).targets[0].waiting }
        #expect(after.count == 1)
        try checkProof(company)
    }

    @Test func aHeldTargetKeepsTheOldIdentity() throws {
        let company = try company(["c1": "E1"])
        try company.sync()
        company.sleep()
        company.people.append("p21")
        company.numbers["p21"] = "E1"
        company.people.removeFirst(10)
        let held = try company.sync()
        #expect(held.status == .held)
        #expect(try users(company)["c1@example.org"]?.hasSuffix("contractors invited crm_access") == true)
        #expect(try users(company)["p21@example.org"] == nil)
    }

    @Test func aSavedPlanMovesTheIdentityToo() throws {
        let company = try company(["c1": "E1"])
        try company.sync()
        company.sleep()
        company.people.append("p21")
        company.numbers["p21"] = "E1"
        let planned = try company.plan()
        let path = company.directory.path("plan.json")
        try company.agent().save(
            planned, PlanReport(stage: .planned, run: nil, time: company.now, version: "1", plans: planned.plans),
            to: path)
        #expect(try company.agent().applyPlan(path) { _ in true }.status == .done)
        #expect(try users(company)["p21@example.org"]?.hasSuffix("corp invited crm_access") == true)
        try checkProof(company)
        company.sleep()
        #expect(try company.sync().hasChanges == false)
        try checkProof(company)
    }

    /// Who somebody is stays what the directories say; the rest of that night is taken back.
    @Test func anUndoLeavesTheIdentityAndKeepsTheRosterWhole() throws {
        let company = try company(["c1": "E1"])
        try company.sync()
        company.sleep()
        company.people.append("p21")
        company.numbers["p21"] = "E1"
        let night = try company.sync()
        company.sleep()
        _ = try company.agent().undo(UndoRequest(run: night.record.number)) { _ in true }
        #expect(try users(company)["c1@example.org"]?.hasSuffix("corp invited crm_access") == true)
        try checkProof(company)
    }

    @Test(arguments: [
        (
            "same_person: {by: title, prefer: [corp, contractors]}",
            "attribute `title` is not trusted in directory `corp`"
        ),
        ("same_person: {by: employeeNumber, prefer: [corp, agency]}", "there is no directory `agency`"),
        ("same_person: {by: employeeNumber, prefer: [corp, corp]}", "directory `corp` stands here twice"),
        ("same_person: {by: employeeNumber}", "prefer"),
    ])
    func aRuleThatCannotBeTrustedIsAFileError(text: String, message: String) throws {
        let company = try company([:])
        company.config = text
        let failure = #expect(throws: AgentFailure.self) { try company.sync() }
        #expect(failure?.status == .badConfiguration)
        #expect(failure?.diagnostics.sorted.contains { $0.message.contains(message) } == true)
    }
}
