import AccessModel
import Diagnostics
import DirectoryModel
import Reconciliation
import SQLiteRoster
import TestSupport
import Testing

@testable import SyncAgent

/// Taking over a platform's users, from the list to the roster.
struct AdoptTests {
    private let list = """
        id,email,role,status,last_sign_in
        u-1,p1@example.org,User,active,2027-01-10
        u-2,P2@Example.org,Admin,invited,
        u-9,guest@partner.example,User,active,

        """

    private func request(_ company: SmallCompany, _ text: String, isDryRun: Bool = false) throws -> AdoptionRequest {
        AdoptionRequest(
            path: try company.directory.write("users.csv", text), target: "desk", extras: .takeBack,
            isDryRun: isDryRun)
    }

    @Test func aFirstListNeedsNoEarlierRun() throws {
        let company = try SmallCompany()
        let result = try company.agent().adopt(try request(company, list))
        #expect(result.sentence == "2 adopted, 1 unmanaged")
        #expect(result.hasPulled)
        #expect(try company.emails(.active) == ["guest@partner.example", "p1@example.org"])
        #expect(try company.emails(.invited) == ["P2@Example.org"])
        company.sleep(hours: 1)
        let night = try company.sync()
        #expect(night.plans[0].changes.count { $0.kind == .invite } == 18)
        #expect(try company.emails(.active) == ["guest@partner.example", "p1@example.org"])
    }

    @Test func aDryRunWritesNothing() throws {
        let company = try SmallCompany()
        let result = try company.agent().adopt(try request(company, list, isDryRun: true))
        #expect(result.sentence == "2 adopted, 1 unmanaged")
        #expect(try company.dump() == "")
        #expect(try !company.directory.names().contains("users.unmatched.csv"))
        try company.sync()
        let before = try company.dump()
        _ = try company.agent().adopt(try request(company, list, isDryRun: true))
        #expect(try company.dump() == before)
    }

    @Test func whoSaysNoChangesNothing() throws {
        let company = try SmallCompany()
        try company.sync()
        let before = try company.dump()
        let result = try company.agent().adopt(try request(company, list)) { shown in
            #expect(shown.count(.unmanaged) == 1)
            return false
        }
        #expect(result.ending == .declined)
        #expect(try company.dump() == before)
        #expect(try !company.directory.names().contains("users.unmatched.csv"))
    }

