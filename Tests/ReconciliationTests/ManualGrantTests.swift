import AccessModel
import DirectoryModel
import Reconciliation
import TestSupport
import Testing

/// Access that humans give beside the directory.
struct ManualGrantTests {
    private static let support = ScopePath("support")
    private static let manager = ManualGrant.Part.role("manager", scope: support)

    private func desk(limit: Int = 10) -> World {
        var world = World(
            .desk, pools: [SeatPool(scope: Self.support, seatClass: "seat", limit: limit)],
            scopes: [ScopeInstance(path: ScopePath("sales"))])
        world.rules = [World.Rule("Support", group: "support", scope: "support", role: "agent")]
        world.people = [
            World.Person("anna", groups: ["support"]), World.Person("ben", groups: ["support"]),
            World.Person("cora"),
        ]
        return world
    }

    private func started(_ world: World) -> InMemoryRoster {
        var roster = InMemoryRoster()
        #expect(roster.apply(world.plan(roster.roster)).isEmpty)
        return roster
    }

    private func grant(
        _ id: String, _ parts: [ManualGrant.Part], until: Int64? = nil, _ world: World, _ roster: TargetRoster
    ) -> TargetPlan {
        let reconciler = Reconciler(settings: world.settings)
        let newcomer = reconciler.newcomer(World.key(id), in: world.input(roster)).newcomer
        let act = GrantAct(
            deed: .grant(until: until), person: World.key(id), parts: parts, name: "ada", reason: "ticket 7")
        return reconciler.plan(act, roster: roster, newcomer: newcomer, now: world.now)
    }

    private func revoke(
        _ id: String, _ parts: [ManualGrant.Part], rules: Access, _ world: World, _ roster: TargetRoster
    ) -> TargetPlan {
        let act = GrantAct(
            deed: .revoke(rules: rules), person: World.key(id), parts: parts, name: "ada", reason: "over")
        return Reconciler(settings: world.settings).plan(act, roster: roster, newcomer: nil, now: world.now)
    }

    @Test func aNewcomerForWhomAnOwnCauseHoldsIsRefused() {
        var world = desk()
        world.settings.policy.ownCauses = [OwnCause(name: "long-leave")]
        world.causeGroups = ["leave"]
        world.change("cora") { $0.groups = ["leave"] }
        let roster = started(world)
        let (newcomer, refusal) = Reconciler(settings: world.settings).newcomer(
            World.key("cora"), in: world.input(roster.roster))
        #expect(newcomer == nil)
        #expect(refusal?.code == "act.own-cause")
        #expect(refusal?.message.contains("the condition of `long-leave` holds") == true)
    }

    @Test func theHigherRoleWinsAndTheNightLeavesItAlone() {
        let world = desk()
        var roster = started(world)
        let plan = grant("anna", [Self.manager], world, roster.roster)
        #expect(plan.lines == ["changeRole anna support agent>manager", "grantByHand anna >support: manager"])
        #expect(plan.reasons == [.human(name: "ada", reason: "ticket 7")])
        #expect(roster.apply(plan).isEmpty)
        #expect(roster.access("anna") == "roles=support:manager")
        #expect(roster.details("anna").manual.map(\.part) == [Self.manager])
        let night = world.plan(roster.roster)
        #expect(night.lines == [])
        #expect(night.subjects.isEmpty)
    }

