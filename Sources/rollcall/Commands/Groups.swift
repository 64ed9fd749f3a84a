import ArgumentParser
import MappingLanguage
import Reconciliation
import Reports
import SQLiteRoster

/// `rollcall groups`: the groups that rules name.
struct Groups: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List mapped groups with the people they had in the last applied run.",
        discussion: """
              rollcall groups
              rollcall groups --target acme-desk --format csv > groups.csv
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ListOptions

    @Option(help: "Only groups of this target's mapping.")
    var target: String?

    func run() throws {
        let view = try RosterView(configuration)
        try view.check(target: target)
        try output.write(.groups, nothing: "nothing was applied yet") { writer, sink in
            for name in try target.map({ [$0] }) ?? view.roster.targets() {
                for group in try view.roster.mappedGroups(target: name) {
                    try writer.row(
                        [
                            .text(name), .text(group.name), .number(group.people), .text(group.dn),
                            .text(group.key.directory), .text("\(group.key.id)"),
                        ], to: sink)
                }
            }
        }
    }
}
