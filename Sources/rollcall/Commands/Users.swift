import AccessModel
import ArgumentParser
import Reconciliation
import Reports
import SQLiteRoster

/// `rollcall users`: who is on the roster.
struct Users: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List users with their status and access.",
        discussion: """
              rollcall users --status active --role agent-manager
              rollcall users --search ada
              rollcall users --unmanaged --target acme-desk
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ListOptions

    @Option(help: "Only users of this target.")
    var target: String?

    @Option(help: "Only users with this status: invited, active, suspended or removed; may be repeated.")
    var status: [UserStatus] = []

    @Option(help: "Only users with this role, anywhere in the target.")
    var role: String?

    @Option(help: "Only users with this in their email or name.")
    var search: String?

    @Flag(name: .customLong("unmanaged"), help: "Only unmanaged users: accounts of the platform that are nobody's.")
    var isUnmanaged = false

    @Option(help: "At most so many.", transform: GivenValue.number("a number of users", like: 50))
    var limit: Int?

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("`--limit` must be at least 1") }
    }

    func run() throws {
        let view = try RosterView(configuration)
        try view.check(target: target)
        if let role { try view.check(role: role, target: target) }
        let query = UserQuery(
            target: target, statuses: status.isEmpty ? nil : Set(status), role: role, text: search,
            managed: isUnmanaged ? false : nil, limit: limit)
        try output.write(.users, nothing: "no such users") { writer, sink in
            try view.roster.forEachUser(query) { try writer.row($0.cells, to: sink) }
        }
    }
}

extension UserStatus: ExpressibleByArgument {}

extension RosterUser {
    /// The facts of `Listing.users`.
    var cells: [Cell] {
        [
            .text(target), .text(email), .text(name), .text(status.rawValue),
            .text(access.sentence(byHand: details.manual)), .time(details.statusSince ?? since),
            .optional(lastSignIn), .list(details.causes.map(\.kind.rawValue)), .truth(managed),
            managed ? .text(person.directory) : .none, managed ? .text("\(person.id)") : .none,
        ]
    }
}
