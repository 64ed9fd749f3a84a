import DirectoryModel
import Reconciliation

/// How two plans of one target differ, but for places in mirrors of different sizes.
enum PlanDifference {
    static func lines(_ full: TargetPlan, _ part: TargetPlan) -> [String] {
        var lines: [String] = []
        func compare<Value: Equatable>(_ what: String, _ value: (TargetPlan) -> Value) {
            let (left, right) = (value(full), value(part))
            if left != right { lines.append("\(what): everybody \(left), part \(right)") }
        }
        compare("changes", \.changes)
        compare("subjects") { $0.subjects.map { unplaced($0) } }
        compare("emails and names", \.texts.bytes)
        compare("directories", \.directories)
        compare("accesses", \.accesses)
        compare("permissions", \.effective)
        compare("groups", \.groupSets)
        compare("reasons", \.reasons)
        compare("details", \.details)
        compare("line", \.waiting)
        compare("seats", \.ledger)
        compare("tally", \.tally)
        compare("holds", \.holds)
        compare("baseline", \.baseline)
        compare("protected", \.protected)
        compare("approvals", \.approvalsSpent)
        compare("counts", \.guardCounts)
        compare("nesting", \.nested)
        let looked = part.lookedAt ?? []
        compare("findings") { plan in
            plan.findings.filter { $0.person.map(looked.contains) ?? true }
        }
        return lines
    }

    private static func unplaced(_ subject: Subject) -> Subject {
        var subject = subject
        subject.person = nil
        return subject
    }
}
