import ArgumentParser
import Reconciliation
import Reports
import SyncAgent

/// `rollcall import`: what a platform knows and the directory does not.
struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take over the users that a platform has already, or, with --update, their sign-ins.",
        discussion: """
            The list is CSV with a head, columns in any order: account, email, role, template, status, workspace, \
            last_sign_in, and one for each switch of the platform. Nobody is invited, suspended or changed on the \
            platform: what differs from the rules is the next run's, under its guards.

              rollcall import users.csv --target acme-desk --dry-run
              rollcall import users.csv --target acme-desk --extras keep
              rollcall import --update sign-ins.csv --target acme-desk
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ReportOptions

    @Argument(help: "The platform's list of users.", completion: .file())
    var list: String?

    @Option(
        name: .customLong("update"),
        help: ArgumentHelp(
            "Take over only sign-ins and accepted invitations, from this list: `email` or `id`, then `last_sign_in` and `accepted`.",
            valueName: "file"), completion: .file())
    var file: String?

    @Option(help: "The target whose users these are.")
    var target: String

    @Flag(name: .customLong("dry-run"), help: "Only show whose the accounts are; write nothing.")
    var isDryRun = false

    @Flag(name: .customLong("yes"), help: "Do not ask.")
    var isAgreed = false

    @Option(
        help:
            "Access that no rule gives: report (it stays, unless said otherwise), keep (as given by you), take-back (by the next run)."
    )
    var extras: ExtraAccess?

    @Option(
        help: ArgumentHelp(
            "Where to write the lines that match nobody; otherwise a new file beside the list.", valueName: "file"),
        completion: .file())
    var unmatched: String?

    func validate() throws {
        guard (list == nil) != (file == nil) else {
            throw ValidationError("Name one list of users: `rollcall import users.csv --target T`")
        }
        if file != nil, isDryRun || unmatched != nil || extras != nil {
            throw ValidationError("`--update` goes with none of `--dry-run`, `--extras` and `--unmatched`")
        }
    }

    func run() throws {
        let composition = Composition(configuration)
        if let file {
            let result = try composition.agent.importSignIns(path: file, target: target)
            try ImportOutput(result, target: target).write(output)
            return try composition.end()
        }
        let request = AdoptionRequest(
            path: list ?? "", target: target, extras: extras ?? .report, unmatchedPath: unmatched, isDryRun: isDryRun)
        let confirmation = try Confirmation(isAgreed: isAgreed || isDryRun, output: output)
        let result = try composition.agent.adopt(request) { result in
            composition.progress.clear()
            return confirmation.isGiven(for: result)
        }
        composition.progress.clear()
        if !confirmation.wasShown { try AdoptionOutput(result).write(output) }
        if let end = confirmation.end(of: result) { try Output.data(end) }
        try composition.end(result.ending == .declined ? .failed : .done)
    }
}

extension ExtraAccess: ExpressibleByArgument {}
