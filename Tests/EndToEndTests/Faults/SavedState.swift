import Foundation
import SQLiteRoster
import TestSupport

/// A copy of a state directory, and what its roster means.
///
/// Everything is read from copies: what a killed run left behind stays for the next run to deal with.
final class SavedState: Sendable {
    let folder: TemporaryDirectory
    /// The roster as ordered text, without messages that wait to be delivered; empty where there is none.
    let meaning: String
    /// How many messages wait.
    let waiting: Int
    /// What does not fit in the chain of runs, or in what they left.
    let problems: [String]
    /// A digest of the public views, as another program reads them.
    let views: String
    /// The same of the views that say who has what, and not which run made it so.
    let people: String

    init(of site: Site) throws {
        folder = try TemporaryDirectory()
        try Command.run("cp", ["-a", site.statePath, folder.path("state")], in: folder.url)
        let reading = try TemporaryDirectory()
        try Command.run("cp", ["-a", site.statePath, reading.path("state")], in: reading.url)
        let roster = reading.path("state/roster.sqlite")
        let size = try? FileManager.default.attributesOfItem(atPath: roster)[.size] as? Int
        guard let size, size > 0 else {
            meaning = ""
            waiting = 0
            problems = []
            views = ""
            people = ""
            return
        }
        views = try SavedState.views(SavedState.names, of: roster, in: reading)
        people = try SavedState.views(Array(SavedState.names.prefix(5)), of: roster, in: reading)
        guard !views.isEmpty else {
            meaning = ""
            waiting = 0
            problems = []
            return
        }
        let store = try SQLiteRoster(RosterOpening(path: roster, use: .read))
        defer { try? store.close() }
        let lines = try store.dump().split(separator: "\n")
        meaning = lines.filter { !$0.hasPrefix("message ") }.joined(separator: "\n")
        waiting = lines.count { $0.hasPrefix("message ") }
        problems = try store.verify().problems
    }

    /// Through the command line of SQLite: the file is whole, and the views hold rows.
    ///
    /// Empty for a file without tables.
    /// Views; those that do not speak of runs stand first.
    private static let names = ["users", "access", "permissions", "seats", "waiting", "audit", "findings"]

    private static func views(
        _ names: [String], of roster: String, in folder: TemporaryDirectory
    ) throws -> String {
        let queries = names.map { "SELECT '\($0)', * FROM roster_\($0);" }.joined(separator: " ")
        try folder.write(
            """
            set -e
            damage=$(sqlite3 "$1" 'PRAGMA integrity_check; PRAGMA foreign_key_check;')
            [ "$damage" = ok ] || { echo "damaged: $damage"; exit 1; }
            [ "$(sqlite3 "$1" 'SELECT count(*) FROM sqlite_schema')" != 0 ] || { : >digest; exit 0; }
            sqlite3 "$1" "\(queries)" | LC_ALL=C sort | sha256sum >digest
            """, to: "views.sh")
        try Command.run("sh", [folder.path("views.sh"), roster], in: folder.url)
        return try String(contentsOfFile: folder.path("digest"), encoding: .utf8)
    }
}

extension SavedState {
    /// The first lines that one has and the other has not, for messages.
    func difference(from other: SavedState) -> String {
        let (mine, theirs) = (lines, other.lines)
        let more = mine.subtracting(theirs).sorted().prefix(3).map { "+ \($0)" }
        let less = theirs.subtracting(mine).sorted().prefix(3).map { "- \($0)" }
        return (more + less).joined(separator: "\n") + (views == other.views ? "" : "\nother views")
    }

    private var lines: Set<Substring> { Set(meaning.split(separator: "\n")) }
}

extension SavedState: Equatable {
    static func == (one: SavedState, other: SavedState) -> Bool {
        one.meaning == other.meaning && one.views == other.views
    }
}
