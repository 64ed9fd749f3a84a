import Foundation
import Glibc
import Reconciliation
import Reports
import Testing

@testable import SyncAgent

/// A roster without its witness is not taken on trust, and neither is one that reports of later runs contradict.
struct LostWitnessTests {
    private func company(runs: Int) throws -> SmallCompany {
        let company = try SmallCompany()
        for run in 0..<runs {
            if run > 0 { company.sleep() }
            try company.sync()
        }
        return company
    }

    private func loseWitness(_ company: SmallCompany) {
        #expect(unlink(company.directory.path("state/witness")) == 0)
    }

    private func text(_ company: SmallCompany, _ path: String) throws -> String {
        try String(contentsOfFile: company.directory.path(path), encoding: .utf8)
    }

    /// What every command says that writes or plans.
    private func refusals(_ company: SmallCompany) -> [AgentFailure?] {
        let commands: [() throws -> Void] = [
            { try company.sync() }, { _ = try company.plan() },
            { _ = try company.agent().suspend(ActRequest(person: "p3@example.org", reason: "ticket")) },
            { _ = try company.agent().backUp(to: company.directory.path("copy.sqlite")) },
            { _ = try company.agent().planUndo(UndoRequest(run: 1)) },
        ]
        return commands.map { command in #expect(throws: AgentFailure.self) { try command() } }
    }

    @Test func aFirstRunThatWasKilledHealsByItself() throws {
        let company = try company(runs: 1)
        loseWitness(company)
        #expect(try company.plan().status == .done)
        _ = try company.agent().suspend(ActRequest(person: "p3@example.org", reason: "ticket"))
        #expect(try text(company, "state/witness").hasPrefix("rollcall.witness/1 2 "))
    }

    @Test func aWitnessThatIsGoneIsRefusedUntilAHumanSaidWhy() throws {
        let company = try company(runs: 2)
        loseWitness(company)
        for failure in refusals(company) {
            #expect(failure?.status == .damagedRoster)
            #expect(failure?.message.hasSuffix("is gone, though the roster has run 2") == true)
            #expect(failure?.hint.contains("`rollcall restore`") == true)
            #expect(failure?.hint.contains("`rollcall audit accept --reason …`") == true)
        }
        #expect(try company.agent().acceptRoster(reason: "somebody tidied up").number == 3)
        company.sleep()
        #expect(try company.sync().record.number == 4)
    }

    /// What refuses every run is the first thing that `status` says, and a monitor hears of it.
    @Test func whatRefusesEveryRunIsInTheStatus() throws {
        let company = try company(runs: 3)
        let witness = try text(company, "state/witness")
        let failing = { try company.agent().status(StatusRequest(seed: 1)).failing }
        #expect(try failing() == [])
        for (contents, words) in [
            (nil, "is gone, though the roster has run 3"), ("junk", "is not one that Rollcall wrote"),
            (witness.replacing("/1 3 ", with: "/1 4 "), "the roster went backwards: its last run is 3, but run 4"),
        ] as [(String?, String)] {
            if let contents { try company.directory.write("state/witness", contents) } else { loseWitness(company) }
            let sentence = try #require(try failing().first)
            #expect(sentence.hasPrefix("every run refuses to begin: ") && sentence.contains(words), "\(sentence)")
            let status = try company.agent().status(StatusRequest(seed: 1))
            #expect(status.attention.first == sentence && status.stale(36 * 3600) == [])
            let line = String(decoding: StatusText.line(status, maxAge: 36 * 3600), as: UTF8.self)
            #expect(line.hasPrefix("failing: every run refuses"), "\(line)")
            #expect(throws: AgentFailure.self) { try company.sync() }
        }
        try company.directory.write("state/witness", witness)
        #expect(try failing() == [])
        let now = company.now
        company.now -= RunClock.slack
        #expect(try failing() == [])
        company.now -= 1
        #expect(try failing().first?.contains("but run 3 started at") == true)
        #expect(throws: AgentFailure.self) { try company.plan() }
        // Once somebody has said that the clock is right, earlier runs say nothing about it.
        _ = try company.agent().sync(RunRequest(acceptsClock: true)) { _ in true }
        #expect(try failing() == [] && company.now < now)
    }

    /// So is what a run looks at before that: who may write the files that it goes by, and what stands in them.
    @Test(arguments: [
        ("roster", "is open to others (mode 644)"), ("state", "others may write in the state directory"),
        ("mapping", " in the files: `rollcall check`"),
        ("target", "target `table` is new, and the roster has"),
    ]) func whatRefusesARunAtItsBeginningIsInTheStatus(_ what: String, _ words: String) throws {
        let company = try company(runs: 1)
        let failing = { try company.agent().status(StatusRequest(seed: 1, looksForDue: false)).failing }
        #expect(try failing() == [])
        switch what {
        case "roster": #expect(chmod(company.directory.path("state/roster.sqlite"), 0o644) == 0)
        case "state": #expect(chmod(company.directory.path("state"), 0o775) == 0)
        case "mapping": try company.directory.write("mapping.yaml", "version: 1\nplatfrom: tenant\n")
        default: company.targetName = "table"
        }
        let sentence = try #require(try failing().first)
        #expect(sentence.hasPrefix("every run refuses to begin: ") && sentence.contains(words), "\(sentence)")
        #expect(throws: AgentFailure.self) { try company.sync() }
    }

    @Test(arguments: [true, false]) func reportsOfLaterRunsAreEvidenceAndStay(isWitnessGone: Bool) throws {
        let company = try company(runs: 2)
        company.config = "reports: {formats: [text, json]}"
        let (roster, copy) = (company.directory.path("state/roster.sqlite"), company.directory.path("old.sqlite"))
        let witness = try text(company, "state/witness")
        try FileManager.default.copyItem(atPath: roster, toPath: copy)
        company.sleep()
        try company.sync()
        company.people.removeLast()
        company.sleep()
        try company.sync()
        let report = try text(company, "state/reports/run-4.txt")
        try FileManager.default.removeItem(atPath: roster)
        try FileManager.default.moveItem(atPath: copy, toPath: roster)
        if isWitnessGone { loseWitness(company) } else { try company.directory.write("state/witness", witness) }
        for failure in refusals(company) {
            #expect(failure?.status == .damagedRoster)
            #expect(failure?.message.contains("its last run is 2, but") == true)
            #expect(failure?.message.hasSuffix("has a report of run 4") == true)
        }
        // The number is one that no report has.
        #expect(try company.agent().acceptRoster(reason: "no other copy").number == 5)
        try company.sync()
        #expect(try text(company, "state/reports/run-4.txt") == report)
        #expect(try text(company, "state/reports/run-6.txt") == "run 6\n")
    }
}
