import AccessModel
import DirectoryModel
import MappingLanguage
import Reconciliation
import TestSupport
import Testing

/// What holds a target, freezes a group or withholds a grant, and what an approval lifts.
struct GuardTests {
    private func desk(_ count: Int) -> World {
        var world = World(.desk, pools: [SeatPool(scope: ScopePath("support"), seatClass: "seat", limit: 1000)])
        world.rules = [
            World.Rule("Support", group: "support", scope: "support", role: "agent"),
            World.Rule("Leads", group: "leads", scope: "support", role: "manager"),
            World.Rule("Directors", group: "directors", role: "account-admin"),
        ]
        world.settings.platform.keepAtLeast = []
        world.people = (0..<count).map { World.Person("p\($0 + 100)", groups: ["support"]) }
        return world
    }

    private func started(_ world: World) -> InMemoryRoster {
        var roster = InMemoryRoster()
        roster.apply(world.plan(roster.roster))
        return roster
    }

    private func disable(_ world: inout World, _ count: Int) {
        for place in 0..<count { world.people[place].state = .disabledByFlag }
    }

    private func approval(_ allow: [GuardKind: Int], people: [String] = [], until: Int64 = 2_000_000_000) -> Approval {
        Approval(
            file: "approvals/a.yaml", digest: "d", reason: "HR", validFrom: 0, validUntil: until, targets: nil,
            people: Set(people.map(World.id)), allow: allow, groupShrink: [:], used: [:])
    }

