import Foundation
import Reconciliation
import Testing

@testable import SyncAgent

/// A copy is put back only knowingly where it is older, and what it takes the place of is kept.
struct RestoreTests {
    private func backedUp() throws -> (company: SmallCompany, copy: String) {
        let company = try SmallCompany()
        try company.sync()
        let copy = company.directory.path("copy.sqlite")
        _ = try company.agent().backUp(to: copy)
        return (company, copy)
    }

    private func suspend(_ company: SmallCompany, _ name: String) throws {
        _ = try company.agent().suspend(ActRequest(person: "\(name)@example.org", reason: "ticket"))
    }

    /// Without the witness the roster in place tells, and without that the reports.
    @Test(arguments: [["witness"], ["witness", "reports"], ["witness", "roster.sqlite"]])
    func anOlderCopyIsKnownWithoutTheWitness(gone: [String]) throws {
        let (company, copy) = try backedUp()
        company.sleep()
        try suspend(company, "p3")
        company.sleep()
        company.people.removeLast()
        try company.sync()
        for name in gone { try FileManager.default.removeItem(atPath: company.directory.path("state/\(name)")) }
        let refused = #expect(throws: AgentFailure.self) {
            try company.agent().restore(from: copy, acceptsRollback: nil)
        }
        #expect(refused?.status == .damagedRoster)
        #expect(refused?.message.contains("ends with run 1, but run 3 was applied since") == true)
        let restored = try company.agent().restore(from: copy, acceptsRollback: "the disk is gone")
        #expect(restored.head?.run == 4)
    }

    @Test func aWitnessThatCannotBeReadIsNoneThatIsGone() throws {
        let (company, copy) = try backedUp()
        try company.directory.write("state/witness", "rubbish\n")
        let refused = #expect(throws: AgentFailure.self) {
            try company.agent().restore(from: copy, acceptsRollback: nil)
        }
        #expect(refused?.message.contains("is not one that Rollcall wrote") == true)
    }

    @Test func whatWasKeptBeforeIsNeverWrittenOver() throws {
        let (company, copy) = try backedUp()
        try suspend(company, "p3")
        let roster = company.directory.path("state/roster.sqlite")
        let original = try Data(contentsOf: URL(fileURLWithPath: roster))
        for name in ["roster.sqlite.replaced", "roster.sqlite.replaced-2"] {
            let before = try Data(contentsOf: URL(fileURLWithPath: roster))
            let restored = try company.agent().restore(from: copy, acceptsRollback: "again")
            #expect(restored.kept == name)
            #expect(try Data(contentsOf: URL(fileURLWithPath: company.directory.path("state/\(name)"))) == before)
        }
        let kept = company.directory.path("state/roster.sqlite.replaced")
        #expect(try Data(contentsOf: URL(fileURLWithPath: kept)) == original)
    }

    @Test func aLogBesideTheRosterIsNotTakenIntoTheCopy() throws {
        let (company, copy) = try backedUp()
        try company.directory.write("state/roster.sqlite-wal", "another roster's")
        let refused = #expect(throws: AgentFailure.self) {
            try company.agent().restore(from: copy, acceptsRollback: nil)
        }
        #expect(refused?.message.contains("roster.sqlite-wal") == true)
    }

    /// The copy is half-written when it is looked through; what is not whole is the roster.
    @Test func aBackupOfAnEditedRosterNamesTheRoster() throws {
        let company = try SmallCompany()
        try company.sync()
        let roster = company.directory.path("state/roster.sqlite")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: roster))
        while let place = bytes.range(of: Data("p3@example.org".utf8)) {
            bytes[place.upperBound - 1] = UInt8(ascii: "h")
        }
        try bytes.write(to: URL(fileURLWithPath: roster))
        let refused = #expect(throws: AgentFailure.self) {
            try company.agent().backUp(to: company.directory.path("copy.sqlite"))
        }
        #expect(refused?.message.hasPrefix("`\(roster)` is not whole") == true, "\(refused?.message ?? "")")
        #expect(refused?.hint.contains("audit verify") == true)
    }

    /// The summary is in the chain for good; what is lost with a copy is still told by name.
    @Test func noEmailIsKeptInASummary() throws {
        let (company, copy) = try backedUp()
        try suspend(company, "p3")
        let summary = try company.runs().first?.summary ?? ""
        #expect(summary.hasPrefix("desk: user ") && summary.hasSuffix(" is suspended"), "\(summary)")
        let refused = #expect(throws: AgentFailure.self) {
            try company.agent().restore(from: copy, acceptsRollback: nil)
        }
        #expect(refused?.details.first?.contains("desk: `p3@example.org` is suspended") == true)
    }

    @Test func aMessageIsDroppedWithItsRunOrNotAtAll() throws {
        let company = try SmallCompany()
        try company.sync()
        let refused = #expect(throws: AgentFailure.self) {
            try company.agent().dropMessage(7, reason: "the platform knows")
        }
        #expect(refused?.message == "no message has the number 7")
        #expect(try company.runs().count == 1)
    }
}
