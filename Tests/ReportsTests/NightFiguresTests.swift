import Reconciliation
import Reports
import Testing

/// Charts of nights show nights, and what targets hold whether a night wrote them or not.
struct NightFiguresTests {
    /// `seats` of the targets that were written; the others were looked at only.
    private func record(
        _ number: Int64, _ command: String = RunRecord.regular, seats: [String: Int] = [:], unwritten: [String] = []
    ) -> RunRecord {
        let written = seats.sorted { $0.key < $1.key }.map { target, held in
            TargetRunRecord(
                target: target, mode: .manage, held: false, counts: [TargetRunRecord.seatsHeld: held], holds: [],
                findingKeys: [])
        }
        let others = unwritten.map {
            TargetRunRecord(target: $0, mode: .manage, held: true, counts: [:], holds: [], findingKeys: [])
        }
        return RunRecord(
            number: number, command: command, actor: "root", started: number * 100, ended: number * 100 + 7,
            outcome: .applied, exitStatus: 0, summary: "", version: "", targets: written + others)
    }

    @Test func onlyNightsAreNights() {
        let records = [
            record(6, RunRecord.incremental), record(5, RunRecord.acceptingClock), record(4, RunRecord.following),
            record(3), record(2, "grant"), record(1),
        ]
        #expect(NightFigures.nights(of: records).map(\.run) == [1, 3, 5])
    }

    @Test func manyRunsByChangesPushNoNightOut() {
        let many = (10...200).reversed().map { record($0, RunRecord.incremental) }
        #expect(NightFigures.nights(of: many + [record(9), record(8)]).map(\.run) == [8, 9])
    }

    /// A target that pauses, or was left out by `--target`, holds what it held; one that was taken away holds nothing.
    @Test func seatsOfTargetsThatWereNotWrittenStay() {
        let records = [
            record(5, seats: ["desk": 40, "crm": 12]), record(4, seats: ["crm": 11], unwritten: ["desk"]),
            record(3, seats: ["crm": 10]), record(2, seats: ["desk": 50, "crm": 10]),
            record(1, seats: ["desk": 50, "crm": 9, "old": 7]),
        ]
        #expect(NightFigures.nights(of: records).map(\.seats) == [66, 60, 60, 61, 52])
        #expect(NightFigures.nights(of: [record(1, unwritten: ["desk"])]).map(\.seats) == [nil])
    }
}
