import AccessModel
import DirectoryModel
import Reconciliation
import TestSupport
import Testing

/// How a user comes, changes, is suspended, returns and goes.
struct LifeCycleTests {
    private func desk() -> World {
        var world = World(.desk, pools: [SeatPool(scope: ScopePath("support"), seatClass: "seat", limit: 10)])
        world.rules = [
            World.Rule("Support", group: "support", scope: "support", role: "agent"),
            World.Rule("Leads", group: "leads", scope: "support", role: "manager"),
        ]
        world.people = [World.Person("anna", groups: ["support"]), World.Person("ben", groups: ["support"])]
        return world
    }

    private func started(_ world: World) -> InMemoryRoster {
        var roster = InMemoryRoster()
        #expect(roster.apply(world.plan(roster.roster)).isEmpty)
        return roster
    }

    @Test func newPeopleAreInvited() {
        let world = desk()
        let plan = world.plan(InMemoryRoster().roster)
        #expect(plan.lines == ["invite anna", "invite ben"])
        guard case .rules(let rules) = plan.reasons[Int(plan.changes[0].reason)] else {
            Issue.record("an invitation names its rules")
            return
        }
        #expect(rules.map(\.rule) == ["Support"])
        #expect(rules.map(\.place) == ["mapping.yaml:1"])
        #expect(rules.map(\.groups) == [["support"]])
    }

    @Test func policyActivates() {
        var world = desk()
        world.settings.policy.new = .activate
        #expect(started(world).status("anna") == .active)
    }

    @Test func nothingChangesTheSecondNight() {
        let world = desk()
        let roster = started(world)
        let plan = world.plan(roster.roster)
        #expect(plan.lines == [])
        #expect(plan.subjects.isEmpty)
        #expect(plan.ledger.map(\.heldAfter) == [2])
    }

