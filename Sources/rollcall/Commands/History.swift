import ArgumentParser
import Reports
import SQLiteRoster

/// `rollcall history`: everything that ever happened to somebody.
struct History: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List everything that ever changed for a person, oldest first.",
        discussion: """
              rollcall history ada@example.org
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ListOptions

    @Argument(help: "Email, login, alias, DN or immutable id.")
    var person: String

    func run() throws {
        let view = try RosterView(configuration)
        let found = try view.person(person)
        let entries = try view.roster.history(of: found.person)
        try output.write(.changes, nothing: "nothing ever changed for \(found.label)", rows: entries.map(\.cells))
    }
}
