import DirectoryModel
import Reconciliation

/// A plan for spreadsheets: one row for each change, hold, finding and seat pool, told apart by the column `record`.
package struct PlanCSV {
    /// Names of the columns; documented in `docs/reference/reports.md`.
    package static let columns = [
        "target", "record", "kind", "person", "name", "directory", "id", "scope", "before", "after", "reason", "note",
    ]

    private let report: PlanReport
    private let rowsAtMost: Int
    private var sheet = CSVWriter(columns: PlanCSV.columns)

    /// `rowsAtMost`: changes, findings and places in line of each target; the rest is counted in a row of its own.
    package init(_ report: PlanReport, rowsAtMost: Int = Int.max) {
        self.report = report
        self.rowsAtMost = rowsAtMost
    }

    /// Hands the report over piece by piece.
    package mutating func write(to sink: ([UInt8]) throws -> Void) rethrows {
        add(PlanRow(record: "plan", kind: report.stage.rawValue, reason: report.title))
        if let failure = report.failure {
            add(PlanRow(record: "failure", kind: failure.code, reason: failure.message, note: failure.hint))
        }
        for line in report.comparisonLines { add(PlanRow(record: "note", reason: line)) }
        for verdict in report.comparison?.verdicts ?? [] {
            add(
                PlanRow(
                    record: "fail_on", kind: verdict.name, after: String(verdict.count), reason: verdict.sentence,
                    note: verdict.isExceeded ? "failed" : ""))
        }
        for directory in report.plans.first?.unread ?? [] { add(PlanRow(directory)) }
        for directory in report.setAside { setAside(directory) }
        for plan in report.plans { try target(plan, sink: sink) }
        try sink(sheet.drain())
    }

    /// The whole report; for tests and small reports.
    package static func bytes(_ report: PlanReport, rowsAtMost: Int = Int.max) -> [UInt8] {
        var bytes: [UInt8] = []
        var writer = PlanCSV(report, rowsAtMost: rowsAtMost)
        writer.write { bytes.append(contentsOf: $0) }
        return bytes
    }

    private mutating func add(_ row: PlanRow) { sheet.row(row.cells) }

    private mutating func setAside(_ directory: SetAsideEntries) {
        for entry in directory.entries.prefix(rowsAtMost) {
            add(
                PlanRow(
                    record: "set_aside", kind: entry.reason.code, person: entry.dn, directory: directory.directory,
                    reason: entry.reason.sentence))
        }
    }

    private mutating func target(_ plan: TargetPlan, sink: ([UInt8]) throws -> Void) rethrows {
        add(
            PlanRow(
                target: plan.target, record: "target", kind: plan.mode.rawValue,
                reason: report.headline(of: plan, PlanCounts(plan))))
        for hold in plan.holds { add(PlanRow(hold, of: plan.target)) }
        try changes(of: plan, as: "change", sink: sink)
        if let held = plan.heldBack?.plan { try changes(of: held, as: "held_change", sink: sink) }
        for finding in report.findings(of: plan).prefix(rowsAtMost) {
            add(PlanRow(finding, of: plan.target, report.standing(of: finding, on: plan.target)))
        }
        omitted(plan.findings.count, "finding", of: plan)
        for row in plan.ledger { add(PlanRow(row, of: plan.target)) }
        let names = NamesInLine(plan, report.names)
        for place in plan.waiting.prefix(rowsAtMost) {
            add(PlanRow(place, named: names.label(of: place), of: plan.target))
        }
        omitted(plan.waiting.count, "waiting", of: plan)
        for row in TallyRow.all(of: plan) {
            add(
                PlanRow(
                    target: plan.target, record: "guard", kind: row.kind, reason: row.text,
                    note: row.isExceeded ? "exceeded" : ""))
        }
        try sink(sheet.drain())
    }

    private mutating func changes(
        of plan: TargetPlan, as record: String, sink: ([UInt8]) throws -> Void
    ) rethrows {
        for change in plan.changes.prefix(rowsAtMost) {
            add(PlanRow(change, of: plan, as: record))
            if sheet.bytes.count > 1 << 16 { try sink(sheet.drain()) }
        }
        omitted(plan.changes.count, record, of: plan)
    }

    private mutating func omitted(_ count: Int, _ record: String, of plan: TargetPlan) {
        guard count > rowsAtMost else { return }
        add(
            PlanRow(
                target: plan.target, record: "omitted", kind: record,
                reason: "\(count - rowsAtMost) more of \(count) are counted only"))
    }
}