    @Test func theUnmatchedAreWrittenAndNeverOverAFile() throws {
        let company = try SmallCompany()
        let first = try company.agent().adopt(try request(company, list))
        #expect(first.unmatchedPath.map(FilePath.name) == "users.unmatched.csv")
        let why = "\"nobody in the directory has this email, alias or account id\""
        #expect(
            try company.directory.text("users.unmatched.csv")
                == "id,email,role,status,last_sign_in,person,why\r\nu-9,guest@partner.example,User,active,,,\(why)\r\n")
        company.sleep(hours: 1)
        let second = try company.agent().adopt(try request(company, list))
        #expect(second.unmatchedPath.map(FilePath.name) == "users.unmatched.csv")
        company.sleep(hours: 1)
        let third = try company.agent().adopt(try request(company, list + "u-10,b@partner.example,User,active,\n"))
        #expect(third.unmatchedPath.map(FilePath.name) == "users.unmatched-2.csv")
        var asked = try request(company, list)
        asked.unmatchedPath = company.directory.path("users.unmatched-2.csv")
        let failure = #expect(throws: AgentFailure.self) { try company.agent().adopt(asked) }
        #expect(failure?.status == .cannotWrite)
    }

    @Test func anImportThatWasKilledAfterItsFileIsGivenAgain() throws {
        let killed = try SmallCompany()
        var first = try request(killed, list)
        first.unmatchedPath = killed.directory.path("open.csv")
        _ = try killed.agent().adopt(first)
        let company = try SmallCompany()
        var again = try request(company, list)
        again.unmatchedPath = try company.directory.write("open.csv", try killed.directory.text("open.csv"))
        #expect(try company.agent().adopt(again).sentence == "2 adopted, 1 unmanaged")
        let other = try SmallCompany()
        var taken = try request(other, list)
        taken.unmatchedPath = try other.directory.write("open.csv", "notes\n")
        #expect(#expect(throws: AgentFailure.self) { try other.agent().adopt(taken) }?.status == .cannotWrite)
        #expect(try other.directory.text("open.csv") == "notes\n")
        taken.isDryRun = true
        #expect(throws: AgentFailure.self) { try other.agent().adopt(taken) }
    }

    @Test func whatWasFilledInIsTakenOver() throws {
        let company = try SmallCompany()
        _ = try company.agent().adopt(try request(company, list))
        company.sleep(hours: 1)
        let filled = "id,email,role,status,person,why\nu-9,guest@partner.example,User,active,p7,nobody\n"
        let result = try company.agent().adopt(try request(company, filled))
        #expect(result.sentence == "1 linked")
        company.sleep()
        let night = try company.sync()
        #expect(night.plans[0].changes.contains { $0.kind == .changeEmail && $0.after == "p7@example.org" })
        #expect(night.plans[0].changes.count { $0.kind == .invite } == 17)
    }

    @Test func anAccountIsLinkedByHandAndOnlyOnce() throws {
        let company = try SmallCompany()
        _ = try company.agent().adopt(try request(company, list))
        company.sleep(hours: 1)
        func link(_ account: String, _ person: String) throws -> ActResult {
            try company.agent().link(account: account, person: person, target: "desk", reason: "ticket 7")
        }
        #expect(#expect(throws: AgentFailure.self) { try link("u-9", "nobody") }?.status == .failed)
        #expect(#expect(throws: AgentFailure.self) { try link("u-9", "p1") }?.status == .failed)
        #expect(#expect(throws: AgentFailure.self) { try link("u-8", "p7") }?.status == .failed)
        #expect(try link("u-9", "p7").sentences == ["desk: `u-9` is p7@example.org"])
        company.sleep(hours: 1)
        #expect(
            #expect(throws: AgentFailure.self) { try link("u-9", "p8") }?.message
                == "the account `u-9` is that of `guest@partner.example` on `desk` already")
    }

    private func accounts(_ company: SmallCompany) throws -> [String] {
        try company.roster { roster in
            let users = try roster.load(targets: ["desk"]).targets[0]
            return try roster.accounts(target: "desk").compactMap { known in
                users.users.first { $0.user == known.user }.map {
                    "\(known.account) \(users.texts[$0.email]) \($0.status) \($0.managed ? "managed" : "unmanaged")"
                }
            }
        }
    }

    @Test func anUndoneLinkLeavesTheAccountUnmanagedAsItWas() throws {
        let company = try SmallCompany()
        _ = try company.agent().adopt(try request(company, list))
        let before = try accounts(company)
        #expect(before.contains("u-9 guest@partner.example active unmanaged"))
        company.sleep(hours: 1)
        _ = try company.agent().link(account: "u-9", person: "p7", target: "desk", reason: "ticket 7")
        #expect(try accounts(company) != before)
        company.sleep(hours: 1)
        let result = try company.agent().undo(UndoRequest(run: 2)) { _ in true }
        #expect(result.record.command == UndoAct.ofImport)
        #expect(result.plans[0].findings.map(\.code) == ["undo.import"])
        #expect(try accounts(company) == before)
        #expect(try company.emails(.active) == ["guest@partner.example", "p1@example.org"])
    }

    @Test func aLinkedAccountThatWasSuspendedSinceStaysWithItsUser() throws {
        let company = try SmallCompany()
        _ = try company.agent().adopt(try request(company, list))
        company.sleep(hours: 1)
        _ = try company.agent().link(account: "u-9", person: "p7", target: "desk", reason: "ticket 7")
        company.sleep(hours: 1)
        _ = try company.agent().suspend(ActRequest(person: "guest@partner.example", reason: "lost laptop"))
        let before = try accounts(company)
        company.sleep(hours: 1)
        let failure = #expect(throws: AgentFailure.self) {
            try company.agent().undo(UndoRequest(run: 2)) { _ in true }
        }
        #expect(failure?.details.contains { $0.contains("the account is another user's by now") } == true)
        #expect(try accounts(company) == before)
    }

    @Test func newIdsAreGivenOnObservedTargetsToo() throws {
        let company = try SmallCompany()
        company.mode = "observe"
        _ = try company.agent().adopt(try request(company, list))
        company.sleep(hours: 1)
        company.isRestored = true
        let result = try company.agent().rekey(RekeyRequest(key: .attribute("dn"), reason: "restored")) { _ in true }
        #expect(result.rekeying.people.count == 2)
        #expect(result.record != nil)
        let users = try company.roster { try $0.load(targets: ["desk"]).targets[0].users.filter(\.managed) }
        #expect(users.map(\.id.description).sorted() == ["p1000", "p2000"].map(SmallCompany.id))
    }

    @Test func driftIsWhatTheListHasOtherwise() throws {
        let company = try SmallCompany()
        _ = try company.agent().adopt(try request(company, list))
        let changed = "id,email,role,status\nu-1,p1@example.org,Admin,active\nu-2,p2.new@example.org,Admin,invited\n"
        let path = try company.directory.write("today.csv", changed)
        let before = try company.dump()
        let items = try company.agent().drift(path: path, target: "desk")
        #expect(
            items.map { "\($0.kind) \($0.email) \($0.roster ?? "-") \($0.platform ?? "-")" } == [
                "email P2@Example.org P2@Example.org p2.new@example.org", "missing guest@partner.example active -",
                "role p1@example.org user admin",
            ])
        #expect(try company.dump() == before)
    }
}
