import AccessModel
import ArgumentParser
import Reconciliation
import Reports
import SyncAgent

/// `rollcall drift`: what was changed by hand on the platform.
struct DriftCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drift", abstract: "Compare a platform's list of users with the roster; write nothing.",
        discussion: """
            Only what the list has a column for is compared.

              rollcall drift users.csv --target acme-desk
              rollcall drift users.csv --target acme-desk --detailed-exitcode
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ListOptions

    @Argument(help: "The platform's list of users, as for `import`.", completion: .file())
    var list: String

    @Option(help: "The target whose users these are.")
    var target: String

    @Flag(
        name: .customLong("detailed-exitcode"),
        help: "End with 0 when platform and roster agree, with 2 when they do not.")
    var hasDetailedExitCode = false

    func run() throws {
        let items = try Composition(configuration).agent.drift(path: list, target: target)
        try output.write(DriftCommand.listing, nothing: "platform and roster agree", rows: items.map(\.cells))
        if hasDetailedExitCode, !items.isEmpty { throw Finished(status: .changes) }
    }

    private static let listing = Listing(
        format: "rollcall.drift/1", noun: "difference", plural: "differences",
        columns: [
            .init("email", "email"), .init("kind", "what"), .init("scope", "scope"), .init("name", "name"),
            .init("roster", "roster"), .init("platform", "platform"), .init("managed", "managed"),
            .init("account", "account"), .init("line", "line", isNumber: true),
        ])
}

extension DriftItem {
    fileprivate var cells: [Cell] {
        [
            .text(email), .text(kind.rawValue), .text(scope.description), .text(name), .optional(roster),
            .optional(platform), .truth(managed), .text(account), line > 0 ? .number(line) : .none,
        ]
    }
}
