import Foundation
import TestSupport
import Testing

/// The walks that `scripts/quickstart` tells: a platform that 50 people use is adopted, lives through two nights, and goes back.
struct WalkTests {
    /// What the second night must do, by platform; `suspend` is there once each for gone, disabled and unmapped.
    private static let everywhere = ["invite", "suspend", "resume", "change_name", "change_email"]
    private static let besides = [
        "vivi": ["change_role", "join_scope", "leave_scope", "wait"],
        "tenant": ["add_template", "remove_template", "wait"],
        "agent-studio": ["add_template", "remove_template", "change_permissions"],
        "voiceflow": ["change_role", "join_scope", "leave_scope", "wait"],
    ]

    @Test func everyPlatformHasAWalk() { #expect(Walk.names() == Self.besides.keys.sorted()) }

    @Test(arguments: Walk.names())
    func goesAsTold(_ name: String) throws {
        let walk = try Walk(name)
        let steps = try walk.steps()
        for step in steps {
            #expect(step.ended.status == step.expected, "\(step.command): \(step.ended.output)")
        }
        try expectNobodyInvitedAgain(walk)
        try expectEveryKindOfChange(walk, name)
        try expectUndone(walk, steps)
        let proof = try #require(steps.last { $0.command == "rollcall audit verify" })
        #expect(proof.ended.output.hasPrefix("whole: 8 runs, "))
    }

    /// All 50 lines of the list are users, and the first night creates nobody.
    private func expectNobodyInvitedAgain(_ walk: Walk) throws {
        let emails = Set(
            try walk.text("users.csv").split(whereSeparator: \.isNewline).flatMap { $0.split(separator: ",") }
                .filter { $0.contains("@") })
        #expect(emails.count == 50)
        let before = try walk.text("before.csv").split(whereSeparator: \.isNewline).dropFirst()
        #expect(before.count == 50)
        let night = try walk.run("rollcall show 3 --format csv").output
        #expect(night.contains(",change_email,"))
        #expect(!night.contains(",invite,"))
        let lines = try walk.run("rollcall changes --since 2026-01-01 --format csv").output
            .split(whereSeparator: \.isNewline)
        #expect(lines.count > 60)
        for email in emails {
            let invitations = lines.filter { $0.contains(",\(email),invite,") }
            #expect(invitations.isEmpty)
        }
    }

    private func expectEveryKindOfChange(_ walk: Walk, _ name: String) throws {
        let night = try walk.run("rollcall show 5 --format csv").output
        for kind in Self.everywhere + (Self.besides[name] ?? []) { #expect(night.contains(",\(kind),"), "\(kind)") }
        #expect(night.components(separatedBy: ",suspend,").count == 4)
    }

    /// Users are as before to the letter; what is printed names people as people do, and promises nothing while it pauses.
    private func expectUndone(_ walk: Walk, _ steps: [Walk.Step]) throws {
        #expect(try walk.text("before.csv") == walk.text("after.csv"))
        for step in steps where step.command.hasPrefix("rollcall undo ") {
            #expect(!step.ended.output.contains("ba4b0001-"))
            #expect(step.ended.output.contains("3 resumed"))
        }
        let pausing = try #require(steps.first { $0.expected == 3 })
        #expect(pausing.ended.output.contains("paused since run 6"))
        #expect(!pausing.ended.output.contains("anyway: 1"))
        let last = try #require(steps.last { $0.command == "rollcall plan --detailed-exitcode" })
        #expect(last.ended.output.contains("nothing to do"))
    }
}
