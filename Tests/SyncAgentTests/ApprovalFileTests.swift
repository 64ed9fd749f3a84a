import Diagnostics
import DirectoryModel
import Foundation
import Reconciliation
import Testing

@testable import SyncAgent

struct ApprovalFileTests {
    private func read(_ text: String, list: String? = nil) throws -> (Approval?, [String]) {
        let directory = try TemporaryDirectory()
        if let list { try directory.write("ids.csv", list) }
        var problems = InputProblems()
        let context = ApprovalFile.Context(targets: ["acme-desk", "acme-studio"], now: 1_796_090_000)
        let path = try directory.write("a.yaml", text)
        let approval = ApprovalFile.read(path, in: context, into: &problems)
        return (
            approval, problems.diagnostics.sorted.map { "\($0.position.map { "\($0.line): " } ?? "")\($0.message)" }
        )
    }

    private func text(_ people: String = "here: [00000000-0000-4000-8000-000000000001]", allow: String) -> String {
        """
        version: 1
        reason: HR-4411, Leipzig site closes
        valid: {from: 2026-12-01T00:00+01:00, until: 2026-12-02T06:00+01:00}
        targets: [acme-desk]
        \(people)
        allow: {\(allow)}
        """
    }

    @Test func everyKeyIsRead() throws {
        let list = "name,ID\nAda,00000000-0000-4000-8000-000000000001\nBob,00000000-0000-4000-8000-000000000002\n"
        let allow = "suspend_disabled: 300, group_shrink: {sales-emea: 212}, privileged_gain: 1"
        let (approval, problems) = try read(text("people: ids.csv", allow: allow), list: list)
        #expect(problems == [])
        #expect(approval?.reason == "HR-4411, Leipzig site closes")
        #expect(approval?.validFrom == 1_796_079_600)
        #expect(approval?.validUntil == 1_796_187_600)
        #expect(approval?.targets == ["acme-desk"])
        #expect(approval?.people.count == 2)
        #expect(approval?.allow == [.suspendDisabled: 300, .privilegedGain: 1])
        #expect(approval?.groupShrink == ["sales-emea": 212])
    }

    /// Views of the roster show every id that is no UUID in hexadecimal.
    @Test func anIdMayBeWrittenAsTheViewsShowIt() throws {
        let (approval, _) = try read(text("here: [\"0x656d702d31\"]", allow: "remove: 1"))
        #expect(approval?.people == [try #require(ImmutableID(text: "emp-1"))])
    }

    @Test func aListWithoutHeadingsIsOfIds() throws {
        let (approval, _) = try read(
            text("people: ids.csv", allow: "remove: 1"), list: "00000000-0000-4000-8000-000000000001\n")
        #expect(approval?.people.count == 1)
    }

    @Test func anotherListIsAnotherApproval() throws {
        let one = try read(text("people: ids.csv", allow: "remove: 1"), list: "id\na\n").0
        let other = try read(text("people: ids.csv", allow: "remove: 1"), list: "id\nb\n").0
        #expect(one?.digest != other?.digest)
    }

    @Test func whatIsWrongIsToldAtOnce() throws {
        let wrong = text(allow: "suspend_dissabled: 3").replacing("acme-desk", with: "acme-dsk")
            .replacing("2026-12-02T06", with: "2026-11-02T06")
        let (approval, problems) = try read(wrong)
        #expect(approval == nil)
        #expect(
            problems == [
                "3: the approval ends before it begins", "4: there is no target `acme-dsk`",
                "6: `suspend_dissabled` is not a key of what is allowed",
            ])
    }

    @Test func peopleMustBeNamed() throws {
        #expect(try read(text("", allow: "remove: 1")).1 == ["6: `remove` needs the people whom it covers"])
        #expect(try read(text("", allow: "group_shrink: {a: 1}")).1 == [])
        #expect(
            try read(text("people: ids.csv", allow: "remove: 1"), list: "id\na name that is much too long\n").1
                == ["2: expected an immutable id, found `a name that is much too long`"])
    }

    private static let uuid = "00000000-0000-4000-8000-000000000001"

    /// What can be nobody's id is told with its place, whichever file it stands in.
    @Test(arguments: [
        ("here: [ada@t.example]", nil, "5: expected an immutable id, found `ada@t.example`"),
        ("here: []", nil, "5: expected at least 1 in this list, found 0"),
        ("people: ids.csv", "", "5: the list of people `LIST` names nobody"),
        ("people: ids.csv", "id\n", "5: the list of people `LIST` names nobody"),
        ("people: ids.csv", "id\nada@t.example\n", "2: expected an immutable id, found `ada@t.example`"),
        ("people: nowhere.csv", nil, "5: cannot read the list of people"),
    ]) func whatLiftsNothingIsAnError(people: String, list: String?, problem: String) throws {
        let (approval, problems) = try read(text(people, allow: "remove: 1"), list: list)
        #expect(approval == nil)
        let parts = problem.components(separatedBy: "LIST")
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix(parts[0]) == true, "\(problems)")
        #expect(problems.first?.hasSuffix(parts.count > 1 ? parts[1] : "") == true || parts.count == 1, "\(problems)")
    }

    /// Where the directories' ids are UUIDs, a word is none.
    @Test func aWordIsNoUUID() throws {
        let directory = try TemporaryDirectory()
        var context = ApprovalFile.Context(targets: ["acme-desk"], now: 1_796_090_000)
        context.hasUUIDs = true
        for (id, isOne) in [("abc", false), (Self.uuid, true), ("0x656d702d31", false)] {
            var problems = InputProblems()
            let path = try directory.write("a.yaml", text("here: [\"\(id)\"]", allow: "remove: 1"))
            #expect((ApprovalFile.read(path, in: context, into: &problems) != nil) == isOne, "\(id)")
            #expect(problems.diagnostics.hasErrors != isOne)
        }
    }

    @Test func anOutdatedApprovalIsAWarning() throws {
        let (approval, problems) = try read(
            text(allow: "remove: 1").replacing("2026-12-01T00:00+01:00", with: "2026-10-01T00:00Z")
                .replacing("2026-12-02T06:00+01:00", with: "2026-10-02T00:00Z"))
        #expect(approval != nil)
        #expect(problems == ["3: the approval is out of date"])
    }
}
