import ArgumentParser
import SyncAgent

/// `rollcall suspend`: takes a person's sign-in away by hand, or that of everybody in a list.
struct Suspend: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Suspend somebody by hand, or everybody in a list; the agent never lifts that by itself.",
        discussion: """
              rollcall suspend ada@example.org --reason 'ticket 4711'
              rollcall suspend --from leavers.csv --reason 'ticket 4711' --dry-run
              rollcall suspend --from leavers.csv --reason 'ticket 4711'
            """)

    @OptionGroup var configuration: ConfigurationOptions

    @Argument(help: "Email, login or immutable id.")
    var person: String?

    @Option(
        help: ArgumentHelp("Everybody in this file: one to a line, or a CSV file.", valueName: "file"),
        completion: .file())
    var from: String?

    @Option(help: "Why. It is kept in the audit.")
    var reason: String

    @Flag(help: "Leave out lines of the file that mean nobody.")
    var skipUnknown = false

    @Flag(help: "Only show what would be done with a file.")
    var dryRun = false

    @Flag(name: .customLong("yes"), help: "Do not ask.")
    var isAgreed = false

    @OptionGroup var targets: TargetOptions
    @OptionGroup var output: ReportOptions

    func validate() throws {
        guard !reason.isEmpty else { throw ValidationError("`--reason` is empty: say why") }
        guard (person == nil) != (from == nil) else {
            throw ValidationError("name one person, or a file with `--from`")
        }
        guard from != nil || (!skipUnknown && !dryRun) else {
            throw ValidationError("`--skip-unknown` and `--dry-run` go with `--from`")
        }
    }

    func run() throws {
        let composition = Composition(configuration)
        if let from {
            let request = ListRequest(
                path: from, targets: targets.narrowed, reason: reason, skipsUnknown: skipUnknown, isDryRun: dryRun)
            let confirmation = try Confirmation(isAgreed: isAgreed || dryRun, output: output)
            let result = try composition.agent.suspend(request) { confirmation.isGiven(for: $0) }
            try ActOutput(result, showsPeople: dryRun).write(output)
            return try composition.end(confirmation.isDeclined ? .failed : result.status)
        }
        let request = ActRequest(person: person ?? "", targets: targets.narrowed, reason: reason)
        let result = try composition.agent.suspend(request)
        try ActOutput(result).write(output)
        try composition.end(result.status)
    }
}
