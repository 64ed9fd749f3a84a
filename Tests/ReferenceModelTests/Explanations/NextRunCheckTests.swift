import AccessModel
import DirectoryModel
import Reconciliation
import TestSupport
import Testing

/// What explanations say that the next run does, and what falls due, held against the plan of that run: random histories, after any of their nights.
///
/// `ROLLCALL_SEEDS=2000..<12000` chooses other histories than the first ones.
struct NextRunCheckTests {
    @Test func nextIsWhatTheNextRunDoes() throws {
        let seeds = Figures.seeds(Figures.of(300, soak: 20_000))
        var tally: [String: Int] = [:]
        for seed in seeds {
            var generator = HistoryGenerator(seed: seed)
            var history = generator.history()
            var random = SeededNumbers(seed: seed &+ 78)
            history.nights = Array(
                history.nights.prefix(Int.random(in: 1...max(1, history.nights.count), using: &random)))
            let run = HistoryRun(history)
            var state = run.state
            state.happen(.wait(Int64.random(in: 0...2, using: &random) * 43_200))
            var engine = run.engine
            guard run.differences.isEmpty, let inquiry = try? engine.inquiryAsLastRead(state),
                (try? engine.night(state)) != nil
            else {
                tally["mapping does not fit", default: 0] += 1
                continue
            }
            let check = NextRunCheck(state, inquiry, engine.plan)
            guard check.isRemembered else {
                tally["not on record", default: 0] += 1
                continue
            }
            for person in state.directory.people.keys.sorted() + state.directory.gone.keys.sorted() {
                for fault in check.faults(of: person, &tally) { Issue.record("seed \(seed): \(fault)") }
            }
        }
        if seeds.count >= 300, Figures.hasAllSeeds {
            for sort in NextRunCheck.sorts { #expect((tally[sort] ?? 0) > 0, "no case of: \(sort)") }
        }
        let text = tally.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        Figures.note("next run: \(seeds) worlds; \(text)")
    }
}

/// One world before its next night, and the plan of that night.
private struct NextRunCheck {
    private let state: HistoryState
    private let inquiry: TargetInquiry
    private let plan: TargetPlan
    private let due: [DueItem]

    /// What must have come up.
    static let sorts = ["nothing", "changed", "held", "withheld", "gone for long enough", "removed"]

    init(_ state: HistoryState, _ inquiry: TargetInquiry, _ plan: TargetPlan) {
        self.state = state
        self.inquiry = inquiry
        self.plan = plan
        due = Reconciler(settings: state.settings).due(inquiry.input, until: state.now)
    }

    /// Whether the directory says of whoever is not in it what is on record, or what is taken for so: nothing else can be foretold.
    var isRemembered: Bool {
        let real = state.absences
        return inquiry.input.absences.allSatisfy { person, finding in
            switch (finding, real[person]) {
            case (.gone, .gone), (.unknown, .unknown): true
            case (.outOfScope(_, let state), .outOfScope(_, let now)): state.isEnabled == now.isEnabled
            default: false
            }
        }
    }

    /// What of the answer about one person is not what the run does.
    func faults(of person: String, _ tally: inout [String: Int]) -> [String] {
        let key = PersonKey(directory: state.home(of: person), id: World.id(person))
        let answer = inquiry.answer(about: key)
        let told = (answer.roster?.changes ?? []).map(words)
        let done = plan.changes(of: key).map(words)
        var faults: [String] = []
        if told != done { faults.append("\(person): told \(told), done \(done)") }
        let toldHeld = answer.held.map(words)
        let held = (plan.heldBack?.plan.changes(of: key) ?? []).map(words)
        if toldHeld != held { faults.append("\(person): told to be held \(toldHeld), held \(held)") }
        let withheld = plan.holds.filter { hold in
            if case .grant(key, _) = hold.extent { true } else { false }
        }
        if answer.withheld != withheld { faults.append("\(person): told \(answer.withheld), withheld \(withheld)") }
        let all = plan.heldBack?.plan.changes(of: key) ?? plan.changes(of: key)
        let isGone = all.contains { item in
            if case .cause(.missing, _) = item.reason { item.change.kind == .suspend } else { false }
        }
        let isDue = due.contains { $0.person == key && $0.kind == .suspension && !$0.reason.contains("it takes") }
        if isGone && !isDue { faults.append("\(person) is suspended, and nothing of it falls due") }
        func note(_ sort: String, _ isSo: Bool) { if isSo { tally[sort, default: 0] += 1 } }
        note("nothing", done.isEmpty && held.isEmpty && withheld.isEmpty)
        note("changed", !done.isEmpty)
        note("held", !held.isEmpty)
        note("withheld", !withheld.isEmpty)
        note("gone for long enough", isGone)
        note("removed", all.contains { $0.change.kind == .remove })
        return faults
    }

    private func words(_ item: ReasonedChange) -> String {
        let change = item.change
        return "\(change.kind) \(change.scope) \(change.before ?? "–") → \(change.after ?? "–"): \(item.reason)"
    }
}
