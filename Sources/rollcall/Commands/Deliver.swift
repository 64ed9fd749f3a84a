import ArgumentParser
import SyncAgent

/// `rollcall deliver`: sends what waits in the outbox.
struct Deliver: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hand waiting messages about applied changes to the program under `deliver`.",
        discussion: """
            Every command that changes users does it at its end; this one tries again what failed.

              rollcall deliver
              rollcall deliver --format json
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ReportOptions

    func run() throws {
        let report = try Composition(configuration).agent.deliver()
        let view = DeliveryOutput(report, now: Clock.now())
        try Output.data(output.format == .json ? view.json() : view.text(style: output.style))
        if !report.isQuiet { throw Finished(status: .failed) }
    }
}
