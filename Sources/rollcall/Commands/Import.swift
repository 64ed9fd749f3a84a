import ArgumentParser
import SyncAgent

/// `rollcall import`: what a platform knows and the directory does not.
struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take over sign-ins and accepted invitations from a platform's list of users.",
        discussion: "The file is CSV with a head: `email` or `id`, then `last_sign_in` and `accepted`.")

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ReportOptions

    @Option(name: .customLong("update"), help: ArgumentHelp("The list of users.", valueName: "file"))
    var file: String

    @Option(help: "The target whose users these are.")
    var target: String

    func run() throws {
        let result = try Composition(configuration).agent.importSignIns(path: file, target: target)
        try ImportOutput(result, target: target).write(output)
    }
}