    @Test func aHeldTargetStillSuspendsDisabledPeople() {
        var world = desk(20)
        var roster = started(world)
        world.settings.limits.suspendOther = Limit(count: 25, percent: 2, floor: 3)
        world.settings.policy.unmapped.settleSeconds = 0
        for place in 0..<5 { world.people[place].groups = [] }
        world.people[10].state = .disabledByFlag
        world.people.append(World.Person("zoe", groups: ["support"]))
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["suspend p110"])
        #expect(plan.holds.map(\.kind) == [.suspendOther])
        #expect(plan.holds[0].extent == .target(evenDisabled: false))
        #expect(plan.holds[0].count == 5)
        #expect(plan.holds[0].limit == 3)
        #expect(plan.holds[0].wouldHave == ["5 suspended", "1 invited"])
        #expect(
            plan.heldBack?.plan.lines == (0..<5).map { "suspend p10\($0)" } + ["suspend p110", "invite zoe"])
        #expect(
            plan.holds[0].causes == [HoldCause(text: "no rule gives anything any more; left group support", people: 5)])
        #expect(plan.baseline == nil)
        roster.apply(plan)
        #expect(world.plan(roster.roster).lines == [])
        world.approvals = [approval([.suspendOther: 2], people: ["p100", "p101", "p102"])]
        let approved = world.plan(roster.roster)
        #expect(approved.holds.isEmpty)
        #expect(approved.approvalsSpent.map(\.count) == [2])
        #expect(approved.lines.count == 6)
    }

    @Test(arguments: [
        (Int64(500_000_000), ["acme"], true), (2_000_000_000, ["acme"], true), (2_000_000_000, ["other"], false),
    ])
    func approvalsHaveADayAndATarget(_ until: Int64, _ targets: [String], _ counts: Bool) {
        var world = desk(20)
        let roster = started(world)
        world.settings.limits.suspendDisabled = Limit(count: 100, percent: 3, floor: 5)
        disable(&world, 6)
        var leave = approval([.suspendDisabled: 6], people: world.people.map(\.id), until: until)
        leave.targets = targets
        world.approvals = [leave]
        let isOpen = counts && until > world.now
        #expect(world.plan(roster.roster).holds.isEmpty == isOpen)
        leave.used = [AllowedKind(.suspendDisabled): 6]
        world.approvals = [leave]
        #expect(!world.plan(roster.roster).holds.isEmpty)
    }

    @Test func tooManyDisabledHoldsEverything() {
        var world = desk(20)
        let roster = started(world)
        world.settings.limits.suspendDisabled = Limit(count: 100, percent: 3, floor: 5)
        disable(&world, 6)
        let plan = world.plan(roster.roster)
        #expect(plan.lines == [])
        #expect(plan.holds.map(\.extent) == [.target(evenDisabled: true)])
        disable(&world, 5)
        world.people[5].state = .enabled
        #expect(world.plan(roster.roster).lines.count == 5)
    }

    @Test func aLostMarkerOfTheDisabledBringsNobodyBack() {
        var world = desk(20)
        var roster = started(world)
        disable(&world, 6)
        roster.apply(world.plan(roster.roster))
        for place in 0..<6 { world.people[place].state = .enabled }
        world.people[10].state = .disabledByFlag
        world.settings.limits.returns = Limit(count: 25, percent: 2, floor: 3)
        world.run += 1
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["suspend p110"])
        #expect(plan.holds.map(\.message) == ["6 users would come back (limit 3)"])
        #expect(plan.holds.map(\.people) == [(100..<106).map { World.key("p\($0)") }])
        #expect(
            plan.holds.map(\.causes) == [
                [HoldCause(text: "the directory says the account is enabled again", people: 6)]
            ])
        roster.apply(plan)
        #expect(world.plan(roster.roster).holds.map(\.kind) == [.returns])
        world.approvals = [approval([.returns: 3], people: ["p100", "p101", "p102"])]
        let approved = world.plan(roster.roster)
        #expect(approved.lines == (100..<106).map { "resume p\($0)" })
        #expect(approved.approvalsSpent.map(\.allowed.kind) == [.returns])
        #expect(approved.guardCounts.map(\.people) == [3])
    }

    @Test func whoWaitsForASeatCountsAsComingBack() {
        var world = desk(20)
        var roster = started(world)
        disable(&world, 6)
        roster.apply(world.plan(roster.roster))
        world.settings.topology.pools[0].limit = 15
        for place in 0..<6 { world.people[place].state = .enabled }
        world.settings.limits.returns = Limit(count: 5, percent: nil, floor: 0)
        world.run += 1
        #expect(world.plan(roster.roster).holds.map(\.count) == [6])
    }

    @Test func removedUsersWhoAreInvitedAgainComeBack() {
        var world = desk(20)
        var roster = started(world)
        disable(&world, 6)
        roster.apply(world.plan(roster.roster))
        world.settings.policy.removeAfterSeconds = 86_400
        world.now += 2 * 86_400
        roster.apply(world.plan(roster.roster))
        for place in 0..<6 { world.people[place].state = .enabled }
        world.people.append(World.Person("zoe", groups: ["support"]))
        world.settings.limits.returns = Limit(count: 5, percent: nil, floor: 0)
        let plan = world.plan(roster.roster)
        #expect(plan.holds.map(\.count) == [6])
        #expect(plan.lines == [])
    }

    @Test func whoIsResumedByHandCountsNowhere() {
        var world = desk(20)
        var roster = started(world)
        disable(&world, 1)
        roster.apply(world.plan(roster.roster))
        world.settings.limits.returns = Limit(count: 0, percent: nil, floor: 0)
        let act = ManualAct(deed: .resume, person: World.key("p100"), name: "ops", reason: "an error of HR")
        let plan = Reconciler(settings: world.settings).plan(act, roster: roster.roster, now: world.now)
        #expect(plan.guardCounts.isEmpty)
        roster.apply(plan)
        #expect(world.plan(roster.roster).holds.isEmpty)
    }

    @Test func editsHalveTheLimitsOnLosses() {
        var world = desk(200)
        let roster = started(world)
        world.settings.limits.suspendDisabled = Limit(count: 9, percent: nil, floor: 2)
        disable(&world, 6)
        #expect(world.plan(roster.roster).holds.isEmpty)
        world.settings.fingerprints = ["rules": "2"]
        let plan = world.plan(roster.roster)
        #expect(plan.holds.map(\.limit) == [5])
        #expect(
            plan.tally.first { $0.kind == .suspendDisabled }?.limitText == "5 (9, halved: rules changed since run 1)")
        world.settings.limits.suspendDisabled.floor = 8
        #expect(world.plan(roster.roster).holds.isEmpty)
    }

    @Test func lostAccessIsCountedOncePerUser() {
        var world = desk(20)
        for place in world.people.indices { world.people[place].groups = ["leads"] }
        let roster = started(world)
        world.settings.limits.loseAccess = Limit(count: 50, percent: 3, floor: 3)
        for place in 0..<4 { world.people[place].groups = ["support"] }
        let plan = world.plan(roster.roster)
        #expect(plan.holds.map(\.kind) == [.loseAccess])
        #expect(plan.holds[0].people == (100..<104).map { World.key("p\($0)") })
        #expect(plan.tally.first { $0.kind == .loseAccess }?.count == 4)
    }

    @Test(arguments: [("sales", "support", 0), ("support", "sales", 1)])
    func aTemplateThatContainsTheOldOneIsNoLoss(_ before: String, _ after: String, _ count: Int) {
        var world = World(.office)
        world.settings.platform.keepAtLeast = []
        world.settings.templates = [("sales", "read"), ("support", "full")].map {
            Template(name: $0, title: $0, permissions: [AreaSetting(area: "talks", values: [$1])])
        }
        world.rules = ["sales", "support"].map { name in
            var rule = World.Rule(name, group: name, role: "user")
            rule.template = name
            return rule
        }
        world.people = [World.Person("anna", groups: [before])]
        let roster = started(world)
        world.people[0].groups = [after]
        let plan = world.plan(roster.roster)
        #expect(plan.lines.contains("removeTemplate anna \(before)>"))
        #expect(plan.tally.first { $0.kind == .loseAccess }?.count == count)
    }

    @Test func editedPermissionsAreChanges() {
        var world = desk(5)
        var roster = started(world)
        world.settings.platform.roles[2].permissions.append(AreaSetting(area: "account", values: ["read"]))
        world.settings.fingerprints = ["platform.yaml": "2", "rules": "1"]
        let plan = world.plan(roster.roster)
        #expect(plan.lines == (100..<105).map { "changePermissions p\($0)" })
        #expect(plan.reasons == [.edited(file: "platform.yaml")])
        #expect(plan.changes[0].before == "support:agents=read;support:chat=full")
        #expect(plan.changes[0].after == "support:account=read;support:agents=read;support:chat=full")
        roster.apply(plan)
        #expect(world.plan(roster.roster).lines == [])
    }

    @Test func fewerPeopleHold() {
        var world = desk(100)
        let roster = started(world)
        world.settings.limits.peopleShrink = Limit(count: nil, percent: 5, floor: 3)
        for place in 90..<95 { world.lose("p\(place + 100)") }
        #expect(world.plan(roster.roster).holds.isEmpty)
        world.lose("p100")
        let plan = world.plan(roster.roster)
        #expect(plan.holds.map(\.message) == ["directory corp lost 6 of 100 people since run 1 (limit 5 %)"])
        world.approvals = [approval([.peopleShrink: 6])]
        #expect(world.plan(roster.roster).approvalsSpent.map(\.allowed.kind) == [.peopleShrink])
    }

    @Test(arguments: [(9, 6), (12, 0), (6, 6)])
    func anApprovalThatIsNotEnoughForAllLeavesTheRestToTheLimit(lost: Int, used: Int) {
        var world = desk(100)
        let roster = started(world)
        world.settings.limits.peopleShrink = Limit(count: nil, percent: 5, floor: 3)
        for place in 0..<lost { world.lose("p\(place + 100)") }
        world.approvals = [approval([.peopleShrink: 6])]
        let plan = world.plan(roster.roster)
        #expect(plan.holds.isEmpty == (used > 0))
        #expect(plan.approvalsSpent.map(\.count) == (used > 0 ? [used] : []))
        let tally = plan.tally.first { $0.kind == .peopleShrink }
        #expect(tally?.count == lost && tally?.approved == used && tally?.isExceeded == (used == 0))
    }

    @Test func anApprovalOfPartOfAGroupLeavesTheRestToTheLimit() {
        var world = desk(20)
        let roster = started(world)
        world.settings.limits.groupShrink = Limit(count: nil, percent: 30, floor: 3)
        for place in 0..<9 { world.people[place].groups = [] }
        var leave = approval([:])
        for (most, isFrozen) in [(2, true), (4, false)] {
            leave.groupShrink = ["support": most]
            world.approvals = [leave]
            let plan = world.plan(roster.roster)
            #expect(plan.holds.isEmpty != isFrozen)
            #expect(plan.approvalsSpent.map(\.count) == (isFrozen ? [] : [most]))
        }
        world.vanished = ["support"]
        #expect(world.plan(roster.roster).holds.map(\.kind) == [.groupShrink])
    }

    /// What one group used is not there for it again, though another group of the file has lost nobody.
    @Test(arguments: [(9, true), (4, false)]) func leaveForAGroupIsItsOwn(used: Int, isFrozen: Bool) {
        var world = desk(20)
        let roster = started(world)
        world.settings.limits.groupShrink = Limit(count: nil, percent: 30, floor: 3)
        for place in 0..<9 { world.people[place].groups = [] }
        var leave = approval([:])
        leave.groupShrink = ["support": 9, "leads": 40]
        leave.used = [AllowedKind(.groupShrink, group: "support"): used]
        world.approvals = [leave]
        let plan = world.plan(roster.roster)
        #expect(plan.holds.isEmpty != isFrozen)
        #expect(
            plan.approvalsSpent.map(\.allowed)
                == (isFrozen ? [] : [AllowedKind(.groupShrink, group: "support")]))
    }

    /// Two targets that see one group shrink use what is approved of it once; of people each uses its own.
    @Test func factsThatTargetsShareAreUsedOnce() {
        let group = AllowedKind(.groupShrink, group: "support")
        func use(_ allowed: AllowedKind, _ count: Int) -> ApprovalUse {
            ApprovalUse(digest: "d", file: "a.yaml", allowed, count: count)
        }
        let together = [ApprovalUse].together([
            [use(group, 9), use(AllowedKind(.remove), 2)],
            [use(AllowedKind(.remove), 3), use(group, 7), use(group, 4)],
        ])
        #expect(together == [use(group, 11), use(AllowedKind(.remove), 5)])
    }

    /// A colon in a group's own name parts no directory from it.
    @Test(arguments: [("support", true), ("Desk:support", false), ("corp:desk:support", false)])
    func leaveIsForTheGroupOfThatNameAlone(name: String, isFrozen: Bool) {
        var world = desk(20)
        world.rules = [World.Rule("Support", group: "desk:support", scope: "support", role: "agent")]
        for place in world.people.indices { world.people[place].groups = ["desk:support"] }
        let roster = started(world)
        world.settings.limits.groupShrink = Limit(count: nil, percent: 30, floor: 3)
        for place in 0..<9 { world.people[place].groups = [] }
        var leave = approval([:])
        leave.groupShrink = [name: 9]
        world.approvals = [leave]
        #expect(world.plan(roster.roster).holds.isEmpty != isFrozen)
    }

    @Test func approvalsAreHandedOutOnceInTheOrderOfThePlan() {
        var world = desk(2)
        world.people[0].emails = ["z@example.org"]
        world.people[1].emails = ["a@example.org"]
        let roster = started(world)
        world.settings.limits.suspendDisabled = Limit(count: 0, percent: nil, floor: 0)
        disable(&world, 2)
        var other = approval([.suspendDisabled: 1], people: ["p100"])
        (other.file, other.digest) = ("approvals/b.yaml", "e")
        world.approvals = [approval([.suspendDisabled: 1], people: ["p100", "p101"]), other]
        let plan = world.plan(roster.roster)
        #expect(plan.holds.isEmpty)
        #expect(plan.tally.first { $0.kind == .suspendDisabled }?.approved == 2)
        #expect(plan.approvalsSpent.map(\.file) == ["approvals/a.yaml", "approvals/b.yaml"])
        #expect(plan.guardCounts == [])
    }

    @Test func whatIsNotHeldIsNotMarkedAsExceeded() {
        var world = desk(200)
        var roster = started(world)
        world.settings.limits.suspendDisabled = Limit(count: 50, percent: nil, floor: 2)
        disable(&world, 20)
        world.now += 3_600
        world.run += 1
        roster.apply(world.plan(roster.roster))
        world.now += 3_600
        world.run += 1
        disable(&world, 30)
        world.settings.fingerprints = ["rules": "2"]
        let plan = world.plan(roster.roster)
        #expect(plan.holds.isEmpty)
        let tally = plan.tally.first { $0.kind == .suspendDisabled }
        #expect(tally?.limit == 25 && tally?.earlier == 20 && tally?.count == 10 && tally?.isExceeded == false)
    }

    @Test func theDirectoryFurthestBeyondItsLimitIsShown() {
        var world = desk(100)
        world.directories = ["corp", "labs"]
        for place in 0..<200 {
            var person = World.Person("x\(place + 100)")
            person.directory = "labs"
            world.people.append(person)
        }
        let roster = started(world)
        world.settings.limits.peopleShrink = Limit(count: nil, percent: 5, floor: 3)
        for place in 0..<6 { world.lose("p\(place + 100)") }
        for place in 0..<8 { world.lose("x\(place + 100)") }
        let tally = world.plan(roster.roster).tally.first { $0.kind == .peopleShrink }
        #expect(tally?.count == 6 && tally?.limit == 5 && tally?.isExceeded == true)
    }

    @Test func nothingWhereThereWasSomethingHolds() {
        var world = desk(2)
        let roster = started(world)
        world.people = []
        #expect(world.plan(roster.roster).holds.map(\.kind) == [.peopleShrink])
    }

    @Test func aShrunkenGroupIsFrozenAndTheRestGoesOn() {
        var world = desk(20)
        var roster = started(world)
        world.settings.limits.groupShrink = Limit(count: nil, percent: 30, floor: 3)
        for place in 0..<10 { world.people[place].groups = [] }
        world.people.append(World.Person("zoe", groups: ["leads"]))
        world.people.append(World.Person("yan", groups: ["support"]))
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["invite zoe"])
        #expect(plan.holds.map(\.message) == ["group support lost 9 of 20 members since run 1 (limit 30 %)"])
        #expect(
            plan.holds.map(\.wouldHave) == [["10 suspended after 24 hours without a rule", "1 invited"]])
        roster.apply(plan)
        #expect(roster.roster.baseline?.mappedGroups.first { $0.name == "support" }?.people == 20)
        world.run = 2
        #expect(!world.plan(roster.roster).holds.isEmpty)
        var leave = approval([:])
        leave.groupShrink = ["support": 9]
        world.approvals = [leave]
        let approved = world.plan(roster.roster)
        #expect(approved.holds.isEmpty)
        #expect(approved.lines == ["invite yan"])
        #expect(
            approved.approvalsSpent == [
                ApprovalUse(
                    digest: "d", file: "approvals/a.yaml", AllowedKind(.groupShrink, group: "support"), count: 9)
            ])
    }

    @Test func aVanishedGroupKeepsItsMembers() {
        var world = desk(3)
        let roster = started(world)
        world.vanished = ["support"]
        world.settings.policy.unmapped.settleSeconds = 0
        let plan = world.plan(roster.roster)
        #expect(plan.lines == [])
        #expect(plan.holds.map(\.kind) == [.groupShrink])
        #expect(plan.holds[0].wouldHave.first == "3 suspended")
    }

    @Test func aFrozenGroupTellsOnlyWhatItKept() {
        var world = desk(20)
        var roster = started(world)
        world.settings.policy.unmapped.settleSeconds = 0
        world.settings.limits.groupShrink = Limit(count: nil, percent: 30, floor: 3)
        for place in 0..<10 { world.people[place].groups = place < 5 ? ["leads"] : [] }
        world.people[9].state = .disabledByFlag
        world.people[12].state = .disabledByFlag
        let plan = world.plan(roster.roster)
        #expect(plan.lines.filter { $0.hasPrefix("suspend") } == ["suspend p109", "suspend p112"])
        #expect(plan.holds.map(\.wouldHave.first) == ["4 suspended"])
        roster.apply(plan)
        #expect(world.plan(roster.roster).holds.map(\.wouldHave.first) == ["4 suspended"])
    }

    @Test func privilegedGrantsAreWithheldOneByOne() {
        var world = desk(2)
        var roster = started(world)
        world.settings.limits.privilegedGain = Limit(count: 0, percent: nil, floor: 0)
        world.people[0].groups.insert("directors")
        world.people.append(World.Person("dora", groups: ["directors"]))
        world.people.append(World.Person("zoe", groups: ["support"]))
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["invite zoe"])
        #expect(
            plan.holds.map(\.extent) == [
                .grant(World.key("dora"), what: "`account-admin`"), .grant(World.key("p100"), what: "`account-admin`"),
            ])
        #expect(plan.baseline != nil)
        roster.apply(plan)
        world.approvals = [approval([.privilegedGain: 1], people: ["p100"])]
        let approved = world.plan(roster.roster)
        #expect(approved.lines == ["leaveScope p100 support agent>", "joinScope p100 >account-admin"])
        #expect(approved.approvalsSpent.map(\.count) == [1])
        #expect(approved.holds.count == 1)
        #expect(approved.tally.first { $0.kind == .privilegedGain }?.approved == 1)
    }

    @Test func firstRunsHaveFloorsAndCounts() {
        let limit = Limit(count: 25, percent: 2, floor: 3)
        #expect(limit.value(base: 0) == 25)
        #expect(limit.value(base: 100) == 3)
        #expect(limit.value(base: 1000) == 20)
        #expect(limit.value(base: 10_000) == 25)
        #expect(Limit(count: nil, percent: 5, floor: 3).value(base: 0) == 3)
    }

    @Test func observingPlansTheSame() {
        var world = desk(3)
        let managed = world.plan(InMemoryRoster().roster)
        world.settings.mode = .observe
        let observed = world.plan(InMemoryRoster().roster)
        #expect(observed.lines == managed.lines)
        #expect(observed.mode == .observe)
    }
}
