import ArgumentParser
import Reports
import SyncAgent

/// `rollcall config`: what is set, and where.
struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show every setting as it is resolved, and where it comes from; secrets are never shown.",
        discussion: """
              rollcall config            every setting
              rollcall config acme-desk  what holds for one target
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ListOptions

    @Argument(help: "Settings of this target only; without it, what all share, and those of every target.")
    var target: String?

    func run() throws {
        let settings = try Composition(configuration).agent.settings(target: target)
        try output.write(
            Config.listing, nothing: "nothing is set",
            rows: settings.map { [.text($0.key), .text($0.value), .text($0.originText)] })
    }

    private static let listing = Listing(
        format: "rollcall.settings/1", noun: "setting", plural: "settings",
        columns: [.init("key", "setting"), .init("value", "value"), .init("origin", "from")])
}
