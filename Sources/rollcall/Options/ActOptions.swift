import ArgumentParser
import SyncAgent

/// Whom an act by hand is about, and why.
struct ActOptions: ParsableArguments {
    @Argument(help: "Email, login or immutable id.")
    var person: String

    @Option(help: "Why. It is kept in the audit.")
    var reason: String

    func validate() throws {
        guard !reason.isEmpty else { throw ValidationError("`--reason` is empty: say why") }
    }

    func request(_ targets: TargetOptions) -> ActRequest {
        ActRequest(person: person, targets: targets.narrowed, reason: reason)
    }
}
