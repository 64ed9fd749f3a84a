import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation
import Reports
import SQLiteRoster
import TestSupport
import Testing

@testable import SyncAgent

/// A review that came back signed.
struct SignedReviewTests {
    /// Twenty users; p1 has a switch by hand, p2 a permission.
    private func company(_ config: String = "    policy: {new: activate, keep_at_least: {user: 15}}") throws
        -> SmallCompany
    {
        let company = try SmallCompany()
        company.config = config
        try company.sync()
        company.sleep(hours: 1)
        for (person, part) in [
            ("p1", ManualGrant.Part.switchOn("crm_access")),
            ("p2", .permission(area: "analytics", values: ["view"])), ("p2", .switchOn("crm_access")),
        ] {
            _ = try company.agent().grant(
                GrantRequest(person: "\(person)@example.org", target: "desk", parts: [part], reason: "for a while"))
        }
        company.sleep(hours: 1)
        return company
    }

    /// The sheet as `rollcall review --format csv` writes it, row by row, each by the names of its columns.
    private func sheet(_ company: SmallCompany) throws -> [[String]] {
        let files = try company.agent().files()
        let target = try #require(files.target(named: "desk"))
        let (mirror, roster) = try company.roster { (try $0.loadMirror(), try $0.load(targets: ["desk"])) }
        let input = ReconcileInput(
            mirror: mirror, evaluation: .none, rules: target.ruleLabels, roster: roster.targets[0], now: company.now,
            run: roster.lastRun + 1)
        var bytes: [UInt8] = []
        var writer = ListingWriter(.review, format: .csv, style: .plain)
        try target.inquiry(input, mirror, pins: roster.pins, told: []).forEachReviewed(staleSeconds: 86_400) { item in
            writer.row(AccessReview.Row(item, since: 0).cells) { bytes += $0 }
        }
        writer.end(nothing: "") { bytes += $0 }
        return try CSVReader.rows(bytes).map(\.fields)
    }

    private func column(_ name: String) -> Int { Listing.review.columns.firstIndex { $0.key == name } ?? 0 }

