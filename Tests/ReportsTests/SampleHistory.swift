import AccessModel
import DirectoryModel
import Reconciliation
import Reports

/// A night with others behind it, and people in line.
enum SampleHistory {
    static func report() -> PlanReport {
        var plan = SamplePlans.secondNight()
        let support = ScopePath(["support"])
        plan.waiting = [
            PlaceInLine(
                person: SamplePlans.key(9), scope: support, role: "chat-user", seatPriority: 10,
                since: SamplePlans.night - 864_000, forPace: false, isFirst: true),
            PlaceInLine(
                person: SamplePlans.key(4), scope: support, role: "chat-user", seatPriority: 0,
                since: SamplePlans.night, forPace: false),
        ]
        plan.ledger[0].waiting = 2
        plan.ledger[0].oldestWaiting = SamplePlans.night - 864_000
        plan.ledger[0].onLeave = 1
        let sales = SeatPool(scope: ScopePath(["sales"]), seatClass: "seat", limit: 10, price: nil)
        plan.ledger.append(
            LedgerRow(pool: sales, heldBefore: 9, freed: 0, given: 3, heldAfter: 12, waiting: 0, oldestWaiting: nil))
        plan.tally.append(
            GuardTally(
                kind: .loseAccess, count: 4, limit: 3, limitText: "3", approved: 2, earlier: 5, window: "7 days"))
        var report = SamplePlans.report([plan], stage: .applied)
        report.names = [SamplePlans.key(9): "zoe@acme.example"]
        report.newFindings = ["acme-desk": [plan.findings[0]]]
        report.head = AuditHead(run: 812, hash: String(repeating: "ab", count: 32))
        report.history = NightFigures.nights(of: (0..<40).map(record))
        report.readings = [DirectoryReading(directory: "corp", way: .changes(people: 6, groups: 1))]
        report.scope = .people(7)
        report.setAside = [
            SetAsideEntries(
                directory: "corp", entries: [SetAsideEntry(dn: "uid=odd,ou=people", reason: .noIdentity)])
        ]
        return report
    }

    /// The run of so many nights ago; every thirteenth failed.
    static func record(_ ago: Int) -> RunRecord {
        let isFailed = ago % 13 == 5
        let started = SamplePlans.night - Int64(ago) * 86_400
        let counts = [
            "invite": (ago * 7) % 11, "suspend": ago % 4, "findings": 3,
            TargetRunRecord.peopleRead: 5_000 - ago * 3, TargetRunRecord.seatsHeld: 84 - ago / 3,
        ]
        return RunRecord(
            number: Int64(812 - ago), command: "sync", actor: "rollcall", started: started,
            ended: started + 2 + Int64(ago * 5 % 7), outcome: isFailed ? .failed : ago == 3 ? .partlyHeld : .applied,
            exitStatus: isFailed ? 69 : 0, summary: "acme-desk: something", version: "0.1.0",
            targets: isFailed
                ? []
                : [
                    TargetRunRecord(
                        target: "acme-desk", mode: .manage, held: false, counts: counts, holds: [], findingKeys: [])
                ])
    }
}
