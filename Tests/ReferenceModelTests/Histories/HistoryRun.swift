import Reconciliation

/// A history told to the model and to the engine, step by step, until they differ.
struct HistoryRun {
    private(set) var state: HistoryState
    private(set) var model = ModelRoster()
    private(set) var engine = EngineSide()
    private(set) var coverage = Coverage()
    /// The first differences, and in which night.
    private(set) var differences: [String] = []
    private(set) var count = 0

    init(_ history: History) {
        state = HistoryState(history)
        for events in history.nights {
            for event in events where differences.isEmpty { step(event) }
            if differences.isEmpty { decide() }
            if !differences.isEmpty { return }
            count += 1
            state.run += 1
        }
    }

    private mutating func step(_ event: History.Event) {
        state.happen(event)
        switch event {
        case .suspend(let person):
            coverage.note("suspended by hand", model.suspend(person, target: state.target, now: state.now))
            engine.act(.suspend, person, state)
        case .resume(let person):
            coverage.note("resumed by hand", model.resume(person, target: state.target))
            engine.act(.resume, person, state)
        case .grant(let person, let part, let seconds):
            let grant = ModelGrant(part: part, until: seconds.map { state.now + $0 })
            let isDone = model.grant(
                grant, to: person, directory: state.directory, target: state.target, now: state.now)
            coverage.note("given by hand", isDone)
            engine.grant(grant, to: person, state)
        case .revoke(let person, let part):
            if ModelNight.fails(state.presentRules, state.target.leave, state.directory) { return }
            let rules = night().desire(for: person).desire
            let isDone = model.revoke(part, from: person, rules: rules, target: state.target)
            coverage.note("taken back by hand", isDone)
            engine.revoke(part, from: person, state)
        case .signIn(let person, let days, let accepted):
            let time = days.map { state.now - $0 * 86_400 }
            model.importSignIns([(person, time, accepted)], now: state.now)
            engine.signIn(person, time, accepted: accepted, state)
            coverage.note("sign-ins imported", true)
        default:
            if case .clockBack = event { coverage.note("clock set back", true) }
            return
        }
        differences = Comparison(model, nil, engine, state).differences.map { "after \(event): \($0)" }
    }

    private func night() -> ModelNight {
        ModelNight(
            directory: state.directory, rules: state.presentRules, direct: state.direct, target: state.target,
            approvals: state.approvals, before: model, now: state.now)
    }

    private mutating func decide() {
        if ModelNight.fails(state.presentRules, state.target.leave, state.directory) {
            if (try? engine.night(state)) != nil { differences = ["the model refuses, the engine does not"] }
            coverage.note("failed", true)
            return
        }
        let night = night()
        model = night.after
        do {
            try engine.night(state)
            differences = Comparison(model, night, engine, state).differences
        } catch {
            differences = ["the engine refuses: \(error)"]
        }
        coverage.note(night)
    }
}
