import AccessModel
import DirectoryModel
import MappingLanguage
import Reconciliation
import SQLiteRoster
import TestSupport
import Testing

/// What makes a run that reads changes decide about everybody.
@Suite
struct EverybodyTests {
    /// A case: what happens between the second night and the run, and what it must lead to.
    struct Case: Sendable, CustomTestStringConvertible {
        var kind: EverybodyReason.Kind
        var testDescription: String
        var happen: @Sendable (PartHistory) throws -> Void
    }

    static let cases = [
        Case(kind: .edited, testDescription: "a rule was edited") {
            $0.target.settings.fingerprints["mapping.yaml"] = "2"
        },
        Case(kind: .edited, testDescription: "a file is new") { $0.target.settings.fingerprints["new.yaml"] = "1" },
        Case(kind: .pilot, testDescription: "a pilot") { $0.target.settings.policy.onlyGroup = "support" },
        Case(kind: .reclaiming, testDescription: "seats are taken back") {
            $0.target.settings.policy.reclaimInactiveSeconds = 86_400
        },
        Case(kind: .leave, testDescription: "a cause gives seats back") {
            $0.target.settings.policy.ownCauses = [OwnCause(name: "away", releasesSeat: true)]
        },
        Case(kind: .noBaseline, testDescription: "a target that no run knows") { $0.target.settings.name = "new" },
        Case(kind: .groups, testDescription: "a group that no rule names has another name") {
            $0.world.groups[14].name = "quire"
        },
        Case(kind: .groups, testDescription: "a mapped group has another name") {
            $0.world.groups[1].name = "help"
        },
        Case(kind: .groups, testDescription: "a group is gone") { $0.world.hidden = [15] },
        Case(kind: .tooMany, testDescription: "more people than are worth it") { $0.mostPeople = 0 },
        Case(kind: .tooMany, testDescription: "a whole group moves") {
            $0.mostPeople = 3
            $0.world.groups[1].groups.formSymmetricDifference([3])
        },
        Case(kind: .line, testDescription: "a longer line than is looked at") {
            $0.mostInLine = 0
            $0.target.settings.topology.pools[1].limit = 0
            $0.world.groups[1].people.formUnion($0.world.people.keys.filter { $0 % 3 != 0 })
            try $0.night()
            try $0.night()
        },
        Case(kind: .guarded, testDescription: "a guard would hold") {
            $0.target.settings.limits.suspendDisabled = Limit(count: 0, percent: nil, floor: 0)
            for number in $0.world.people.keys { $0.world.people[number]?.state = .disabledByFlag }
        },
        Case(kind: .guarded, testDescription: "a group shrank") {
            $0.target.settings.limits.groupShrink = Limit(count: nil, percent: 10, floor: 0)
            for place in [1, 9, 12, 13] { $0.world.groups[place].people = [] }
        },
        Case(kind: .unsettled, testDescription: "the last run held something") {
            $0.target.settings.limits.suspendDisabled = Limit(count: 0, percent: nil, floor: 0)
            for number in $0.world.people.keys { $0.world.people[number]?.state = .disabledByFlag }
            try $0.night()
        },
        Case(kind: .paused, testDescription: "the target pauses") { try $0.pause() },
        Case(kind: .otherRun, testDescription: "users were imported") { try $0.record("import") },
        Case(kind: .feed, testDescription: "imported sign-ins become too old") {
            try $0.record("suspend", signIns: $0.now - 7 * 86_400 + 30)
        },
        Case(kind: .directories, testDescription: "a directory that was not in the last run") {
            var rows = MirrorRowChanges()
            rows.removedPeople = [madeUpID(1)]
            $0.more["other"] = rows
        },
        Case(kind: .directories, testDescription: "a directory could not be read") {
            $0.edit = { $0.unread = [UnreadDirectory(name: "ext", cause: "down", sinceRun: 1, since: 0)] }
        },
        Case(kind: .samePerson, testDescription: "somebody is known by another identity now") {
            let (old, new) = (World.key("a"), World.key("b"))
            $0.edit = { $0.moves = [IdentityMove(from: old, to: new)] }
        },
        Case(kind: .counts, testDescription: "counts do not add up") {
            $0.edit = { $0.roster.baseline?.matches.removeAll { !$0.instances.isEmpty } }
        },
        Case(kind: .counts, testDescription: "nothing was counted") { $0.edit = { $0.roster.baseline?.matches = [] } },
        Case(kind: .groups, testDescription: "another group is locked") {
            $0.target.trust = PartTarget.lock { $0 != "support" }
        },
        Case(kind: .mapping, testDescription: "a rule asks for an attribute that was not read") {
            let position = $0.target.mapping.rules[0].position
            $0.target.mapping.rules[0].condition = .attribute(
                AttributeTest(name: "shoesize", operator: .present, position: position))
        },
    ]

    @Test(arguments: cases) func isDecidedAbout(_ one: Case) throws {
        let history = try PartHistory(seed: 5)
        history.calm()
        try history.night()
        try history.night()
        let before = try history.reason()
        #expect(before == nil)
        try one.happen(history)
        let after = try history.reason()
        #expect(after == one.kind)
    }

    private func run(
        _ number: Int64, _ command: String = "sync", _ outcome: RunRecord.Outcome = .applied, exit: Int = 0,
        holds: [String] = []
    ) -> RunRecord {
        RunRecord(
            number: number, command: command, actor: "root", started: number, ended: number, outcome: outcome,
            exitStatus: exit, summary: "", version: "1",
            targets: [
                TargetRunRecord(
                    target: "desk", mode: .manage, held: false, counts: [:], holds: holds, findingKeys: [])
            ])
    }

    private func kind(_ runs: [RunRecord], since baseline: Int64 = 5) -> EverybodyReason.Kind? {
        EverybodyReason.of(runs, targets: ["desk"], since: baseline)?.kind
    }

    @Test func runsSinceTheLastDecisionCount() {
        #expect(kind([run(5)]) == nil)
        #expect(kind([run(8, "grant"), run(7, "suspend"), run(6, "sync", .failed, exit: 69), run(5)]) == nil)
        #expect(kind([run(6, "sync"), run(5)]) == .otherRun)
        #expect(kind([run(6, "undo"), run(5)]) == .otherRun)
        #expect(kind([run(6, holds: ["one"]), run(5)]) == .unsettled)
        #expect(kind([run(6, "suspend", .partlyHeld), run(5)]) == .otherRun)
        #expect(kind([run(9, "resume")]) == .otherRun)
        #expect(kind([run(5, "apply")]) == .otherRun)
        #expect(kind([run(5, exit: 75)]) == .unsettled)
        #expect(kind([run(5, "sync", .partlyHeld, exit: 3)]) == .unsettled)
        #expect(kind([run(5, holds: ["one"])]) == .unsettled)
        #expect(EverybodyReason.of([run(5)], targets: ["desk", "other"], since: 5)?.kind == .unsettled)
    }

    @Test func everyKindIsTested() {
        let tested = Set(EverybodyTests.cases.map(\.kind))
        #expect(Set(EverybodyReason.Kind.allCases).subtracting(tested) == [.store, .approvals])
    }
}
