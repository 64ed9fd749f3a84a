import AccessModel
import DirectoryModel
import MappingLanguage
import Reconciliation
import TestSupport
import Testing

/// What a frozen directory keeps others from having.
struct FrozenDirectoryTests {
    private func world() -> World {
        var world = World(.desk)
        world.directories = ["corp", "agency"]
        world.rules = [World.Rule("Support", group: "support", scope: "support", role: "agent")]
        world.settings.topology.scopes.append(ScopeInstance(path: ScopePath("support")))
        return world
    }

    private func person(_ id: String, in directory: String = "agency", email: String? = nil) -> World.Person {
        var person = World.Person(id, emails: email.map { [$0] }, groups: ["support"])
        person.directory = directory
        return person
    }

    private func plan(_ world: World, _ roster: InMemoryRoster, unread: Bool = true) -> TargetPlan {
        var input = world.input(roster.roster)
        if unread { input.unread = [UnreadDirectory(name: "agency", cause: "down", sinceRun: 2, since: 2)] }
        return Reconciler(settings: world.settings).decide(input) { world.evaluate(input.mirror, frozen: $0) }
    }

    /// Both claimed it when both were read, so neither has it; that one of them cannot be read now gives it to nobody.
    @Test func nobodyGetsTheEmailThatANewcomerOfAFrozenDirectoryClaims() {
        var world = world()
        world.people = [person("ann", email: "x@example.org"), person("bob", in: "corp", email: "x@example.org")]
        var roster = InMemoryRoster()
        roster.apply(plan(world, roster, unread: false))
        #expect(roster.status("bob") == nil)
        let frozen = plan(world, roster)
        #expect(frozen.lines == [])
        #expect(frozen.codes.filter { $0 == "person.email-collision" }.count == 2)
    }

    /// An email that somebody of the frozen directory was about to give up stays theirs.
    @Test func anEmailThatWouldComeFreeStaysTaken() {
        var world = world()
        world.people = [person("ann", email: "x@example.org")]
        var roster = InMemoryRoster()
        roster.apply(plan(world, roster, unread: false))
        world.people = [person("ann", email: "y@example.org"), person("bob", in: "corp", email: "x@example.org")]
        roster.apply(plan(world, roster))
        #expect(roster.email("ann") == "x@example.org" && roster.status("bob") == nil)
        roster.apply(plan(world, roster, unread: false))
        #expect(roster.email("ann") == "y@example.org" && roster.email("bob") == "x@example.org")
    }

    @Test func nobodyOfItIsRemovedOrLosesASeatToTheLine() {
        var world = world()
        world.settings.topology.pools = [SeatPool(scope: ScopePath("support"), seatClass: "seat", limit: 1)]
        world.settings.policy.removeAfterSeconds = 3_600
        world.settings.policy.reclaimInactiveSeconds = 3_600
        world.settings.policy.new = .activate
        world.people = [person("ann")]
        world.people[0].lastSignIn = world.now - 100 * 86_400
        var roster = InMemoryRoster()
        roster.apply(plan(world, roster, unread: false))
        roster.edit { $0.users[0].since -= 100 * 86_400 }
        world.people.append(person("bob", in: "corp"))
        world.now += 30 * 86_400
        let frozen = plan(world, roster)
        #expect(frozen.lines == ["wait bob support >agent"])
        #expect(frozen.ledger[0].heldAfter == 1)
        #expect(plan(world, roster, unread: false).lines.contains { $0.contains("ann") })
    }

    @Test func aSuspensionDueForRemovalWaits() {
        var world = world()
        world.settings.policy.removeAfterSeconds = 3_600
        world.people = [person("ann")]
        var roster = InMemoryRoster()
        roster.apply(plan(world, roster, unread: false))
        world.change("ann") { $0.state = .disabledByFlag }
        world.now += 86_400
        roster.apply(plan(world, roster, unread: false))
        #expect(roster.status("ann") == .suspended)
        world.now += 86_400
        world.people.append(person("bob", in: "corp", email: "ann@example.org"))
        #expect(plan(world, roster).lines == [])
        roster.apply(plan(world, roster, unread: false))
        #expect(roster.status("ann") == .removed)
    }

    @Test func anApprovalForAShrunkenGroupIsNotSpentOnAFrozenOne() {
        var world = world()
        world.directories = ["agency", "corp"]
        world.settings.limits.groupShrink = Limit(count: nil, percent: 30, floor: 1)
        world.people = (0..<10).map { person("p\($0)") }
        var roster = InMemoryRoster()
        roster.apply(plan(world, roster, unread: false))
        for place in 0..<8 { world.people[place].groups = [] }
        world.approvals = [
            Approval(
                file: "a.yaml", digest: "d", reason: "r", validFrom: 0, validUntil: .max, targets: nil, people: [],
                allow: [:], groupShrink: ["support": 8], used: [:])
        ]
        let frozen = plan(world, roster)
        #expect(frozen.approvalsSpent == [] && frozen.lines == [])
        #expect(frozen.baseline?.mappedGroups.map(\.people) == [10])
    }

    /// Files edited while it was frozen still count as edited when its people are looked at again.
    @Test func anEditIsRememberedUntilItsPeopleAreLookedAt() {
        var world = world()
        world.people = [person("ann"), person("bob", in: "corp")]
        var roster = InMemoryRoster()
        roster.apply(plan(world, roster, unread: false))
        world.settings.fingerprints = ["rules": "2"]
        roster.apply(plan(world, roster))
        #expect(plan(world, roster, unread: false).editedFiles == ["rules"])
        roster.apply(plan(world, roster, unread: false))
        #expect(plan(world, roster, unread: false).editedFiles == [])
    }
}
