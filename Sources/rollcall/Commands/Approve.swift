import ArgumentParser
import SyncAgent

/// `rollcall approve`: a human's leave for what a guard held.
struct Approve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write approvals for what the last run held.",
        discussion: """
            Each target and kind that was held gets a file of its own, which names the people and the number and is valid \
            for a day: read it, change it, have it reviewed; the next `rollcall sync` uses it once.

              rollcall approve --last-hold --reason 'HR-4411, the site in Leipzig closes'
              rollcall approve --last-hold --target acme-desk --reason 'ticket 4711'
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var targets: TargetOptions
    @OptionGroup var output: ReportOptions

    @Flag(name: .customLong("last-hold"), help: "Approve what the last run held; the one thing there is to approve.")
    var isLastHold = false

    @Option(help: "Why this is right: a ticket, a decision. It is kept in the audit.")
    var reason: String

    func validate() throws {
        guard isLastHold else { throw ValidationError("say what to approve: `--last-hold`") }
        guard !reason.isEmpty else { throw ValidationError("`--reason` is empty: say why this is right") }
    }

    func run() throws {
        let written = try Composition(configuration).agent.approveLastHold(reason: reason, targets: targets.narrowed)
        try ApprovalOutput(written).write(output)
    }
}
