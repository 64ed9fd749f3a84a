import ArgumentParser
import Diagnostics
import Reconciliation
import Reports
import SQLiteRoster
import SyncAgent

/// `rollcall audit`: proof that the record of what happened is whole.
struct Audit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove that runs, changes and users are as they were written.",
        discussion: """
              rollcall audit verify  is everything as it was written?
              rollcall audit head    what to keep elsewhere
            """,
        subcommands: [AuditVerify.self, AuditHeadCommand.self, AuditAccept.self, AuditPseudonymize.self])
}

/// `rollcall audit verify`: everything worked out anew.
struct AuditVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Work out every digest anew and compare; end with 74 where one differs.",
        discussion: """
              rollcall audit verify
              rollcall audit verify --format json
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ReportOptions

    func run() throws {
        let view = try RosterView(configuration)
        let report = try view.roster.verify()
        try ProofOutput(report).write(output)
        if !report.problems.isEmpty { throw Finished(status: .damagedRoster) }
        try view.checkWitness()
    }
}

/// `rollcall audit head`: the last run and its hash, to be kept elsewhere.
struct AuditHeadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "head", abstract: "Print the last run and its hash: keep it where nobody writes the roster.",
        discussion: """
              rollcall audit head
              rollcall audit head --format json > head.json
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ReportOptions

    func run() throws {
        guard let head = try RosterView(configuration).roster.head() else {
            throw AgentFailure(.failed, "nothing ran yet", hint: "the first `rollcall sync` begins the chain")
        }
        switch output.format {
        case .text:
            var page = TextPage(style: output.style)
            page.line("run \(head.run)  \(head.hash)")
            try Output.data(page.bytes)
        case .json:
            var json = JSONWriter(layout: .pretty)
            json.beginObject()
            json.field("format", "rollcall.head/1")
            json.field("run", Int(head.run))
            json.field("hash", head.hash)
            json.endObject()
            json.newline()
            try Output.data(json.drain())
        }
    }
}

/// `rollcall audit accept`: on from here, after an edit or an older copy.
struct AuditAccept: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Go on from the roster as it is, although it was edited or is an older copy; recorded as a run.",
        discussion: """
              rollcall audit accept --reason 'restored from the copy of Friday, ticket 4711'
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ReportOptions

    @Option(help: "Why. It is kept in the audit.")
    var reason: String

    func run() throws {
        let record = try Composition(configuration).agent.acceptRoster(reason: reason)
        try ActOutput(ActResult(record: record, plans: [], sentences: [record.summary])).write(output)
    }
}

/// `rollcall audit pseudonymize`: people long gone are forgotten, what was done to them is not.
struct AuditPseudonymize: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pseudonymize",
        abstract: "Replace emails and names of users removed long ago by pseudonyms; the audit stays provable.",
        discussion: """
              rollcall audit pseudonymize --removed-before 2024-11-21 --dry-run  how many
              rollcall audit pseudonymize --removed-before 2024-11-21
            """)

    @OptionGroup var configuration: ConfigurationOptions

    @Option(
        name: .customLong("removed-before"),
        help: "A day like 2024-11-21 (its beginning), or a time like 2024-11-21T02:15Z.",
        transform: GivenValue.time)
    var time: Int64

    @Flag(name: .customLong("dry-run"), help: "Only say how many users that would be.")
    var isDryRun = false

    func run() throws {
        let agent = Composition(configuration).agent
        var page = TextPage(style: ReportOptions.text.style)
        if isDryRun {
            let count = try agent.countRemoved(before: time)
            page.line("\(Counted.text(count, "user")) would be replaced by pseudonyms; nothing was written")
        } else {
            let count = try agent.pseudonymize(removedBefore: time)
            page.line("\(Counted.text(count, "user")) replaced by pseudonyms")
        }
        try Output.data(page.bytes)
    }
}
