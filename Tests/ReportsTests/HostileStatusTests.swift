import AccessModel
import DirectoryModel
import Foundation
import Reconciliation
import Reports
import TestSupport
import Testing

/// The status, with names that try to hide a line, move the cursor or turn the reading direction wherever a name can stand.
struct HostileStatusTests {
    private static func report(_ name: String) -> StatusReport {
        let pool = SeatPool(scope: ScopePath([name]), seatClass: name, limit: 1, price: name)
        var target = StatusReport.Target(name: name, mode: .observe)
        target.run = HostilePersonTests.record(name)
        target.pausedBy = 1
        target.holds = [name, name]
        target.users = [.active: 1]
        target.seats = [
            LedgerRow(pool: pool, heldBefore: 1, freed: 0, given: 0, heldAfter: 2, waiting: 3, oldestWaiting: 0)
        ]
        target.waitingForPace = 1
        target.findings = 2
        target.severe = 1
        var unread = StatusReport.Directory(name: name)
        unread.run = 1
        unread.read = 0
        unread.isUnread = true
        var report = StatusReport(
            now: SamplePlans.night, version: name, targets: [target],
            directories: [unread, StatusReport.Directory(name: name)])
        report.lastNight = failed(name)
        report.runs = [failed(name), HostilePersonTests.record(name)]
        report.next = StatusReport.NextRun(time: SamplePlans.night, missed: 0, isDaemonAtWork: false)
        let item = DueItem(
            time: SamplePlans.night, kind: .suspension, person: SamplePlans.key(1), label: name, reason: name)
        report.due = Array(repeating: StatusReport.Due(target: name, item: item), count: 7)
        report.delivers = true
        report.undelivered = 1
        report.givenUp = 1
        report.refusals = [name]
        report.late = [OutboxBacklog(target: name, messages: 1, oldest: 0)]
        report.deadLetters = report.late
        return report
    }

    private static func failed(_ name: String) -> RunRecord {
        var record = HostilePersonTests.record(name)
        record.outcome = .failed
        return record
    }

    /// Everything, with and without what falls due, and the line for a monitor.
    private static func texts(_ name: String) -> [[UInt8]] {
        var unknown = report(name)
        unknown.due = nil
        unknown.dueProblem = name
        return [
            StatusText.bytes(report(name)), StatusText.bytes(unknown), StatusText.line(report(name), maxAge: 1),
            StatusText.line(report(name), maxAge: .max),
        ]
    }

    @Test(arguments: HostileNames.all)
    func statusIsPrintableAndHasTheSameLines(_ name: String) {
        for (text, plain) in zip(Self.texts(name), Self.texts("plain")) {
            PrintableText.expect(text)
            #expect(text.count { $0 == 0x0A } == plain.count { $0 == 0x0A })
        }
        PrintableText.expect(StatusJSON.bytes(Self.report(name), maxAge: 1))
    }
}
