import ArgumentParser
import SyncAgent

/// `rollcall link`: says whose an unmanaged account is.
struct Link: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say whose an unmanaged account is; from then on it is kept in step.",
        discussion: """
            Nothing changes on the platform by it: what differs from the rules is the next run's.

              rollcall link u-4711 ada@example.org --target acme-desk --reason 'ticket 4711'
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ReportOptions

    @Argument(help: "The platform's id of the account, or its email.")
    var account: String

    @Argument(help: "Whose it is: email, alias, login, DN or immutable id.")
    var person: String

    @Option(help: "The target.")
    var target: String

    @Option(help: "Why. It is kept in the audit.")
    var reason = "linked by hand"

    func run() throws {
        let composition = Composition(configuration)
        let result = try composition.agent.link(account: account, person: person, target: target, reason: reason)
        composition.progress.clear()
        try ActOutput(result).write(output)
        try composition.end(result.status)
    }
}