    @Test func anExpiredGrantGivesWayToWhatRulesGive() {
        var world = desk()
        var roster = started(world)
        roster.apply(grant("anna", [Self.manager], until: world.now + 100, world, roster.roster))
        world.now += 99
        #expect(world.plan(roster.roster).lines == [])
        world.now += 1
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["changeRole anna support manager>agent", "revokeByHand anna support: manager>"])
        #expect(
            plan.changes.map { plan.reasons[Int($0.reason)] }
                == Array(repeating: .human(name: "ada", reason: "ticket 7 (this grant has expired)"), count: 2))
        #expect(plan.tally.first { $0.kind == .loseAccess }?.count == 1)
        roster.apply(plan)
        #expect(roster.details("anna").isEmpty)
        #expect(world.plan(roster.roster).lines == [])
    }

    @Test func whoHasOnlyAGrantIsNotUnmapped() {
        var world = desk()
        world.settings.policy.unmapped.settleSeconds = 0
        var roster = started(world)
        let plan = grant(
            "cora", [.role("agent", scope: ScopePath("sales"))], until: world.now + 100, world, roster.roster)
        #expect(plan.lines == ["invite cora", "grantByHand cora >sales: agent"])
        #expect(roster.apply(plan).isEmpty)
        #expect(roster.status("cora") == .invited)
        #expect(roster.email("cora") == "cora@example.org")
        #expect(world.plan(roster.roster).lines == [])
        world.now += 200
        let night = world.plan(roster.roster)
        #expect(night.lines == ["suspend cora"])
    }

    @Test func whoHasNothingLeftLosesItAtOnceAndSettles() {
        var world = desk()
        var roster = started(world)
        roster.apply(
            grant("cora", [.role("agent", scope: ScopePath("sales"))], until: world.now + 1, world, roster.roster))
        world.now += 10
        let night = world.plan(roster.roster)
        #expect(night.lines == ["leaveScope cora sales agent>", "revokeByHand cora sales: agent>"])
        roster.apply(night)
        #expect(roster.status("cora") == .invited)
        #expect(roster.access("cora") == "")
        #expect(roster.details("cora").pending.map(\.kind) == [.unmapped])
    }

    @Test func aGrantOutlastsTheRule() {
        var world = desk()
        var roster = started(world)
        let plan = grant("anna", [.role("agent", scope: Self.support)], world, roster.roster)
        #expect(plan.lines == ["grantByHand anna >support: agent"])
        roster.apply(plan)
        world.change("anna") { $0.groups = [] }
        #expect(world.plan(roster.roster).lines == [])
        #expect(roster.access("anna") == "roles=support:agent")
    }

    @Test func noSeatIsRefusedWithTheNumbers() {
        let world = desk(limit: 2)
        let roster = started(world)
        let plan = grant("cora", [.role("agent", scope: Self.support)], world, roster.roster)
        #expect(plan.changes.isEmpty)
        #expect(plan.findings.map(\.code) == ["act.no-seat"])
        #expect(plan.findings.map(\.message) == ["no seat of `support/seat` is free: 2 of 2 are held"])
    }

    @Test func aRevocationLeavesWhatRulesGive() {
        let world = desk()
        var roster = started(world)
        roster.apply(grant("anna", [Self.manager], world, roster.roster))
        let rules = Access(roles: [ScopedRole(scope: Self.support, role: "agent")])
        let plan = revoke("anna", [Self.manager], rules: rules, world, roster.roster)
        #expect(plan.lines == ["changeRole anna support manager>agent", "revokeByHand anna support: manager>"])
        roster.apply(plan)
        #expect(roster.details("anna").isEmpty)
        #expect(world.plan(roster.roster).lines == [])
        #expect(
            revoke("anna", [Self.manager], rules: rules, world, roster.roster).findings.map(\.code) == [
                "act.not-by-hand"
            ])
    }

    /// Whoever names the role and not the place is told what is by hand, and how it is named.
    @Test func whatIsByHandIsNamedWithItsOptions() {
        let world = desk()
        var roster = started(world)
        roster.apply(grant("anna", [Self.manager], world, roster.roster))
        func hint(_ part: ManualGrant.Part, of person: String = "anna") -> [String] {
            revoke(person, [part], rules: .none, world, roster.roster).findings.map(\.hint)
        }
        let named = "by hand is `support: manager` (`--role manager --workspace support`)"
        #expect(hint(.role("manager", scope: .root)) == [named])
        #expect(hint(.template("qa")) == [named])
        let byRules = "`rollcall explain` tells what gives it; change the group or the mapping"
        #expect(hint(Self.manager, of: "ben") == [byRules])
        roster.apply(grant("anna", [.role("agent", scope: ScopePath("sales"))], world, roster.roster))
        #expect(hint(.role("manager", scope: .root)) == [named])
        let sales = "`sales: agent` (`--role agent --workspace sales`)"
        #expect(hint(.switchOn("crm")) == ["by hand are \(sales), \(named.dropFirst("by hand is ".count))"])
    }

    @Test func aRevocationGivesNothingThatTheNextRunWouldHold() {
        var world = desk()
        world.settings.platform.roles[1].privileged = true
        var roster = started(world)
        roster.apply(grant("cora", [.role("agent", scope: Self.support)], world, roster.roster))
        let rules = Access(roles: [ScopedRole(scope: Self.support, role: "manager")])
        let plan = revoke("cora", [.role("agent", scope: Self.support)], rules: rules, world, roster.roster)
        #expect(plan.lines == ["leaveScope cora support agent>", "revokeByHand cora support: agent>"])
    }

    @Test func aRevocationTakesNoSeatFromTheLine() {
        var world = World(.flow, pools: [SeatPool(scope: ScopePath("w"), seatClass: "editor", limit: 1)])
        world.settings.platform.keepAtLeast = []
        world.rules = [World.Rule("Editors", group: "editors", scope: "w", role: "editor")]
        world.people = [World.Person("anna", groups: ["editors"]), World.Person("ben")]
        var roster = started(world)
        let viewer = ManualGrant.Part.role("viewer", scope: ScopePath("w"))
        roster.apply(grant("ben", [viewer], world, roster.roster))
        let rules = Access(roles: [ScopedRole(scope: ScopePath("w"), role: "editor")])
        let plan = revoke("ben", [viewer], rules: rules, world, roster.roster)
        #expect(plan.lines == ["leaveScope ben w viewer>", "revokeByHand ben w: viewer>"])
        #expect(plan.ledger.map(\.heldAfter) == [1])
    }

    @Test func theLastAdminByHandIsNotTakenBack() {
        let world = desk()
        var roster = started(world)
        let admin = ManualGrant.Part.role("account-admin", scope: .root)
        roster.apply(grant("anna", [admin], world, roster.roster))
        #expect(roster.access("anna") == "roles=:account-admin")
        #expect(world.plan(roster.roster).lines == [])
        #expect(revoke("anna", [admin], rules: .none, world, roster.roster).findings.map(\.code) == ["admins.kept"])
    }

    @Test(arguments: [
        (ManualGrant.Part.role("king", scope: .root), "platform `desk` has no role `king`"),
        (.role("agent", scope: .root), "role `agent` is given in one workspace"),
        (
            .role("account-admin", scope: ScopePath("support")),
            "role `account-admin` is given in the whole account, not in `support`"
        ),
        (.role("agent", scope: ScopePath("moon")), "target `acme` has no `moon`"),
        (.template("qa"), "platform `desk` has no templates for users"),
        (.switchOn("crm"), "platform `desk` has no switch `crm`"),
        (.permission(area: "moon", values: ["full"]), "platform `desk` has no area `moon`"),
        (.permission(area: "chat", values: ["edit"]), "area `chat` has no `edit` to give"),
    ])
    func whatTheTargetHasNotIsRefused(part: ManualGrant.Part, message: String) {
        let world = desk()
        let plan = grant("anna", [part], world, started(world).roster)
        #expect(plan.findings.map(\.message) == [message])
        #expect(plan.changes.isEmpty)
    }

    @Test func aSuspendedPersonComesBackWithTheGrant() {
        var world = desk()
        var roster = started(world)
        roster.apply(grant("anna", [Self.manager], world, roster.roster))
        world.change("anna") { $0.state = .disabledByFlag }
        roster.apply(world.plan(roster.roster))
        #expect(roster.status("anna") == .suspended)
        world.change("anna") { $0.state = .enabled }
        #expect(world.plan(roster.roster).lines == ["resume anna"])
    }

    @Test func oneTemplatePerUserIsTheHumansChoice() {
        var world = World(.office)
        world.settings.templates = ["basic", "expert"].map {
            Template(name: $0, title: $0, permissions: [AreaSetting(area: "talks", values: ["read"])])
        }
        var rule = World.Rule("Staff", group: "staff", role: "user")
        rule.template = "basic"
        world.rules = [rule]
        world.people = [World.Person("anna", groups: ["staff"])]
        var roster = started(world)
        roster.apply(grant("anna", [.template("expert")], until: world.now + 10, world, roster.roster))
        #expect(roster.access("anna") == "roles=:user;templates=expert")
        #expect(world.plan(roster.roster).lines == [])
        #expect(grant("anna", [.template("basic")], world, roster.roster).findings.map(\.code) == ["act.one-template"])
        world.now += 10
        roster.apply(world.plan(roster.roster))
        #expect(roster.access("anna") == "roles=:user;templates=basic")
    }

    @Test func anInvitationIsSentAgainWithoutAnotherSeat() {
        var world = desk(limit: 2)
        var roster = started(world)
        world.now += 20 * 86_400
        #expect(world.plan(roster.roster).codes.contains("user.not-accepted"))
        let plan = Reconciler(settings: world.settings).plan(
            resending: World.key("anna"), by: "ada", reason: "lost", roster: roster.roster, now: world.now)
        #expect(plan.lines == ["invite anna"])
        #expect(plan.ledger.map(\.heldAfter) == [2])
        #expect(roster.apply(plan).isEmpty)
        #expect(roster.roster.users.count == 2)
        #expect(
            world.plan(roster.roster).findings.filter { $0.code == "user.not-accepted" }.map(\.label) == [
                "ben@example.org"
            ])
        let nobody = Reconciler(settings: world.settings).plan(
            resending: World.key("cora"), by: "ada", reason: "lost", roster: roster.roster, now: world.now)
        #expect(nobody.findings.map(\.code) == ["act.not-invited"])
    }

    /// Whatever rules and humans give: the night after a grant is empty, and no grant that stands is ever taken back.
    @Test(arguments: 0..<200) func grantsAreNeverUndoneBeforeTheyExpire(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        var world = desk(limit: 100)
        world.rules.append(World.Rule("Leads", group: "leads", scope: "support", role: "manager"))
        world.rules.append(World.Rule("Chat", group: "chat", scope: "sales", role: "chatter"))
        world.groups = ["leads", "chat"]
        var roster = started(world)
        let parts: [ManualGrant.Part] = [
            Self.manager, .role("agent", scope: ScopePath("sales")), .role("chatter", scope: Self.support),
            .permission(area: "agents", values: ["read"]),
        ]
        for _ in 0..<20 {
            let id = ["anna", "ben", "cora"].randomElement(using: &numbers) ?? "anna"
            world.now += Int64.random(in: 1...50_000, using: &numbers)
            switch Int.random(in: 0..<3, using: &numbers) {
            case 0:
                let part = parts.randomElement(using: &numbers) ?? Self.manager
                let until =
                    Bool.random(using: &numbers) ? world.now + Int64.random(in: 1...90_000, using: &numbers) : nil
                roster.apply(grant(id, [part], until: until, world, roster.roster))
            default:
                let groups = Set(["support", "leads", "chat"].filter { _ in Bool.random(using: &numbers) })
                world.change(id) { $0.groups = groups }
            }
            let wrong = roster.apply(world.plan(roster.roster))
            #expect(wrong.isEmpty, "seed \(seed)")
            #expect(world.plan(roster.roster).lines == [], "seed \(seed)")
            for id in ["anna", "ben", "cora"] where roster.status(id) == .invited {
                for held in roster.details(id).manual {
                    #expect(!held.isExpired(at: world.now), "seed \(seed)")
                    guard case .role(let role, let scope) = held.part, let text = roster.access(id),
                        let has = Access(canonicalText: text)?.role(in: scope)
                    else { continue }
                    let ranks = (
                        world.settings.platform.rank(of: has) ?? 99, world.settings.platform.rank(of: role) ?? 0
                    )
                    #expect(ranks.0 <= ranks.1, "seed \(seed)")
                }
            }
        }
    }

    /// A role on an assistant has no effect without the role around it, which nothing gives any more.
    @Test func whatHasNoEffectWithoutTheRoleGoesWithIt() {
        var world = World(.flow, pools: [SeatPool(scope: ScopePath("w"), seatClass: "editor", limit: 3)])
        world.settings.platform.keepAtLeast = []
        var rule = World.Rule("Bots", group: "bots", scope: "w", role: "viewer")
        rule.assistant = "bot"
        world.rules = [rule]
        world.people = [World.Person("ben", groups: ["bots"])]
        var roster = started(world)
        let viewer = ManualGrant.Part.role("viewer", scope: ScopePath("w"))
        roster.apply(grant("ben", [viewer], world, roster.roster))
        roster.apply(revoke("ben", [viewer], rules: .none, world, roster.roster))
        #expect(roster.access("ben") == "")
    }

    @Test func powerIsTakenBackWithoutAFreeSeat() {
        var world = World(
            .desk, pools: [SeatPool(scope: Self.support, seatClass: "seat", limit: 2)],
            scopes: [ScopeInstance(path: ScopePath("sales"))])
        world.settings.platform.keepAtLeast = []
        world.rules = [World.Rule("Support", group: "support", scope: "support", role: "agent")]
        world.people = [
            World.Person("anna", groups: ["support"]), World.Person("ben", groups: ["support"]), World.Person("cora"),
        ]
        var roster = started(world)
        let admin = ManualGrant.Part.role("account-admin", scope: .root)
        roster.apply(grant("cora", [admin], world, roster.roster))
        roster.apply(grant("cora", [.role("agent", scope: Self.support)], world, roster.roster))
        #expect(roster.access("cora") == "roles=:account-admin")
        let plan = revoke("cora", [admin], rules: .none, world, roster.roster)
        #expect(plan.lines == ["leaveScope cora account-admin>", "revokeByHand cora account-admin>"])
        roster.apply(plan)
        #expect(world.plan(roster.roster).lines == ["wait cora support >agent"])
    }
}
