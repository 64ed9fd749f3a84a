import Reconciliation
import SQLiteRoster
import TestSupport
import Testing

/// What was done is remembered, and cannot be changed afterwards.
struct AuditTests {
    @Test(arguments: ["audit", "audit_people", "audit_runs", "runs", "run_targets"])
    func tablesOfTheAuditOnlyGrow(_ table: String) throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 11)
        let before = try roster.dump()
        let raw = try RawDatabase(scratch.path)
        #expect(try raw.rows("SELECT count(*) > 0 FROM \(table)") == [["1"]])
        #expect(throws: RawDatabase.Failure(message: "\(table) can only grow")) {
            try raw.execute("DELETE FROM \(table)")
        }
        let column = table == "audit" || table == "audit_people" ? "person" : "run"
        #expect(throws: RawDatabase.Failure(message: "\(table) can only grow")) {
            try raw.execute("UPDATE \(table) SET \(column) = \(column)")
        }
        #expect(try roster.dump() == before)
    }

    @Test func changesComeBackInTheOrderOfThePlan() throws {
        let scratch = try ScratchRoster()
        let roster = try scratch.open()
        var dice = Dice(seed: 12)
        for _ in 0..<6 {
            let run = RandomRun.make(after: try roster.load(targets: RandomRun.targets), &dice)
            try roster.apply(run)
            let entries = try roster.changes(ofRun: run.record.number)
            var expected: [String] = []
            for plan in run.plans {
                for change in plan.changes {
                    let subject = plan.subjects[Int(change.subject)]
                    let access = subject.row.map { plan.accesses[Int($0.access)] }
                    expected.append(
                        "\(plan.target) \(plan.directories[Int(subject.directory)]) \(subject.id) \(change.kind) "
                            + "\(change.evidence) \(change.scope) \(change.before ?? "-") \(change.after ?? "-") "
                            + "\(access.map { "\($0)" } ?? "-")")
                }
            }
            let found = entries.map { entry in
                "\(entry.target) \(entry.person.directory) \(entry.person.id) \(entry.kind) \(entry.evidence) "
                    + "\(entry.scope) \(entry.before ?? "-") \(entry.after ?? "-") \(entry.access.map { "\($0)" } ?? "-")"
            }
            #expect(found == expected)
            #expect(entries.allSatisfy { !$0.email.isEmpty && !$0.reason.isEmpty && $0.actor == "root" })
        }
    }

    @Test func historyIsEveryChangeOfOnePerson() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 13, nights: 6)
        defer { withExtendedLifetime(scratch) {} }
        let runs = try roster.runs()
        var all: [AuditEntry] = []
        for run in runs.reversed() { all += try roster.changes(ofRun: run.record.number) }
        for number in 0..<RandomMirror.population {
            let directory = RandomMirror.directories[RandomMirror.directory(of: number)]
            let person = PersonKey(directory: directory, id: madeUpID(number))
            #expect(try roster.history(of: person) == all.filter { $0.person == person })
        }
        #expect(!all.isEmpty)
    }

    @Test func runsComeBackAsRecorded() throws {
        let scratch = try ScratchRoster()
        let roster = try scratch.open()
        var dice = Dice(seed: 14)
        var records: [RunRecord] = []
        for _ in 0..<5 {
            let run = RandomRun.make(after: try roster.load(targets: RandomRun.targets), &dice)
            try roster.apply(run)
            records.append(run.record)
        }
        try roster.record(RandomRun.emptyRecord(9))
        let runs = try roster.runs()
        #expect(runs.map(\.record) == [RandomRun.emptyRecord(9)] + records.reversed())
        #expect(runs.map(\.applied) == [false, true, true, true, true, true])
        #expect(try roster.runs(limit: 1).map(\.record.number) == [9])
        #expect(try roster.run(3)?.record == records[2])
        #expect(try roster.run(8) == nil)
    }
}
