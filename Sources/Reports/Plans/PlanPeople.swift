import DirectoryModel
import Reconciliation

/// The changes of a plan by person: one line each with what changes, and under it why.
struct PlanPeople {
    private let plan: TargetPlan
    private let title: String
    private let people: ChangesByPerson
    /// The lines of reasons as they were first written, by number: many people share one.
    private var reasonLines: [UInt32: [UInt8]] = [:]

    init(_ plan: TargetPlan, title: String? = nil) {
        self.plan = plan
        self.title = title ?? "By person\(plan.condition)"
        people = ChangesByPerson(plan)
    }

    mutating func write(to page: inout TextPage, sink: ([UInt8]) throws -> Void) rethrows {
        guard people.count > 0 else { return }
        page.blank()
        page.line("\(title)", indent: 2)
        let shown = page.style.shown(of: people.count)
        for person in 0..<shown {
            write(people[person], to: &page)
            if page.bytes.count > 1 << 16 { try sink(page.drain()) }
        }
        page.rest(people.count - shown, "person", plural: "people", indent: 4)
        page.tellCut(indent: 4)
    }

    private mutating func write(_ places: ArraySlice<Int>, to page: inout TextPage) {
        let changes = places.map { plan.changes[$0] }
        guard let first = changes.first, plan.subjects.indices.contains(Int(first.subject)) else { return }
        let subject = plan.subjects[Int(first.subject)]
        let lead = ChangesByPerson.lead(of: changes) ?? first
        let phrases = changes.map { plan.phrase(of: $0) }
        page.line(
            Span("\(lead.kind.mark) ", lead.kind.tone), Span(page.shown(plan.label(of: subject)), .strong),
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
}
