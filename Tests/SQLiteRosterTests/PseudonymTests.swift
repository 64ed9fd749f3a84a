import AccessModel
import Reconciliation
import SQLiteRoster
import Testing

/// Who was removed long ago is forgotten; nobody else is, and the chain stays whole.
struct PseudonymTests {
    @Test func pseudonymsKeepTheChain() throws {
        var renamedInAll = 0
        for seed in UInt64(0)..<20 {
            let (scratch, roster) = try ScratchRoster.filled(seed: seed, nights: 6)
            let gone = try roster.countRemoved(before: 6)
            renamedInAll += gone
            let changes = try roster.verify().changes
            #expect(try roster.pseudonymize(removedBefore: 6, record: RandomRun.emptyRecord(50)) == gone)
            #expect(try roster.countRemoved(before: 6) == 0)
            let report = try roster.verify()
            #expect(report.problems == [], "seed \(seed)")
            #expect(report.changes == changes)
            #expect(try roster.load(targets: RandomRun.targets).lastRun == 50)
            #expect(try forgotten(roster).count == gone)
            withExtendedLifetime(scratch) {}
        }
        #expect(renamedInAll >= 10)
    }

    private func forgotten(_ roster: SQLiteRoster) throws -> [RosterUser] {
        try roster.users(UserQuery(statuses: [.removed])).filter { $0.email == "removed-\($0.user)" }
    }

    /// Somebody who is gone on one target and a user on another keeps there what the audit says of them.
    @Test func whoIsAUserElsewhereKeepsTheirHistoryThere() throws {
        var elsewhere = 0
        for seed in UInt64(0)..<20 {
            let (scratch, roster) = try ScratchRoster.filled(seed: seed, nights: 6)
            let before = try allChanges(roster)
            _ = try roster.pseudonymize(removedBefore: 6, record: RandomRun.emptyRecord(50))
            let gone = Set(try forgotten(roster).map { "\($0.target) \($0.person)" })
            let people = Set(try forgotten(roster).map { "\($0.person)" })
            let after = try allChanges(roster)
            for (old, new) in zip(before, after) where !gone.contains("\(old.target) \(old.person)") {
                #expect(old.before == new.before && old.after == new.after && old.email == new.email, "seed \(seed)")
                if people.contains("\(old.person)") { elsewhere += 1 }
            }
            withExtendedLifetime(scratch) {}
        }
        #expect(elsewhere > 0)
    }

    /// Who had which role after each run.
    private func past(_ roster: SQLiteRoster) throws -> [[RosterUser]] {
        var lists: [[RosterUser]] = []
        for role in ["agent", "admin", "viewer", "editor"] {
            for run in Int64(1)...6 { lists.append(try roster.users(after: run, role: role, target: nil)) }
        }
        return lists
    }

    private func allChanges(_ roster: SQLiteRoster) throws -> [AuditEntry] {
        var changes: [AuditEntry] = []
        try roster.forEachChange(sinceRun: 0) { changes.append($0) }
        return changes
    }

    /// Who had a role is answered as before, with pseudonyms; undoing an old run brings nobody back.
    @Test func thePastStaysComplete() throws {
        var renamed = 0
        for seed in UInt64(0)..<40 {
            let (scratch, roster) = try ScratchRoster.filled(seed: seed, nights: 6)
            let before = try past(roster)
            _ = try roster.pseudonymize(removedBefore: 6, record: RandomRun.emptyRecord(50))
            let after = try past(roster)
            for (old, new) in zip(before, after) {
                #expect(Set(old.map(\.user)) == Set(new.map(\.user)), "seed \(seed)")
                renamed += new.count { $0.email == "removed-\($0.user)" && $0.name.isEmpty }
            }
            let gone = Set(try forgotten(roster).map(\.user))
            for run in Int64(1)...6 {
                #expect(try roster.images(ofRun: run).allSatisfy { $0.users.allSatisfy { !gone.contains($0.user) } })
            }
            withExtendedLifetime(scratch) {}
        }
        #expect(renamed > 0)
    }
}
