import ArgumentParser
import Reports
import SQLiteRoster
import SyncAgent

/// `rollcall export`: the roster for other programs.
struct Export: ParsableCommand {
    enum Content: String, ExpressibleByArgument, CaseIterable { case users, access, permissions }

    static let configuration = CommandConfiguration(
        abstract: "Write out users, what each has, or what each may do: CSV for spreadsheets, JSON for programs.",
        discussion: """
            One row for each user, for each thing that a user has, or for each effective permission of who is invited or active. \
            Removed users are left out, unless `--removed` is given with `users`.

              rollcall export users > users.csv
              rollcall export access --format json --target acme-desk
              rollcall export permissions > permissions.csv
            """)

    @OptionGroup var configuration: ConfigurationOptions

    @Argument(help: "users, access or permissions.")
    var content: Content

    @Option(help: "csv for spreadsheets, json for programs, text for people.")
    var format: OutputFormat = .csv

    @Option(help: "Only this target.")
    var target: String?

    @Flag(help: "Users who were removed, too.")
    var removed = false

    func validate() throws {
        if removed, content != .users {
            throw ValidationError("`--removed` goes with `users`: removed users have nothing")
        }
    }

    func run() throws {
        let view = try RosterView(configuration)
        try view.check(target: target)
        let rows = ExportedRows(view.roster, target: target)
        let lists = ListOptions.given(format, showsAll: true)
        switch content {
        case .users:
            try lists.write(.exportedUsers, nothing: "no users") { writer, sink in
                try rows.forEachUser(removed: removed) { try writer.row($0, to: sink) }
            }
        case .access:
            try lists.write(.exportedAccess, nothing: "nobody has anything") { writer, sink in
                try rows.forEachAccess { try writer.row($0, to: sink) }
            }
        case .permissions:
            try lists.write(.exportedPermissions, nothing: "nobody may do anything") { writer, sink in
                try rows.forEachPermission { try writer.row($0, to: sink) }
            }
        }
    }
}
