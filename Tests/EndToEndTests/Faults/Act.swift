import Foundation
import TestSupport

/// The commands that write, each with a site right before it that matters.
enum Act: String, CaseIterable, Sendable {
    case sync, undo, apply, adopt, grant, restore, backup

    /// The command on a site of so many people, with how it goes undisturbed.
    func undisturbed(people count: Int = 12) throws -> Undisturbed {
        var site = try Site(ldif: Array(Company.firstNight(count).utf8))
        try site.tellProgram()
        if self == .adopt {
            try site.folder.write(Act.accounts(count), to: "users.csv")
            return try Undisturbed(site, command, from: nil)
        }
        _ = try site.prepare()
        try Act.must(site.run(["backup", "copy.sqlite"]))
        try site.write(Array(Company.secondNight(count).utf8), to: "people.ldif")
        site.hour = 24
        switch self {
        case .undo, .restore: _ = try site.prepare()
        case .apply: try Act.must(site.run(["plan", "--out", "plan.json"]))
        case .sync, .adopt, .grant, .backup: break
        }
        return try Undisturbed(site, command, from: try site.saved())
    }

    private var command: [String] {
        switch self {
        case .sync: ["sync", "--yes"]
        case .undo: ["undo", "2", "--yes"]
        case .apply: ["apply", "plan.json", "--yes"]
        case .adopt: ["import", "users.csv", "--target", "desk", "--yes"]
        case .grant:
            [
                "grant", "p7", "--role", "agent-manager", "--workspace", "support", "--target", "desk",
                "--until", "2027-01-31", "--reason", "stands in",
            ]
        case .restore: ["restore", "copy.sqlite", "--accept-rollback", "--reason", "the disk is gone"]
        case .backup: ["backup", Undisturbed.copy]
        }
    }

    /// Half of the people have an account already, and one account is nobody's.
    private static func accounts(_ count: Int) -> String {
        let known = (0..<(count / 2)).map { "u-\($0),p\($0)@example.org,support,chat-user\n" }
        return "account,email,workspace,role\n" + known.joined() + "u-x,stranger@partner.example,support,chat-user\n"
    }

    private static func must(_ ended: Child.Ended) throws {
        guard ended.status == 0 else { throw Command.Failure(description: ended.message) }
    }
}