    /// Signs the rows that the test is about.
    private func signed(
        _ rows: [[String]], _ decisions: [(email: String, access: String, decision: String)],
        by reviewer: String = "Grace",
        on date: String = "2027-01-15"
    ) -> String {
        var rows = rows
        for (email, access, decision) in decisions {
            for place in rows.indices
            where rows[place][column("email")] == email && rows[place][column("access")] == access {
                rows[place][column("decision")] = decision
                rows[place][column("reviewer")] = reviewer
                rows[place][column("date")] = date
                rows[place][column("comment")] = "no longer needed"
            }
        }
        return rows.map { $0.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ",") + "\r\n" }
            .joined()
    }

    private func carryOut(_ company: SmallCompany, _ text: String, isDryRun: Bool = false) throws -> ReviewResult {
        try company.agent().carryOut(
            ReviewRequest(path: company.directory.write("review.csv", text), isDryRun: isDryRun))
    }

    @Test func whatWasGivenByHandIsTakenBackWithReviewerAndDate() throws {
        let company = try company()
        let text = signed(try sheet(company), [("p1@example.org", "crm_access on", "revoke")])
        let before = try company.dump()
        let dry = try carryOut(company, text, isDryRun: true)
        #expect(dry.count(.revoked) == 1 && !dry.isWritten)
        #expect(try company.dump() == before)
        let result = try carryOut(company, text)
        #expect(result.isWritten && result.status == .done)
        #expect(result.undecided == 22)
        let user = try #require(try company.roster { try $0.users(.init(text: "p1@")).first })
        #expect(user.access.switches.isEmpty && user.details.manual.isEmpty)
        let last = try #require(try company.roster { try $0.history(of: user.person).last })
        #expect(last.reason.contains("access review by Grace on 2027-01-15: no longer needed"))
        #expect(try company.runs().first?.command == "review")
        #expect(try company.runs().first?.summary == "desk: 1 revoked, 0 suspended by an access review")
    }

    @Test func twoThingsOfOneUserGoTogether() throws {
        let company = try company()
        let result = try carryOut(
            company,
            signed(
                try sheet(company),
                [("p2@example.org", "crm_access on", "revoke"), ("p2@example.org", "analytics view", "revoke")]))
        #expect(result.count(.revoked) == 2)
        let user = try #require(try company.roster { try $0.users(.init(text: "p2@")).first })
        #expect(user.access.switches.isEmpty && user.access.permissions.isEmpty)
        #expect(try company.plan().plans.allSatisfy { $0.changes.isEmpty })
    }

    @Test func whatRulesGiveIsForAHumanToDo() throws {
        let company = try company()
        let before = try company.dump()
        let result = try carryOut(company, signed(try sheet(company), [("p3@example.org", "user", "revoke")]))
        #expect(result.status == .held && !result.isWritten)
        #expect(
            result.lines.map(\.note) == [
                "rules give it: take them out of group `staff`, or change rule `Staff` (mapping.yaml:4)"
            ])
        #expect(try company.dump() == before)
    }

    @Test func usersAreSuspendedAndTheLastOnesAreNot() throws {
        let company = try company()
        let people = (3...9).map { ("p\($0)@example.org", "user", "suspend") }
        let result = try carryOut(company, signed(try sheet(company), people))
        #expect(result.count(.suspended) == 5 && result.count(.refused) == 2)
        #expect(result.status == .held)
        #expect(try company.emails(.suspended).count == 5)
        let again = try carryOut(company, signed(try sheet(company), [("p3@example.org", "user", "suspend")]))
        #expect(again.count(.gone) == 1 && !again.isWritten)
    }

    /// A line is about what the reviewer saw: given anew, or gone, it is left alone and told.
    @Test func staleLinesAreToldAndLeft() throws {
        let company = try company()
        let rows = try sheet(company)
        let request = GrantRequest(
            person: "p1@example.org", target: "desk", parts: [.switchOn("crm_access")], reason: "over")
        _ = try company.agent().revoke(request)
        let gone = try carryOut(company, signed(rows, [("p1@example.org", "crm_access on", "revoke")]))
        #expect(gone.count(.gone) == 1 && gone.status == .done && !gone.isWritten)
        company.sleep(hours: 1)
        _ = try company.agent().grant(request)
        let changed = try carryOut(company, signed(rows, [("p1@example.org", "crm_access on", "revoke")]))
        #expect(changed.count(.changed) == 1 && changed.status == .held && !changed.isWritten)
    }

    @Test func whoSaysNoChangesNothing() throws {
        let company = try company()
        let before = try company.dump()
        let path = try company.directory.write(
            "review.csv", signed(try sheet(company), [("p1@example.org", "crm_access on", "revoke")]))
        let result = try company.agent().carryOut(ReviewRequest(path: path, isDryRun: false)) { _ in false }
        #expect(result.isDeclined && result.status == .failed)
        #expect(try company.dump() == before)
    }

    @Test func aTargetThatIsOnlyObservedIsLeft() throws {
        let company = try company()
        let rows = try sheet(company)
        company.mode = "observe"
        let result = try carryOut(company, signed(rows, [("p1@example.org", "crm_access on", "revoke")]))
        #expect(result.count(.refused) == 1 && !result.isWritten)
    }

    // MARK: Files that are not as they should be

    private func problems(_ text: String) -> [String] {
        ReviewFile(path: "review.csv", bytes: Array(text.utf8), now: 1_800_000_000).diagnostics.sorted.map {
            "\($0.position.map { "\($0.line):\($0.column)" } ?? "") \($0.message)"
        }
    }

    private static let head = "target,directory,id,part,code,decision,reviewer,date\n"
    private static let id = "00000000-0000-4000-8000-000000000001"

    @Test(arguments: [
        ("revok,Grace,2027-01-01", "2:72 expected `keep`, `revoke` or `suspend`, found `revok`"),
        ("revoke,,2027-01-01", "2:79 a decision without a reviewer"),
        ("revoke,Grace,", "2:85 a decision without a date"),
        ("revoke,Grace,01.02.2027", "2:85 expected a day, found `01.02.2027`"),
        ("revoke,Grace,2027-12-31", "2:85 the day `2027-12-31` is still to come"),
    ])
    func eachCellIsNamedWithItsPlace(_ cells: String, _ problem: String) {
        #expect(problems(Self.head + "desk,corp,\(Self.id),switches=crm_access,abc,\(cells)\n") == [problem])
    }

    @Test func whatASpreadsheetSpoiledIsTold() {
        #expect(problems("target;directory;id\n") == ["1:1 the columns are parted by semicolons, expected commas"])
        #expect(problems("target,id\n")[0].hasPrefix("1:1 there is no column `directory`, `part`"))
        #expect(
            problems(Self.head + "desk,corp,spoiled by a spreadsheet,switches=crm_access,abc,keep,Grace,2027-01-01\n")
                == [
                    "2:11 expected an immutable id, found `spoiled by a spreadsheet`"
                ])
        #expect(
            problems(Self.head + "desk,corp,\(Self.id),crm,abc,keep,Grace,2027-01-01\n") == [
                "2:48 `crm` is no part of an access"
            ])
        #expect(problems("") == ["1:1 the file holds nothing"])
    }

    @Test func contradictionsAreErrors() {
        let line = "desk,corp,\(Self.id),switches=crm_access,abc"
        let other = "desk,corp,\(Self.id),roles=:user,abc"
        #expect(
            problems(Self.head + "\(line),keep,Grace,2027-01-01\n\(line),revoke,Grace,2027-01-01\n") == [
                "3:72 `revoke`, and line 2 says `keep` of the same"
            ])
        #expect(
            problems(Self.head + "\(line),revoke,Grace,2027-01-01\n\(other),suspend,Grace,2027-01-01\n") == [
                "2:72 line 3 suspends the same user, who then can do nothing with it"
            ])
    }

    /// What a spreadsheet was kept from calculating is read back without its `'`.
    @Test func quotesAgainstFormulasComeOff() {
        let file = ReviewFile(
            path: "review.csv",
            bytes: Array(
                (Self.head + "desk,corp,\(Self.id),switches=crm_access,abc,keep,'=Grace,2027-01-01\n").utf8),
            now: 1_800_000_000)
        #expect(file.lines.map(\.reviewer) == ["=Grace"])
    }
}
