import ArgumentParser
import Reconciliation
import Reports
import SyncAgent

/// `rollcall findings`: what the last run of each target found, with the names by which findings are acknowledged.
struct Findings: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List what the last runs found that somebody should know, the severe ones first.",
        discussion: """
            `rollcall ack ID --until DAY --reason WHY` keeps one from speaking until that day.

              rollcall findings --target acme-desk
              rollcall findings --acknowledged --format json
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ListOptions

    @Option(help: "Only this target.")
    var target: String?

    @Flag(help: "Only findings that are acknowledged.")
    var acknowledged = false

    func run() throws {
        let found = try Composition(configuration).agent.findings(target: target)
        let rows = found.filter { !acknowledged || $0.acknowledgement != nil }
        try output.write(.findings, nothing: "no findings", rows: rows.map(\.cells))
    }
}

extension KnownFinding {
    fileprivate var cells: [Cell] {
        [
            .text(id), .text(target), .optional(finding?.weight.name), .text(code), .text(about),
            .optional(finding?.message), .end(optional: acknowledgement?.until), .optional(acknowledgement?.reason),
            .optional(acknowledgement?.actor),
        ]
    }
}
