import ArgumentParser
import Reconciliation
import Reports
import SyncAgent

/// `rollcall backup`: a copy that is whole.
struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a copy of the roster into a new file, looked through and durable.",
        discussion: """
              rollcall backup /var/backups/roster-2026-11-21.sqlite
            """)

    @OptionGroup var configuration: ConfigurationOptions

    @Argument(help: "The new file.", completion: .file())
    var file: String

    func run() throws {
        let head = try Composition(configuration).agent.backUp(to: file)
        var page = TextPage(style: ReportOptions.text.style)
        page.line("`\(file)` holds the roster up to run \(head?.run ?? 0)")
        try Output.data(page.bytes)
    }
}

/// `rollcall restore`: a copy in the place of the roster.
struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a copy in the place of the roster, which is kept beside it as `roster.sqlite.replaced`.",
        discussion: """
              rollcall restore /var/backups/roster-2026-11-21.sqlite
              rollcall restore roster.sqlite.old --accept-rollback --reason 'a new disk'
            """)

    @OptionGroup var configuration: ConfigurationOptions

    @Argument(help: "A file that `rollcall backup` wrote.", completion: .file())
    var file: String

    @Flag(name: .customLong("accept-rollback"), help: "Take an older copy, although runs were applied since.")
    var acceptsRollback = false

    @Option(help: "Why; needed with --accept-rollback, and kept in the audit.")
    var reason: String?

    func validate() throws {
        guard acceptsRollback == (reason?.isEmpty == false) else {
            throw ValidationError("`--accept-rollback` and `--reason` go together")
        }
    }

    func run() throws {
        let restored = try Composition(configuration).agent.restore(from: file, acceptsRollback: reason)
        var page = TextPage(style: ReportOptions.text.style)
        page.line("the roster is that of `\(file)`; its last run is \(restored.head?.run ?? 0)")
        if let kept = restored.kept { page.line("the one before is kept as `\(kept)`") }
        if let lost = restored.lost {
            if !lost.isEmpty { page.line("done by hand since, and lost; what still holds has to be done again:") }
            for record in lost { page.line("\(Restored.line(record))", indent: 2) }
        } else {
            page.line("the one before cannot be read: what was done by hand since the copy is lost, see the reports")
        }
        if acceptsRollback {
            page.line(
                "the platform keeps what it was told since; `rollcall drift` compares it with its own list of users")
        }
        try Output.data(page.bytes)
    }
}
