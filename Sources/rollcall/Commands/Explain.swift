import ArgumentParser
import Reports
import SQLiteRoster
import SyncAgent

/// `rollcall explain`: why somebody has what they have, or has not.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Explain why a person has what they have, and since when.",
        discussion: "It looks at the directory as the last applied run read it, and at the rules as they are now.")

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ReportOptions

    @Argument(help: "Email, login, alias, DN or immutable id.")
    var person: String

    @Option(name: .customLong("why-not"), help: "Show every rule that could give this role, and what is in its way.")
    var role: String?

    @Option(help: "Only this target.")
    var target: String?

    func run() throws {
        let view = try RosterView(configuration)
        let report = try PersonInquiry(view).report(on: try view.person(person), target: target, whyNot: role)
        try Output.data(
            output.format == .json ? PersonJSON.bytes(report) : PersonText.bytes(report, style: output.style))
    }
}
