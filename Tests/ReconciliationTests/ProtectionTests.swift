import AccessModel
import DirectoryModel
import Reconciliation
import TestSupport
import Testing

/// Protected people, the last admins, and acts by hand.
struct ProtectionTests {
    private func desk() -> World {
        var world = World(.desk, pools: [SeatPool(scope: ScopePath("support"), seatClass: "seat", limit: 10)])
        world.rules = [
            World.Rule("Support", group: "support", scope: "support", role: "agent"),
            World.Rule("Leads", group: "leads", scope: "support", role: "manager"),
            World.Rule("Directors", group: "directors", role: "account-admin"),
        ]
        world.settings.policy.new = .activate
        world.settings.policy.unmapped.settleSeconds = 0
        world.people = [
            World.Person("anna", groups: ["leads"]), World.Person("ben", groups: ["support"]),
            World.Person("dora", groups: ["directors"]), World.Person("emil", groups: ["directors"]),
        ]
        return world
    }

    private func started(_ world: World) -> InMemoryRoster {
        var roster = InMemoryRoster()
        roster.apply(world.plan(roster.roster))
        return roster
    }

    private func suspend(_ id: String) -> ManualAct {
        ManualAct(deed: .suspend, person: World.key(id), name: "root", reason: "asked")
    }

    private func resume(_ id: String) -> ManualAct {
        ManualAct(deed: .resume, person: World.key(id), name: "root", reason: "asked")
    }

