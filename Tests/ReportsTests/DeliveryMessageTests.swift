import AccessModel
import DirectoryModel
import Foundation
import MappingLanguage
import Reconciliation
import Reports
import TestSupport
import Testing

/// What a platform is told of a run, and what it knows already.
struct DeliveryMessageTests {
    private func message(
        _ command: String, _ mode: TargetSettings.Mode = .manage, kind: ChangeKind = .remove
    ) -> DeliveryMessage? {
        var plan = TargetPlan(target: "desk", mode: mode)
        plan.directories = ["corp"]
        plan.reasons = [.human(name: "ada", reason: "ticket 7")]
        let email = plan.texts.append(Array("eve@small.example".utf8))
        let row = UserRow(
            user: 1, id: .zero, email: email, name: .empty, lastSignIn: Int64.min, since: 1, access: 0, groupSet: 0,
            reason: UserRow.keepsReason, version: 1, directory: 0, status: .active, managed: true)
        plan.subjects = [
            Subject(row: row, version: 0, id: .zero, email: email, name: .empty, directory: 0, person: nil)
        ]
        let change = Change(kind: kind, evidence: .positive, subject: 0, reason: 0, before: "active")
        return DeliveryMessage(
            plan, subject: 0, changes: [change], user: 1,
            run: DeliveryMessage.Run(number: 2, time: 1_800_000_000, command: command))
    }

    @Test(arguments: ["sync", "apply", "undo", "suspend"]) func aRunIsTold(command: String) {
        #expect(message(command) != nil)
    }

    @Test(arguments: ["import", "link", UndoAct.ofImport]) func whatThePlatformHasAlreadyIsNotTold(command: String) {
        #expect(message(command) == nil)
    }

    /// The page that receivers are written by names the kinds of change that come, and no other.
    @Test func everyKindThatIsToldIsOnThePage() throws {
        let told = ChangeKind.allCases.filter { message("sync", kind: $0) != nil }.map(\.name)
        let page = try Repository.text("docs/reference/delivery.md")
        let row = try #require(page.components(separatedBy: "\n").first { $0.hasPrefix("| `changes[].kind` |") })
        let named = row.matches(of: /`([a-z_]+)`/).map { String($0.output.1) }
        #expect(named.sorted() == told.sorted())
    }

    @Test func nothingIsToldOfAnObservedTarget() { #expect(message("rekey", .observe) == nil) }
}
