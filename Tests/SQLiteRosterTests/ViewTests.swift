import AccessModel
import DirectoryModel
import Foundation
import Reconciliation
import SQLiteRoster
import TestSupport
import Testing

/// The public views are what their documentation says.
struct ViewTests {
    private struct Section {
        var view: String
        var columns: [String] = []
        var queries: [String] = []
    }

    private func documented() throws -> [Section] {
        let page = "docs/reference/roster.md"
        var sections: [Section] = []
        let blocks = try FencedBlock.all(of: page).filter { $0.language == "sql" }
        for line in try Repository.text(page).components(separatedBy: "\n") {
            if line.hasPrefix("## ") {
                let heading = String(line.dropFirst(3))
                sections.append(
                    Section(
                        view: heading.replacing("`", with: ""),
                        queries: blocks.filter { $0.heading == heading }.map(\.text)))
            } else if line.hasPrefix("| `"), !sections.isEmpty {
                let name = line.dropFirst(3).prefix { $0 != "`" }
                sections[sections.count - 1].columns.append(String(name))
            }
        }
        return sections.filter { $0.view.hasPrefix("roster_") }
    }

    @Test func documentationNamesEveryViewAndColumn() throws {
        let (scratch, _) = try ScratchRoster.filled(seed: 15)
        let raw = try RawDatabase(scratch.path)
        let sections = try documented()
        let views = try raw.rows("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name").compactMap {
            $0[0]
        }
        #expect(sections.map(\.view).sorted() == views)
        for section in sections {
            let columns = try raw.rows("SELECT name FROM pragma_table_info('\(section.view)')").compactMap { $0[0] }
            #expect(columns == section.columns, "\(section.view)")
            #expect(!section.queries.isEmpty, "\(section.view)")
        }
    }

    @Test func examplesOfTheDocumentationRun() throws {
        let (scratch, _) = try ScratchRoster.filled(seed: 15)
        let raw = try RawDatabase(scratch.path)
        for section in try documented() {
            for query in section.queries { try raw.execute(query) }
        }
    }

    @Test func suspendedAndRemovedUsersHaveNoPermissions() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 16, nights: 8)
        let raw = try RawDatabase(scratch.path)
        let away = """
            SELECT count(*) FROM roster_permissions p JOIN roster_users u USING (user_number)
            WHERE u.status IN ('suspended', 'removed')
            """
        #expect(try raw.rows(away) == [["0"]])
        #expect(try raw.rows("SELECT count(*) > 0 FROM roster_permissions") == [["1"]])
        let expected = try roster.users(UserQuery()).reduce(0) { count, user in
            count + user.effective.split(separator: ";").reduce(0) { $0 + $1.split(separator: "+").count }
        }
        #expect(try raw.rows("SELECT count(*) FROM roster_permissions") == [["\(expected)"]])
    }

    @Test func viewsTellWhatTheRosterHolds() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 17, nights: 6)
        let raw = try RawDatabase(scratch.path)
        let users = try roster.users(UserQuery(statuses: [.invited, .active, .suspended, .removed]))
        let shown = try raw.rows("SELECT target, email, status, directory, person_id, causes, reason FROM roster_users")
        let expected = users.map { user in
            let bytes = user.person.id.bytes
            let causes = user.details.causes.map(\.kind.rawValue).joined(separator: ",")
            return [
                user.target, user.email, user.status.rawValue, user.person.directory,
                !user.managed
                    ? nil
                    : bytes.count == 16
                        ? user.person.id.description
                        : "0x" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(),
                causes.isEmpty ? nil : causes, user.reason,
            ]
        }
        #expect(Set(shown) == Set(expected))
        #expect(!users.isEmpty)
        let audit = try raw.rows("SELECT change, evidence FROM roster_audit ORDER BY entry")
        var changes: [[String?]] = []
        for run in try roster.runs().reversed() {
            changes += try roster.changes(ofRun: run.record.number).map { ["\($0.kind)", "\($0.evidence)"] }
        }
        #expect(audit == changes)
        for target in RandomRun.targets {
            let waiting = try raw.rows("SELECT count(*) FROM roster_waiting WHERE target = '\(target)'")
            #expect(try waiting == [["\(roster.waiting(target: target).count)"]])
        }
    }
}
