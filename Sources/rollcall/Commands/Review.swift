import ArgumentParser
import Diagnostics
import Glibc
import Reconciliation
import Reports
import SQLiteRoster
import SyncAgent

/// `rollcall review`: who has what and why, to be signed; and what the signed sheet decides.
struct Review: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, csv, html }

    static let configuration = CommandConfiguration(
        abstract: "List who has what, why and since when, to be signed; carry out what a signed sheet decides.",
        discussion: """
            Privileged access stands first; who has not signed in for long is marked. In the sheet, `decision` takes keep, revoke \
            or suspend, with `reviewer` and `date`; an empty one decides nothing.

              rollcall review --format html > review.html     to read and print
              rollcall review --format csv > review.csv       to sign in a spreadsheet
              rollcall review --import review.csv --dry-run   what the sheet would do
              rollcall review --import review.csv             show that, ask, and do it
            """)

    @OptionGroup var configuration: ConfigurationOptions

    @Option(help: "text for people, csv to sign, html to read and print, json for programs.")
    var format: Format = .text

    @Option(help: "Only this target.")
    var target: String?

    @Flag(name: .customLong("privileged"), help: "Only privileged access.")
    var isPrivileged = false

    @Flag(name: .customLong("stale"), help: "Only access of those who have not signed in for long, or never came.")
    var isStale = false

    @Option(
        help: ArgumentHelp(
            "How long without a sign-in makes access stale: 90d. Without it: `inactive: after` of each target.",
            valueName: "time"))
    var staleAfter: String?

    @Option(
        name: .customLong("import"), help: ArgumentHelp("Carry out what this signed sheet decides.", valueName: "file"),
        completion: .file())
    var signed: String?

    @Flag(help: "Only show what a signed sheet would do.")
    var dryRun = false

    @Flag(name: .customLong("yes"), help: "Do not ask.")
    var isAgreed = false

    @Flag(name: .customLong("all"), help: "Show long lists whole on a terminal.")
    var showsAll = false

    func validate() throws {
        if signed != nil {
            guard target == nil, !isPrivileged, !isStale, staleAfter == nil else {
                throw ValidationError(
                    "`--import` carries out the whole sheet: it goes with `--dry-run` and `--yes` only")
            }
            guard format == .text || format == .json else {
                throw ValidationError("`--import` answers as text or json")
            }
        } else if dryRun || isAgreed {
            throw ValidationError("`--dry-run` and `--yes` go with `--import`")
        }
    }

    func run() throws {
        if let signed { return try carryOut(signed) }
        let seconds = try staleAfter.map { text throws -> Int64 in
            guard let length = DurationText.parse(text), length.components.seconds > 0 else {
                throw AgentFailure(
                    .usage, "`--stale-after \(text)` is no length of time", hint: "write it like 90d or 12w")
            }
            return length.components.seconds
        }
        let view = try RosterView(configuration)
        let scene = try InquiryScene(view, target: target)
        let review = try ReviewInquiry(scene, staleSeconds: seconds, staleText: staleAfter).review { item in
            (!isPrivileged || item.isPrivileged) && (!isStale || item.use == .stale || item.use == .neverAccepted)
        }
        try write(review)
    }

    private func write(_ review: AccessReview) throws {
        if format == .html {
            var page = ReviewHTML(review)
            return try page.write { try Output.data($0) }
        }
        let lists = ListOptions.given(OutputFormat(rawValue: format.rawValue) ?? .text, showsAll: showsAll)
        let nothing = "nobody has anything to look at"
        try lists.write(format == .text ? .reviewForPeople : .review, nothing: nothing) { writer, sink in
            for row in review.rows { try writer.row(format == .text ? row.short : row.cells, to: sink) }
        }
    }

    private func carryOut(_ path: String) throws {
        let composition = Composition(configuration)
        var output = ReportOptions.text
        output.format = format == .json ? .json : .text
        output.showsAll = showsAll
        let confirmation = try Confirmation(isAgreed: isAgreed || dryRun, output: output)
        let result = try composition.agent.carryOut(ReviewRequest(path: path, isDryRun: dryRun)) {
            confirmation.isGiven(for: $0)
        }
        composition.progress.clear()
        try ReviewOutput(result, isDryRun: dryRun, wasShown: confirmation.wasShown).write(output)
        try composition.end(result.status)
    }
}
