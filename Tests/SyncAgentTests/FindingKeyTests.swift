import Reconciliation
import Testing

@testable import SyncAgent

/// A finding is the same one the next night, whatever its counts, and whoever did something by hand in between.
struct FindingKeyTests {
    private static func finding(_ message: String) -> Finding {
        Finding(code: "mapping.loser-gives-more", weight: .warning, message: message)
    }

    private static func plan(_ message: String) -> TargetPlan {
        var plan = TargetPlan(target: "desk", mode: .manage)
        plan.findings = [finding(message)]
        return plan
    }

    private static func run(
        _ command: String, _ findings: [Finding], outcome: RunRecord.Outcome = .applied, held: Bool = false
    )
        -> RunRecord
    {
        RunRecord(
            number: 1, command: command, actor: "x", started: 0, ended: 0, outcome: outcome, exitStatus: 0, summary: "",
            version: "",
            targets: [
                TargetRunRecord(
                    target: "desk", mode: .manage, held: held, counts: [:], holds: [],
                    findingKeys: findings.map(FindingKey.of))
            ])
    }

    @Test(arguments: [
        ("role `a` of rule `b` wins (6 people) (m.yaml:46)", "role `a` of rule `b` wins (1 person) (m.yaml:47)"),
        (
            "0 active or invited `admin`, fewer than the least of 2",
            "1 active or invited `admin`, fewer than the least of 2"
        ),
        ("12 entries were not read", "13 entries were not read"),
    ])
    func countsAndPlacesMakeNothingNew(before: String, now: String) {
        let runs = [Self.run("sync", [Self.finding(before)])]
        #expect(FindingKey.new([Self.plan(now)], since: runs).isEmpty)
    }

    @Test func anotherRuleIsNew() {
        let runs = [Self.run("sync", [Self.finding("rule `Sales 1` matches nobody")])]
        #expect(FindingKey.new([Self.plan("rule `Sales 2` matches nobody")], since: runs).count == 1)
    }

    @Test(arguments: ["suspend", "resume", "import"])
    func actsByHandMakeNothingNew(_ command: String) {
        let known = Self.finding("rule `Sales` matches nobody")
        let runs = [Self.run(command, []), Self.run("sync", [], outcome: .failed), Self.run("sync", [known])]
        #expect(FindingKey.new([Self.plan(known.message)], since: runs).isEmpty)
    }

    @Test func whatAHeldNightCouldNotSeeIsNoNewsTheNightAfter() {
        let known = Self.finding("rule `Sales` matches nobody")
        let runs = [Self.run("sync", [], held: true), Self.run("sync", [known])]
        #expect(FindingKey.new([Self.plan(known.message)], since: runs).isEmpty)
        #expect(FindingKey.new([Self.plan(known.message)], since: [Self.run("sync", [])] + runs).count == 1)
    }
}
