import DirectoryModel
import Reconciliation

/// The changes of a plan by person: one line each with what changes, and under it why.
struct PlanPeople {
    private let plan: TargetPlan
    private let title: String
    /// Places of changes, those of one person side by side, in the order of each person's first change.
    private let order: [Int]
    /// Where each person begins in `order`, and the end.
    private let starts: [Int]
    /// The lines of reasons as they were first written, by number: many people share one.
    private var reasonLines: [UInt32: [UInt8]] = [:]

    init(_ plan: TargetPlan, title: String = "By person") {
        self.plan = plan
        self.title = title
        (order, starts) = PlanPeople.arrange(plan)
    }

    mutating func write(to page: inout TextPage, sink: ([UInt8]) throws -> Void) rethrows {
        let people = starts.count - 1
        guard people > 0 else { return }
        page.blank()
        page.line("\(title)", indent: 2)
        let shown = page.style.shown(of: people)
        for person in 0..<shown {
            write(order[starts[person]..<starts[person + 1]], to: &page)
            if page.bytes.count > 1 << 16 { try sink(page.drain()) }
        }
        page.rest(people - shown, "person", plural: "people", indent: 4)
    }

    private mutating func write(_ places: ArraySlice<Int>, to page: inout TextPage) {
        let changes = places.map { plan.changes[$0] }
        guard let first = changes.first, plan.subjects.indices.contains(Int(first.subject)) else { return }
        let subject = plan.subjects[Int(first.subject)]
        let lead = changes.first { $0.kind.mark == "-" } ?? changes.first { $0.kind.mark == "+" } ?? first
        let phrases = changes.map { phrase(of: $0, subject) }
        page.line(
            Span("\(lead.kind.mark) ", lead.kind.tone), Span(plan.label(of: subject), .strong),
            "  \(phrases.joined(separator: "; "))", indent: 4)
        var said: Set<UInt32> = []
        for change in changes where said.insert(change.reason).inserted {
            writeReason(change.reason, to: &page)
            for chain in plan.chains(of: change.subject, for: change.reason) {
                page.line(Span("through \(chain.joined(separator: " → "))", .faint), indent: 10)
            }
        }
    }

    private mutating func writeReason(_ reason: UInt32, to page: inout TextPage) {
        if let known = reasonLines[reason] { return page.lines(written: known) }
        let start = page.bytes.count
        for sentence in plan.reason(reason).sentences { page.line(Span(sentence, .faint), indent: 8) }
        reasonLines[reason] = Array(page.bytes[start...])
    }

    /// An invitation says the whole access, which stands in the row.
    private func phrase(of change: Change, _ subject: Subject) -> String {
        guard change.kind == .invite, let row = subject.row,
            plan.accesses.indices.contains(Int(row.access))
        else { return change.phrase(for: plan.reason(change.reason)) }
        return "invited: \(plan.accesses[Int(row.access)].sentence)"
    }

    /// Sorts changes by person, persons by their first change: two passes, no dictionary.
    private static func arrange(_ plan: TargetPlan) -> (order: [Int], starts: [Int]) {
        var rank = [Int](repeating: -1, count: plan.subjects.count)
        var sizes: [Int] = []
        for change in plan.changes where rank.indices.contains(Int(change.subject)) {
            if rank[Int(change.subject)] < 0 {
                rank[Int(change.subject)] = sizes.count
                sizes.append(0)
            }
            sizes[rank[Int(change.subject)]] += 1
        }
        var starts = [0]
        for size in sizes { starts.append((starts.last ?? 0) + size) }
        var next = starts
        var order = [Int](repeating: 0, count: starts.last ?? 0)
        for (place, change) in plan.changes.enumerated() where rank.indices.contains(Int(change.subject)) {
            let person = rank[Int(change.subject)]
            order[next[person]] = place
            next[person] += 1
        }
        return (order, starts)
    }
}
