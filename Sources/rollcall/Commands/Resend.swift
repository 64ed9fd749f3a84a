import ArgumentParser
import SyncAgent

/// `rollcall resend`: an invitation again.
struct Resend: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send somebody's invitation again: the same user, the same seat.",
        discussion: """
              rollcall resend ada@example.org
              rollcall resend ada@example.org --target acme-desk
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var targets: TargetOptions
    @OptionGroup var output: ReportOptions

    @Argument(help: "Email, login or immutable id.")
    var person: String

    @Option(help: "Why. It is kept in the audit.")
    var reason = "invitation sent again"

    func run() throws {
        let request = ActRequest(person: person, targets: targets.narrowed, reason: reason)
        let composition = Composition(configuration)
        let result = try composition.agent.resend(request)
        try ActOutput(result).write(output)
        try composition.end(result.status)
    }
}
