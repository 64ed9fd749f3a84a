import DirectoryModel
import Reconciliation

/// How two plans of one target differ, but for places in mirrors of different sizes.
enum PlanDifference {
    /// `spared` are people about whom the first has no findings any more, for want of a read that only a full pull makes.
    static func lines(_ full: TargetPlan, _ part: TargetPlan, sparing spared: Set<PersonKey>) -> [String] {
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
        compare("findings") { findings($0, sparing: spared) }
        return lines
    }

    private static func unplaced(_ subject: Subject) -> Subject {
        var subject = subject
        subject.person = nil
        return subject
    }

    /// A reminder says how many days ago it was when everybody was last looked at.
    private static func findings(_ plan: TargetPlan, sparing spared: Set<PersonKey>) -> [Finding] {
        plan.findings.filter { $0.person.map { !spared.contains($0) } ?? true }.map { finding in
            var finding = finding
            if finding.code == "user.not-accepted" { finding.message = "" }
            return finding
        }.sorted { "\($0)" < "\($1)" }
    }
}
