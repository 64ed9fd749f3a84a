import AccessModel
import DirectoryModel
import MappingLanguage
import Reconciliation
import SQLiteRoster
import TestSupport
import Testing

/// Only those are read who can have something falling due, and nobody is forgotten.
struct DueQueriesTests {
    private static func policy(_ dice: inout Dice) -> Policy {
        var policy = Policy()
        policy.inviteReminderSeconds = Int64(dice.below(12))
        if dice.chance(70) { policy.removeAfterSeconds = Int64(dice.below(12)) }
        policy.inactive = Policy.Inactive(
            deed: dice.chance(70) ? .suspend : .report, afterSeconds: Int64(dice.below(60)),
            feedNotOlderThanSeconds: Int64(dice.below(200)))
        policy.missing = Policy.Missing(deed: .suspend, runs: 2, seconds: Int64(dice.below(20)))
        if dice.chance(5) { policy.inviteReminderSeconds = Int64.max }
        return policy
    }

    @Test(arguments: Figures.seeds(Figures.of(20, soak: 400)))
    func thoseWhoAreReadHaveAllThatFallsDue(_ seed: UInt64) throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: seed)
        defer { withExtendedLifetime(scratch) {} }
        var dice = Dice(seed: seed &+ 1_000)
        var found = 0
        for _ in 0..<20 {
            let now = Int64(dice.below(120))
            let until = now + Int64(dice.below(60))
            for target in RandomRun.targets {
                var settings = World(.desk).settings
                settings.name = target
                settings.policy = Self.policy(&dice)
                let reconciler = Reconciler(settings: settings)
                func due(_ roster: Roster) throws -> [DueItem] {
                    let users = try #require(roster.targets.first)
                    return reconciler.due(
                        ReconcileInput(
                            mirror: Mirror(), evaluation: .none, rules: [], roster: users, approvals: [], now: now,
                            run: roster.lastRun + 1), until: until)
                }
                let bounds = try #require(reconciler.dueBounds(now: now, until: until))
                let people = try #require(try roster.peopleDue(bounds, most: 1_000))
                let whole = try due(roster.load(targets: [target]))
                #expect(try due(roster.load(targets: [target], people: people)) == whole)
                found += whole.count
                if people.count > 1 { #expect(try roster.peopleDue(bounds, most: people.count - 1) == nil) }
            }
        }
        #expect(found > 0)
    }

    @Test func aPilotIsReadWhole() {
        var settings = World(.desk).settings
        settings.policy.onlyGroup = "corp:pilot"
        #expect(Reconciler(settings: settings).dueBounds(now: 5, until: 9) == nil)
    }

    @Test func timesBeyondAllTimesAreTheEarliest() {
        var settings = World(.desk).settings
        settings.policy.inviteReminderSeconds = Int64.max
        let bounds = Reconciler(settings: settings).dueBounds(now: -9, until: -5)
        #expect(bounds?.invitedAfter == Int64.min && bounds?.invitedUntil == Int64.min)
    }
}