    @Test func aPrivilegeThatIsWithheldTakesNothingFromSomebodyProtected() {
        var world = World(.office, pools: [SeatPool(scope: .root, seatClass: "seat", limit: 10)])
        world.settings.platform.keepAtLeast = []
        world.settings.limits.privilegedGain = Limit(count: 0, percent: nil, floor: 0)
        world.settings.protect = [.id("anna")]
        var user = World.Rule("Users", group: "team", role: "user")
        user.crm = true
        world.rules = [user, World.Rule("Admins", group: "admins", role: "admin")]
        world.people = [World.Person("anna", groups: ["team"]), World.Person("ben", groups: ["team"])]
        let roster = started(world)
        for person in ["anna", "ben"] { world.change(person) { $0.groups = ["admins"] } }
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["switchOff ben crm>"])
        #expect(plan.codes.contains("protected.not-lowered"))
        #expect(plan.holds.count { $0.kind == .privilegedGain } == 2)
    }

    @Test(arguments: [
        ProtectedReference.email("ANNA@example.org"), .id("anna"), .group("leads"), .group("corp:leads"),
        .group("cn=leads"),
    ])
    func protectedPeopleAreNeitherSuspendedNorLowered(_ reference: ProtectedReference) {
        var world = desk()
        world.settings.protect = [reference]
        var roster = started(world)
        #expect(roster.roster.protected == [World.key("anna")])
        world.change("anna") { $0.groups = ["support"] }
        var plan = world.plan(roster.roster)
        #expect(plan.lines == [])
        #expect(plan.codes.contains("protected.not-lowered"))
        world.change("anna") {
            $0.groups = []
            $0.state = .disabledByFlag
            $0.emails = ["other@example.org"]
        }
        plan = world.plan(roster.roster)
        #expect(plan.lines == ["changeEmail anna anna@example.org>other@example.org"])
        #expect(plan.codes.contains("protected.not-suspended"))
        roster.apply(plan)
        #expect(world.plan(roster.roster).lines == [])
        #expect(world.plan(roster.roster).protected == [World.key("anna")])
    }

    @Test func whoIsSuspendedByHandIsNotReportedAsSpared() {
        var world = desk()
        world.settings.protect = [.id("ben")]
        var roster = started(world)
        roster.apply(
            Reconciler(settings: world.settings).plan(suspend("ben"), roster: roster.roster, now: world.now))
        world.change("ben") { $0.state = .disabledByFlag }
        let plan = world.plan(roster.roster)
        #expect(plan.lines == [])
        #expect(!plan.codes.contains("protected.not-suspended"))
        #expect(roster.causes("ben") == [.manual])
    }

    @Test func protectingNobodyIsAFinding() {
        var world = desk()
        world.settings.protect = [.email("nobody@example.org")]
        #expect(world.plan(started(world).roster).codes.contains("protect.nobody"))
    }

    @Test func takingSomebodyOffTheListUnpins() {
        var world = desk()
        world.settings.protect = [.id("anna"), .id("ben")]
        let roster = started(world)
        world.settings.protect = [.id("ben")]
        world.settings.fingerprints = ["rules": "1", "rollcall.yaml (protect)": "2"]
        #expect(world.plan(roster.roster).protected == [World.key("ben")])
    }

    @Test func anEditOfAnotherFileUnpinsNobody() {
        var world = desk()
        world.settings.protect = [.email("anna@example.org")]
        var roster = started(world)
        world.change("anna") { $0.emails = ["other@example.org"] }
        roster.apply(world.plan(roster.roster))
        #expect(roster.email("anna") == "other@example.org")
        world.change("anna") { $0.groups = [] }
        world.settings.fingerprints = ["rules": "2"]
        let plan = world.plan(roster.roster)
        #expect(plan.lines == [])
        #expect(plan.protected == [World.key("anna")])
        #expect(plan.codes.contains("protect.nobody"))
    }

    @Test func aPinStaysWhileAnEntryMatchesNobody() {
        var world = desk()
        world.settings.protect = [.email("anna@example.org")]
        var roster = started(world)
        world.change("anna") { $0.emails = ["other@example.org"] }
        roster.apply(world.plan(roster.roster))
        world.settings.protect.append(.id("ben"))
        world.settings.fingerprints["rollcall.yaml (protect)"] = "2"
        #expect(world.plan(roster.roster).protected == [World.key("anna"), World.key("ben")])
        world.settings.protect = [.id("ben")]
        #expect(world.plan(roster.roster).protected == [World.key("ben")])
    }

    @Test func theLastAdminsStay() {
        var world = desk()
        var roster = started(world)
        world.change("dora") { $0.state = .disabledByFlag }
        roster.apply(world.plan(roster.roster))
        #expect(roster.status("dora") == .suspended)
        world.change("emil") { $0.state = .disabledByFlag }
        let plan = world.plan(roster.roster)
        #expect(plan.lines == [])
        #expect(plan.codes.contains("admins.kept"))
        world.change("anna") { $0.groups = ["directors"] }
        #expect(
            world.plan(roster.roster).lines == [
                "leaveScope anna support manager>", "suspend emil", "joinScope anna >account-admin",
            ])
    }

    @Test func ofSeveralTheWeakestEvidenceIsWithheld() {
        var world = desk()
        world.settings.policy.keepAtLeast = [RoleFloor(role: "account-admin", count: 1)]
        let roster = started(world)
        world.change("dora") { $0.state = .disabledByFlag }
        world.change("emil") { $0.groups = [] }
        #expect(world.plan(roster.roster).lines == ["suspend dora"])
    }

    @Test func startingBelowTheFloorIsAFinding() {
        var world = desk()
        world.settings.policy.keepAtLeast = [RoleFloor(role: "account-admin", count: 3)]
        let roster = started(world)
        #expect(world.plan(roster.roster).codes == ["admins.below"])
        world.change("dora") { $0.state = .disabledByFlag }
        #expect(world.plan(roster.roster).lines == [])
    }

    @Test func invitedAdminsCountUntilSomebodyCouldBeActive() {
        var world = desk()
        world.settings.policy.new = .invite
        let roster = started(world)
        #expect(world.plan(roster.roster).codes == [])
        world.change("dora") { $0.state = .disabledByFlag }
        world.change("emil") { $0.state = .disabledByFlag }
        #expect(world.plan(roster.roster).lines == ["suspend emil"])
    }

    @Test func suspendedByHandStaysUntilResumedByHand() {
        var world = desk()
        var roster = started(world)
        let reconciler = Reconciler(settings: world.settings)
        let plan = reconciler.plan(suspend("ben"), roster: roster.roster, now: world.now)
        #expect(plan.lines == ["suspend ben"])
        #expect(plan.reasons == [.human(name: "root", reason: "asked")])
        #expect(roster.apply(plan).isEmpty)
        #expect(roster.causes("ben") == [.manual])
        world.now += 400 * 86_400
        #expect(world.plan(roster.roster).lines == [])
        roster.apply(reconciler.plan(resume("ben"), roster: roster.roster, now: world.now))
        #expect(roster.status("ben") == .active)
        #expect(roster.details("ben").isEmpty)
    }

    @Test func whatAHumanLiftedIsNotSetAgainUntilSeenAbsent() {
        var world = desk()
        var roster = started(world)
        world.change("ben") { $0.state = .disabledByFlag }
        roster.apply(world.plan(roster.roster))
        let reconciler = Reconciler(settings: world.settings)
        roster.apply(reconciler.plan(resume("ben"), roster: roster.roster, now: world.now))
        #expect(roster.status("ben") == .active)
        #expect(roster.details("ben").lifted == [.disabled])
        #expect(world.plan(roster.roster).lines == [])
        world.change("ben") { $0.state = .enabled }
        roster.apply(world.plan(roster.roster))
        #expect(roster.details("ben").isEmpty)
        world.change("ben") { $0.state = .disabledByFlag }
        #expect(world.plan(roster.roster).lines == ["suspend ben"])
    }

    @Test func aHumanMaySuspendSomebodyProtectedButNotTheLastAdmin() {
        var world = desk()
        world.settings.protect = [.id("ben")]
        world.people.removeLast()
        let roster = started(world)
        let reconciler = Reconciler(settings: world.settings)
        #expect(reconciler.plan(suspend("ben"), roster: roster.roster, now: world.now).lines == ["suspend ben"])
        let refused = reconciler.plan(suspend("dora"), roster: roster.roster, now: world.now)
        #expect(refused.changes.isEmpty)
        #expect(refused.codes == ["admins.kept"])
        #expect(reconciler.plan(resume("ben"), roster: roster.roster, now: world.now).codes == ["act.not-suspended"])
        #expect(reconciler.plan(resume("zoe"), roster: roster.roster, now: world.now).codes == ["act.no-user"])
    }

    @Test func importedSignInsActivate() {
        var world = desk()
        world.settings.policy.new = .invite
        var roster = started(world)
        let records = [
            SignInRecord(who: [.email("ANNA@example.org")], lastSignIn: world.now - 5, accepted: false, line: 2),
            SignInRecord(who: [.id(World.id("ben"))], lastSignIn: nil, accepted: true, line: 3),
            SignInRecord(who: [.email("nobody@example.org")], lastSignIn: 1, accepted: true, line: 4),
            SignInRecord(who: [.id(World.id("dora"))], lastSignIn: world.now + 5, accepted: false, line: 5),
        ]
        let plan = Reconciler(settings: world.settings).plan(
            signIns: records, by: "root", roster: roster.roster, now: world.now)
        #expect(plan.lines == ["activate anna invited>active", "activate ben invited>active"])
        #expect(plan.codes == ["import.future", "import.nobody"])
        #expect(roster.apply(plan).isEmpty)
        #expect(roster.roster.users[0].lastSignIn == world.now - 5)
        #expect(world.plan(roster.roster).lines == [])
        let again = Reconciler(settings: world.settings).plan(
            signIns: records, by: "root", roster: roster.roster, now: world.now)
        #expect(again.subjects.isEmpty)
    }

    @Test func templatesInConflictStayAsTheyAre() {
        var world = World(.office, pools: [SeatPool(scope: .root, seatClass: "user", limit: 50)])
        world.settings.templates = ["alpha", "beta", "old"].map {
            Template(
                name: $0, title: $0, permissions: [AreaSetting(area: "talks", values: ["read"])], retired: $0 == "old")
        }
        for name in ["alpha", "beta", "old"] {
            var rule = World.Rule(name, group: name, role: "user")
            rule.template = name
            world.rules.append(rule)
        }
        world.people = [
            World.Person("anna", groups: ["alpha"]), World.Person("ben", groups: ["alpha", "beta"]),
            World.Person("cleo", groups: ["old"]),
        ]
        var roster = InMemoryRoster()
        let plan = world.plan(roster.roster)
        #expect(plan.codes == ["template.conflict", "template.retired"])
        roster.apply(plan)
        #expect(roster.access("ben") == "roles=:user")
        #expect(roster.access("cleo") == "roles=:user")
        world.change("anna") { $0.groups = ["alpha", "beta"] }
        #expect(world.plan(roster.roster).lines == [])
        world.change("anna") { $0.groups = ["beta"] }
        #expect(world.plan(roster.roster).lines == ["addTemplate anna >beta", "removeTemplate anna alpha>"])
    }

    @Test func aSignInIsFoundByTheAccount() {
        var world = desk()
        world.settings.policy.new = .invite
        let roster = started(world)
        let users = roster.roster.users
        let anna = users.first { $0.id == World.id("anna") }?.user ?? 0
        let records = [
            SignInRecord(
                who: [.account("u-1"), .email("ben@example.org")], lastSignIn: world.now - 5, accepted: false, line: 2),
            SignInRecord(
                who: [.account("u-2"), .email("ben@example.org")], lastSignIn: nil, accepted: true, line: 3),
        ]
        let plan = Reconciler(settings: world.settings).plan(
            signIns: records, by: "root", roster: roster.roster,
            accounts: [KnownAccount(account: "u-1", user: anna)], now: world.now)
        #expect(plan.lines == ["activate anna invited>active", "activate ben invited>active"])
        #expect(plan.codes == [])
    }
}

/// What one person is told.
struct ExplanationTests {
    @Test func aPersonInLineKnowsTheirPlace() {
        var world = World(.desk, pools: [SeatPool(scope: ScopePath("support"), seatClass: "seat", limit: 1)])
        world.rules = [World.Rule("Support", group: "support", scope: "support", role: "agent")]
        world.people = ["anna", "ben", "cleo"].map { World.Person($0, groups: ["support"]) }
        var roster = InMemoryRoster()
        let plan = world.plan(roster.roster)
        #expect(
            roster.roster.explanation(of: World.key("cleo"), plan: plan)?.changes.map(\.reason.summary) == [
                "no seat is free (`support/seat`)"
            ])
        roster.apply(plan)
        let cleo = roster.roster.explanation(of: World.key("cleo"))
        #expect(cleo?.row == nil)
        #expect(cleo?.places.map(\.position) == [2])
        #expect(cleo?.places.map(\.of) == [2])
        let anna = roster.roster.explanation(of: World.key("anna"))
        #expect(anna?.access.canonicalText == "roles=support:agent")
        #expect(anna?.groups.count == 1)
        #expect(roster.roster.explanation(of: World.key("zoe")) == nil)
    }
}
