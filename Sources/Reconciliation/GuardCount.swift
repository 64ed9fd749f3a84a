/// People of one kind whom an applied run changed without an approval: what rolling windows are summed from.
package struct GuardCount: Sendable, Equatable {
    package var run: Int64
    /// Seconds since 1970.
    package var time: Int64
    package var kind: GuardKind
    package var people: Int

    package init(run: Int64, time: Int64, kind: GuardKind, people: Int) {
        self.run = run
        self.time = time
        self.kind = kind
        self.people = people
    }
}

/// What earlier runs did within a rolling window.
///
/// Nights are never exactly a day apart, so a run in the oldest twenty-fourth of a window is not counted any more: one
/// hour of 24, seven hours of a week.
struct GuardWindow {
    let seconds: Int64
    private let counts: [GuardCount]

    init(_ seconds: Int64, of counts: [GuardCount], before now: Int64) {
        self.seconds = seconds
        let length = seconds - seconds / 24
        self.counts = counts.filter { count in
            let (age, overflow) = now.subtractingReportingOverflow(count.time)
            return !overflow && age < length
        }
    }

    /// People whom earlier runs changed in the window.
    func people(_ kind: GuardKind) -> Int {
        counts.reduce(0) { $1.kind == kind ? $0.addingReportingOverflow($1.people).partialValue : $0 }
    }

    /// `22 of them by run 812`.
    func words(_ kind: GuardKind) -> String {
        let runs = Set(counts.filter { $0.kind == kind && $0.people > 0 }.map(\.run)).sorted()
        let last = runs.last ?? 0
        let others = runs.dropLast().suffix(4).map { "\($0)" }.joined(separator: ", ")
        let names =
            switch runs.count {
            case 0, 1: "run \(last)"
            case 2...5: "runs \(others) and \(last)"
            default: "\(runs.count) runs, the last \(last)"
            }
        return "\(people(kind)) of them by \(names)"
    }

    /// `24h`, `7 days`.
    var name: String {
        let day: Int64 = 86_400
        if seconds > day, seconds % day == 0 { return "\(seconds / day) days" }
        if seconds % 3600 == 0 { return "\(seconds / 3600)h" }
        return "\(seconds / 60)m"
    }

    /// Seven days, for the limits of `week`.
    static let week: Int64 = 7 * 86_400
}