    @Test func disabledIsSuspendedAtOnceAndReturns() {
        var world = desk()
        var roster = started(world)
        world.change("anna") { $0.state = .disabledByAttribute }
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["suspend anna"])
        #expect(plan.changes[0].evidence == .positive)
        roster.apply(plan)
        #expect(roster.causes("anna") == [.disabled])
        #expect(roster.details("anna").statusBefore == .invited)
        #expect(world.plan(roster.roster).lines == [])
        world.change("anna") { $0.state = .enabled }
        roster.apply(world.plan(roster.roster))
        #expect(roster.status("anna") == .invited)
        #expect(roster.details("anna").isEmpty)
    }

    @Test func returnsWithTodaysAccess() {
        var world = desk()
        var roster = started(world)
        world.change("anna") { $0.state = .lockedPermanently }
        roster.apply(world.plan(roster.roster))
        world.change("anna") { $0.groups = ["leads"] }
        #expect(world.plan(roster.roster).lines == [])
        world.change("anna") { $0.state = .enabled }
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["changeRole anna support agent>manager", "resume anna"])
    }

    @Test func neverCreatedWhileDisabled() {
        var world = desk()
        world.change("anna") { $0.state = .disabledByFlag }
        #expect(world.plan(InMemoryRoster().roster).lines == ["invite ben"])
    }

    @Test func missingNeedsRunsAndHours() {
        var world = desk()
        var roster = started(world)
        world.lose("anna")
        let first = world.plan(roster.roster)
        #expect(first.lines == [])
        #expect(first.codes.contains("user.missing-pending"))
        roster.apply(first)
        #expect(roster.details("anna").pending == [PendingCause(kind: .missing, firstSeen: world.now, runs: 1)])
        world.now += 3600
        roster.apply(world.plan(roster.roster))
        #expect(roster.status("anna") == .invited)
        world.now += 20 * 3600
        let due = world.plan(roster.roster)
        #expect(due.lines == ["suspend anna"])
        #expect(due.changes[0].evidence == .absence)
    }

    @Test func hoursAloneAreNotEnough() {
        var world = desk()
        var roster = started(world)
        world.lose("anna")
        world.settings.policy.missing.runs = 3
        roster.apply(world.plan(roster.roster))
        world.now += 100 * 3600
        #expect(world.plan(roster.roster).lines == [])
    }

    @Test func foundAgainForgetsPending() {
        var world = desk()
        let anna = world.people[0]
        var roster = started(world)
        world.lose("anna")
        roster.apply(world.plan(roster.roster))
        world.people.append(anna)
        world.absences = [:]
        roster.apply(world.plan(roster.roster))
        #expect(roster.details("anna").isEmpty)
    }

    @Test(arguments: [AbsenceFinding?.none, .unknown])
    func unknownAbsenceFreezes(_ finding: AbsenceFinding?) {
        var world = desk()
        let roster = started(world)
        world.lose("anna")
        world.absences[World.key("anna")] = finding
        let plan = world.plan(roster.roster)
        #expect(plan.lines == [])
        #expect(plan.subjects.isEmpty)
    }

    @Test func outOfScopeIsReportedAndDisabledThereSuspends() {
        var world = desk()
        world.people.append(World.Person("cleo", groups: ["support"]))
        let roster = started(world)
        world.lose("anna", .outOfScope(dn: "uid=anna,ou=elsewhere", state: .enabled))
        world.lose("ben", .outOfScope(dn: "uid=ben,ou=left", state: .disabledByFlag))
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["suspend ben"])
        #expect(plan.codes.contains("user.out-of-scope"))
        world.settings.policy.outOfScope = .suspend
        #expect(world.plan(roster.roster).lines == ["suspend anna", "suspend ben"])
    }

    @Test func unmappedSettlesFirst() {
        var world = desk()
        var roster = started(world)
        world.change("anna") { $0.groups = [] }
        roster.apply(world.plan(roster.roster))
        #expect(roster.status("anna") == .invited)
        #expect(roster.access("anna") == "roles=support:agent")
        world.now += 24 * 3600
        #expect(world.plan(roster.roster).lines == ["suspend anna"])
        world.change("anna") { $0.groups = ["support"] }
        roster.apply(world.plan(roster.roster))
        #expect(roster.details("anna").isEmpty)
    }

    @Test func reportedCausesChangeNothing() {
        var world = desk()
        let roster = started(world)
        world.settings.policy.disabled = .report
        world.settings.policy.unmapped = Policy.Unmapped(deed: .report, settleSeconds: 0)
        world.change("anna") { $0.state = .disabledByFlag }
        world.change("ben") { $0.groups = [] }
        let plan = world.plan(roster.roster)
        #expect(plan.lines == [])
        #expect(plan.codes.contains("user.disabled"))
        #expect(plan.codes.contains("user.unmapped"))
    }

    @Test func everyCauseMustEnd() {
        var world = desk()
        world.settings.policy.unmapped.settleSeconds = 0
        var roster = started(world)
        world.change("anna") {
            $0.state = .disabledByFlag
            $0.groups = []
        }
        roster.apply(world.plan(roster.roster))
        #expect(roster.causes("anna") == [.disabled, .unmapped])
        world.change("anna") { $0.state = .enabled }
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["clearCause anna disabled>"])
        roster.apply(plan)
        #expect(roster.status("anna") == .suspended)
        world.change("anna") { $0.groups = ["support"] }
        #expect(world.plan(roster.roster).lines == ["resume anna"])
    }

    @Test func inactiveNeedsAFreshFeed() {
        var world = desk()
        world.settings.policy.inactive.deed = .suspend
        var roster = started(world)
        let old = world.now - 100 * 86_400
        roster.edit { roster in
            for place in roster.users.indices {
                roster.users[place].lastSignIn = old
                roster.users[place].since = old
            }
            roster.signInsImported = world.now - 30 * 86_400
        }
        #expect(world.plan(roster.roster).lines == [])
        roster.edit { $0.signInsImported = world.now - 3600 }
        #expect(world.plan(roster.roster).lines == ["suspend anna", "suspend ben"])
        roster.apply(world.plan(roster.roster))
        roster.edit { $0.users[0].lastSignIn = world.now - 3600 }
        #expect(world.plan(roster.roster).lines == ["resume anna"])
    }

    @Test func removedAfterTheTimeAndInvitedAnew() {
        var world = desk()
        world.settings.policy.removeAfterSeconds = 86_400
        var roster = started(world)
        world.change("anna") { $0.state = .disabledByFlag }
        roster.apply(world.plan(roster.roster))
        world.now += 86_400
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["remove anna"])
        #expect(plan.ledger.map(\.heldAfter) == [1])
        roster.apply(plan)
        #expect(roster.status("anna") == .removed)
        #expect(world.plan(roster.roster).lines == [])
        world.change("anna") { $0.state = .enabled }
        let again = world.plan(roster.roster)
        #expect(again.lines == ["invite anna"])
        #expect(roster.apply(again).isEmpty)
        #expect(roster.roster.users.count == 2)
        #expect(roster.details("anna").isEmpty)
    }

    @Test func sameNameWithANewIdInheritsNothing() {
        var world = desk()
        let roster = started(world)
        world.lose("anna")
        world.people.append(World.Person("anna2", emails: ["anna@example.org"], groups: ["leads"]))
        let plan = world.plan(roster.roster)
        #expect(plan.lines == [])
        #expect(plan.codes.contains("person.email-collision"))
    }

    @Test func aDirectoryThatWasNotReadFreezesItsPeople() {
        var world = desk()
        world.directories = ["corp", "labs"]
        var cleo = World.Person("cleo", groups: ["support"])
        cleo.directory = "labs"
        world.people.append(cleo)
        let roster = started(world)
        world.directories = ["corp"]
        world.people.removeLast()
        let plan = world.plan(roster.roster)
        #expect(plan.lines == [])
        let finding = plan.findings.first { $0.code == "directory.not-read" }
        #expect(finding?.weight == .severe)
        #expect(finding?.message.contains("so its 1 user stays as they are: whoever leaves keeps access") == true)
        #expect(finding?.hint.isEmpty == false)
    }

    @Test func movesBetweenRolesAndScopes() {
        var world = desk()
        world.settings.topology.pools.append(SeatPool(scope: ScopePath("sales"), seatClass: "seat", limit: 10))
        world.settings.topology.pools.sort { $0.scope < $1.scope }
        world.rules.append(World.Rule("Sales", group: "sales", scope: "sales", role: "chatter"))
        var roster = started(world)
        world.change("anna") { $0.groups = ["leads", "sales"] }
        world.change("ben") { $0.groups = ["sales"] }
        let plan = world.plan(roster.roster)
        #expect(
            plan.lines == [
                "leaveScope ben support agent>", "changeRole anna support agent>manager",
                "joinScope anna sales >chatter",
                "joinScope ben sales >chatter",
            ])
        #expect(roster.apply(plan).isEmpty)
        #expect(roster.access("ben") == "roles=sales:chatter")
    }

    @Test func whoIsSuspendedForOneCauseIsNotSaidToWaitForAnother() {
        var world = desk()
        let roster = started(world)
        world.change("anna") {
            $0.state = .disabledByFlag
            $0.groups = []
        }
        world.change("ben") { $0.groups = [] }
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["suspend anna"])
        #expect(plan.findings.filter { $0.code == "user.unmapped-pending" }.map(\.label) == ["ben@example.org"])
    }
}
