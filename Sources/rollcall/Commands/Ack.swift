import ArgumentParser
import Reconciliation
import Reports
import SyncAgent

/// `rollcall ack`: a finding that somebody knows of is silent until a day.
struct Ack: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Acknowledge findings: until a day they make no night speak, and are counted apart.",
        discussion: """
            FINDING is the name that reports and `rollcall findings` show, eight letters and digits; or a code like `person.no-email`, \
            which means every finding of it that there is now. `rollcall ack --list` shows what is acknowledged, \
            `rollcall ack FINDING --take-back` takes it back.

              rollcall ack 7dtsxv6c --until 2026-12-31 --reason 'ticket 4711'
              rollcall ack person.no-email --until 2026-12-31 --reason 'ticket 4711'
              rollcall ack 7dtsxv6c --take-back
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ListOptions

    @Argument(help: ArgumentHelp("Names or codes of findings.", valueName: "finding"))
    var findings: [String] = []

    @Option(
        help: ArgumentHelp(
            "The last day, like 2026-12-01, which counts whole in UTC, or a time with its zone.", valueName: "day"))
    var until: String?

    @Option(help: "Why. It is kept with the runs.")
    var reason: String?

    @Option(help: "Only findings of this target.")
    var target: String?

    @Flag(help: "Let them speak again.")
    var takeBack = false

    @Flag(help: "List what is acknowledged.")
    var list = false

    func validate() throws {
        if list {
            guard findings.isEmpty, until == nil, reason == nil, !takeBack else {
                throw ValidationError("`--list` takes no findings and none of the other options but `--target`")
            }
            return
        }
        guard !findings.isEmpty else {
            throw ValidationError("name a finding: `rollcall findings` lists them; or `--list` what is acknowledged")
        }
        if takeBack {
            guard until == nil else { throw ValidationError("`--take-back` and `--until` exclude each other") }
            return
        }
        guard until != nil else { throw ValidationError("`--until` says how long: a day like 2026-12-01") }
        guard reason != nil else { throw ValidationError("`--reason` says why; it is kept with the runs") }
    }

    func run() throws {
        let composition = Composition(configuration)
        if list {
            let known = try composition.agent.acknowledgements(target: target)
            return try output.write(.acknowledgements, nothing: "nothing is acknowledged", rows: known.map(\.cells))
        }
        var request = AckRequest(findings: findings, target: target, reason: reason ?? "")
        request.until = until
        let done =
            takeBack ? try composition.agent.takeBack(request) : try composition.agent.acknowledge(request)
        let listing: Listing = takeBack ? .acknowledgementsTakenBack : .acknowledgements
        try output.write(listing, nothing: "nothing is acknowledged", rows: done.map(\.cells))
        try composition.end()
    }
}

extension KnownFinding {
    fileprivate var cells: [Cell] {
        [
            .text(id), .text(target), .text(code), .text(about), .end(optional: acknowledgement?.until),
            .optional(acknowledgement?.reason), .optional(acknowledgement?.actor), .optional(acknowledgement?.since),
            .truth(isThere),
        ]
    }
}
