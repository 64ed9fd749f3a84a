import Diagnostics
import Foundation
import TestSupport
import Testing

/// Sheets of the built program, over a company whose people have hostile names, in the hands of a real spreadsheet.
struct SignedSheetTests {
    private static let lists: [String] = [
        "plan", "users", "export users", "export access", "export permissions", "changes --since 1", "runs", "show 1",
        "seats", "findings", "review", "explain --role chat-user --target desk", "history +plus@small.example",
    ]

    private let scenario: Scenario
    private var clock = 1_795_227_300

    init() throws {
        scenario = try Scenario("signed-sheet")
        var people = try String(contentsOfFile: scenario.path + "/people.ldif", encoding: .utf8)
        var members = ""
        for (number, name) in Self.people.enumerated() {
            let (login, email) = ("guest\(number)", number == 0 ? "+plus" : "guest\(number)")
            members += "member: uid=\(login),ou=people,dc=small,dc=example\n"
            people += """

                dn: uid=\(login),ou=people,dc=small,dc=example
                objectClass: inetOrgPerson
                uid: \(login)
                \(LDIFLine.encoded("cn", name))
                sn: Guest
                mail: \(email)@small.example
                entryUUID: 5a110008-0000-4000-8000-\(String(format: "%012d", number))

                """
        }
        let head = "dn: cn=support,ou=groups,dc=small,dc=example\n"
        try people.replacingOccurrences(of: head, with: head + members)
            .write(toFile: scenario.path + "/people.ldif", atomically: true, encoding: .utf8)
        try scenario.edit("replace", ["rollcall.yaml", "seats: 6", "seats: 400"])
    }

    /// Whoever has a dangerous scalar in the name is set aside.
    private static let people = HostileNames.all.filter { !$0.unicodeScalars.contains(where: SafeText.isDangerous) }

    private func rollcall(_ arguments: [String], status: Int32 = 0) throws -> String {
        let ended = try Rollcall.run(
            arguments + ["--config", "rollcall.yaml"], in: URL(fileURLWithPath: scenario.path),
            environment: ["ROLLCALL_NOW": String(clock)])
        #expect(ended.status == status, "\(arguments): \(ended.output)")
        return ended.output
    }

    private func write(_ text: String, _ name: String) throws -> URL {
        let file = URL(fileURLWithPath: scenario.path).appendingPathComponent(name)
        try Data(text.utf8).write(to: file)
        return file
    }

    /// A review that was signed and saved with a spreadsheet is carried out as it was signed, a list of people as it was written, and
    /// nothing in any list is calculated.
    @Test mutating func sheetSavedByASpreadsheetIsCarriedOut() throws {
        let office = try Spreadsheet()
        _ = try rollcall(["sync", "--yes"])
        clock += 3_600
        let byHand = ["+plus", "guest1", "guest2", "guest3"].map { "\($0)@small.example" }
        for person in byHand {
            _ = try rollcall([
                "grant", person, "--target", "desk", "--workspace", "support", "--role", "agent-manager", "--reason",
                "x;=1+1,\"y\"",
            ])
        }
        clock += 3_600
        let signed = try sign(
            try rollcall(["review", "--format", "csv"]),
            zip(byHand, ["revoke", "revoke", "revoke", "keep"]) + [("guest4@small.example", "suspend")])
        let review = try office.saved(try write(signed, "review.csv"))
        let said = try rollcall(["review", "--import", review.path, "--yes"])
        #expect(said.contains("3 taken back"), "\(said)")
        #expect(said.contains("1 suspended"), "\(said)")
        let access = try rollcall(["export", "access"]).components(separatedBy: "\r\n")
        for person in byHand {
            let isManager = access.contains { $0.contains(person) && $0.contains("agent-manager") }
            #expect(isManager == (person == byHand[3]), "\(person)")
        }
        let found = try rollcall(["users", "--search", "+plus", "--format", "csv"])
        let leavers = try office.saved(try write(found, "leavers.csv"))
        _ = try rollcall(["suspend", "--from", leavers.path, "--reason", "left", "--yes"])
        let suspended = try rollcall(["users", "--status", "suspended"])
        #expect(suspended.contains("guest4@small.example") && suspended.contains("+plus@small.example"))
        try expectNothingIsCalculated(office)
    }

    /// The review with decisions in it, one line of each person.
    private func sign(_ review: String, _ decisions: [(email: String, decision: String)]) throws -> String {
        var lines = review.components(separatedBy: "\r\n")
        for (email, decision) in decisions {
            let place = try #require(lines.firstIndex { $0.contains(email) && $0.hasSuffix(",,,,") })
            lines[place] = String(lines[place].dropLast(4)) + ",\(decision),Grace,2026-11-21,\"no; =longer\""
        }
        return lines.joined(separator: "\r\n")
    }

    private func expectNothingIsCalculated(_ office: Spreadsheet) throws {
        let files = try Self.lists.map { list in
            let text = try rollcall(list.components(separatedBy: " ") + ["--format", "csv"])
            #expect(text.components(separatedBy: "\r\n").count > 2, "\(list): \(text)")
            return try write(text, list.replacingOccurrences(of: " ", with: "_") + ".csv")
        }
        for separator in Spreadsheet.Separator.allCases {
            let opened = try office.open(files, partedBy: separator)
            #expect(opened.count == files.count)
            for (name, sheet) in opened {
                #expect(sheet.formulas == [], "\(name), parted by \(separator)")
                #expect(sheet.rows.count > 1, "\(name)")
            }
        }
    }
}
