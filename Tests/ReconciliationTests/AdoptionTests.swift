import AccessModel
import DirectoryModel
import Reconciliation
import TestSupport
import Testing

/// Users whom a platform has already: whose they are, and that nobody is invited a second time.
struct AdoptionTests {
    private static let support = ScopePath("support")

    private func world(_ people: [World.Person], seats: Int = 10) -> World {
        var world = World(.desk, pools: [SeatPool(scope: AdoptionTests.support, seatClass: "seat", limit: seats)])
        world.rules = [
            World.Rule("Support", group: "support", scope: "support", role: "agent"),
            World.Rule("Leads", group: "leads", scope: "support", role: "manager"),
        ]
        world.people = people
        return world
    }

    private func staff(_ names: String...) -> World {
        world(names.map { World.Person($0, groups: ["support"]) })
    }

    private func account(
        _ account: String = "", _ email: String, _ role: String? = "agent", line: Int = 2,
        _ edit: (inout PlatformAccount) -> Void = { _ in }
    ) -> PlatformAccount {
        let access = role.map { Access(roles: [ScopedRole(scope: AdoptionTests.support, role: $0)]) } ?? .none
        var found = PlatformAccount(line: line, account: account, email: email, access: access)
        edit(&found)
        return found
    }

    private func adopt(
        _ world: World, _ accounts: [PlatformAccount], roster: TargetRoster = InMemoryRoster().roster,
        known: [KnownAccount] = [], extras: ExtraAccess = .report
    ) -> Adoption {
        Reconciler(settings: world.settings).adopt(
            AdoptionInput(
                accounts: accounts, known: known, reconcile: world.input(roster), extras: extras, by: "ada"))
    }

    /// The accounts that a roster holds after a plan.
    private func known(_ plan: TargetPlan, _ roster: InMemoryRoster) -> [KnownAccount] {
        plan.accounts.compactMap { planned in
            let id = plan.subjects[Int(planned.subject)].id
            return roster.roster.users.first { $0.id == id && $0.status != .removed }.map {
                KnownAccount(account: planned.account, user: $0.user)
            }
        }
    }

    @Test func accountsBecomeUsersAsTheyAre() {
        let world = staff("anna", "ben")
        let found = account("u-1", "anna@example.org") { $0.lastSignIn = 999_000_000 }
        let adoption = adopt(world, [found, account("u-2", "BEN@example.org") { $0.status = .invited }])
        #expect(adoption.outcomes.map(\.standing) == [.adopted, .adopted])
        #expect(adoption.plan.lines.sorted() == ["adopt anna >active", "adopt ben >invited"])
        var roster = InMemoryRoster()
        #expect(roster.apply(adoption.plan).isEmpty)
        #expect(roster.status("anna") == .active)
        #expect(roster.access("anna") == "roles=support:agent")
        #expect(roster.roster.users[0].lastSignIn == 999_000_000)
        #expect(known(adoption.plan, roster).map(\.account).sorted() == ["u-1", "u-2"])
        #expect(adoption.plan.ledger.map(\.heldAfter) == [2])
    }

    @Test func theFirstNightInvitesNobodyAgain() {
        let world = staff("anna", "ben")
        var roster = InMemoryRoster()
        roster.apply(adopt(world, [account("", "anna@example.org"), account("", "ben@example.org", "chatter")]).plan)
        let night = world.plan(roster.roster)
        #expect(night.lines == ["changeRole ben support chatter>agent"])
        roster.apply(night)
        #expect(world.plan(roster.roster).lines == [])
    }

    @Test(arguments: [
        ("id", "", "other@example.org", AccountOutcome.Match.id), ("account", "anna", "x@example.org", .account),
        ("email", "u-1", "Anna@Example.org", .email), ("alias", "u-1", "a.ames@example.org", .alias),
        ("person", "u-1", "private@example.net", .person),
    ])
    func anAccountIsFoundByWhatItShows(
        way: String, account number: String, email: String, match: AccountOutcome.Match
    ) {
        var world = staff("anna", "ben")
        world.change("anna") { $0.aliases = ["a.ames@example.org"] }
        let found = account(number, email) {
            if way == "id" { $0.id = World.id("anna") }
            if way == "person" { $0.person = "uid=anna,dc=corp" }
        }
        let outcome = adopt(world, [found]).outcomes[0]
        #expect(outcome.standing == .adopted)
        #expect(outcome.match == match)
        #expect(outcome.person == World.key("anna"))
    }

    @Test func whatPointsAtTwoPeopleIsNobodys() {
        let twins = ["anna", "ben"].map { World.Person($0, emails: ["desk@example.org"], groups: ["support"]) }
        let outcome = adopt(world(twins), [account("u-1", "desk@example.org")]).outcomes[0]
        #expect(outcome.standing == .unmanaged)
        #expect(outcome.why == "2 people of the directory have this email: `anna`, `ben`")
    }

    @Test func anAccountIDAndAnEmailThatDisagreeAreNobodys() {
        let outcome = adopt(staff("anna", "ben"), [account("anna", "ben@example.org")]).outcomes[0]
        #expect(outcome.standing == .unmanaged)
        #expect(outcome.why == "the account id is that of `anna`, the email that of `ben`")
    }

    @Test func twoAccountsOfOnePersonAreBothUnmanaged() {
        var world = staff("anna")
        world.change("anna") { $0.aliases = ["old@example.org"] }
        let adoption = adopt(
            world, [account("u-1", "anna@example.org"), account("u-2", "old@example.org", line: 3)])
        #expect(adoption.outcomes.map(\.standing) == [.unmanaged, .unmanaged])
        #expect(adoption.outcomes[0].why == "anna@example.org is found for line 3 too")
        #expect(adoption.plan.codes == ["import.unmanaged", "import.unmanaged"])
    }

    @Test func aWrongImmutableIDIsNotMadeUpForByAnEmail() {
        let found = account("", "anna@example.org") { $0.id = World.id("zoe") }
        #expect(adopt(staff("anna"), [found]).outcomes[0].standing == .unmanaged)
    }

    @Test func unmanagedUsersHoldSeatsAndAreNeverChanged() {
        let world = staff("anna")
        var roster = InMemoryRoster()
        let plan = adopt(world, [account("u-9", "guest@partner.example")]).plan
        #expect(plan.lines.count == 1)
        #expect(roster.apply(plan).isEmpty)
        #expect(roster.roster.users.map(\.managed) == [false])
        let night = world.plan(roster.roster)
        #expect(night.lines == ["invite anna"])
        #expect(night.ledger.map(\.heldBefore) == [1])
        #expect(night.ledger.map(\.heldAfter) == [2])
    }

    @Test func anUnmanagedAccountIsLinkedAndKeepsItsSeat() {
        let world = staff("anna")
        var roster = InMemoryRoster()
        let first = adopt(world, [account("u-9", "a@private.example", "manager")])
        roster.apply(first.plan)
        let input = AdoptionInput(
            accounts: [], known: known(first.plan, roster), reconcile: world.input(roster.roster), extras: .takeBack,
            by: "ada")
        let reconciler = Reconciler(settings: world.settings)
        #expect(reconciler.link(account: "u-8", person: "anna", input) == nil)
        let linked = reconciler.link(account: "u-9", person: "anna", input)
        #expect(linked?.outcomes.map(\.standing) == [.linked])
        guard let plan = linked?.plan else { return }
        #expect(plan.lines == ["adopt anna >active"])
        #expect(plan.ledger.map(\.heldAfter) == [1])
        #expect(roster.apply(plan).isEmpty)
        #expect(roster.email("anna") == "a@private.example")
        // The row without a person tells since when it is gone, so that it can be forgotten.
        let left = roster.roster.users.indices.first { !roster.roster.users[$0].managed }
        #expect(left.flatMap { roster.roster.details[$0] }?.statusSince == world.now)
        #expect(
            world.plan(roster.roster).lines == [
                "changeEmail anna a@private.example>anna@example.org", "changeRole anna support manager>agent",
            ])
    }

    @Test func importingAgainChangesNothing() {
        let world = staff("anna", "ben")
        var roster = InMemoryRoster()
        let accounts = [account("u-1", "anna@example.org"), account("u-9", "guest@partner.example", line: 3)]
        let first = adopt(world, accounts)
        roster.apply(first.plan)
        let before = roster.dump
        let again = adopt(world, accounts, roster: roster.roster, known: known(first.plan, roster))
        #expect(again.outcomes.map(\.standing) == [.known, .unmanaged])
        #expect(again.plan.lines == [])
        roster.apply(again.plan)
        #expect(roster.dump == before)
    }

    @Test func whatWasFilledInIsLinkedTheSecondTime() {
        let world = staff("anna")
        var roster = InMemoryRoster()
        let first = adopt(world, [account("u-9", "a@private.example")])
        roster.apply(first.plan)
        let filled = account("u-9", "a@private.example") { $0.person = "anna@example.org" }
        let second = adopt(world, [filled], roster: roster.roster, known: known(first.plan, roster))
        #expect(second.outcomes.map(\.standing) == [.linked])
        #expect(roster.apply(second.plan).isEmpty)
        #expect(roster.status("anna") == .active)
        #expect(roster.roster.users.filter { !$0.managed && $0.status != .removed }.isEmpty)
    }

    @Test func anInvitationThatThePlatformShowsAcceptedIsActive() {
        let world = staff("anna")
        var roster = InMemoryRoster()
        roster.apply(world.plan(roster.roster))
        let adoption = adopt(world, [account("u-1", "anna@example.org")], roster: roster.roster)
        #expect(adoption.outcomes.map(\.standing) == [.known])
        #expect(adoption.plan.lines == ["activate anna invited>active"])
    }

    @Test func anEmailOfAnotherUserIsNotTakenOver() {
        let world = staff("anna", "ben")
        var roster = InMemoryRoster()
        roster.apply(adopt(world, [account("u-1", "anna@example.org")]).plan)
        let taken = account("ben", "Anna@example.org") { $0.id = World.id("ben") }
        let adoption = adopt(world, [taken], roster: roster.roster)
        #expect(adoption.outcomes.map(\.standing) == [.setAside])
        #expect(adoption.plan.subjects.isEmpty)
    }

    @Test func someoneSuspendedOnThePlatformStaysSuspended() {
        let world = staff("anna")
        var roster = InMemoryRoster()
        roster.apply(adopt(world, [account("", "anna@example.org") { $0.status = .suspended }]).plan)
        #expect(roster.status("anna") == .suspended)
        #expect(roster.causes("anna") == [.manual])
        #expect(world.plan(roster.roster).lines == [])
    }

    @Test(arguments: [
        (ExtraAccess.report, ["import"]), (.keep, ["ada"]), (.takeBack, []),
    ])
    func accessThatNoRuleGivesIsReportedKeptOrTakenBack(extras: ExtraAccess, holders: [String]) {
        let world = staff("anna")
        var roster = InMemoryRoster()
        let adoption = adopt(world, [account("", "anna@example.org", "manager")], extras: extras)
        #expect(adoption.outcomes[0].extras == [.role("manager", scope: AdoptionTests.support)])
        roster.apply(adoption.plan)
        #expect(roster.details("anna").manual.map(\.by) == holders)
        if extras == .takeBack {
            #expect(world.plan(roster.roster).lines == ["changeRole anna support manager>agent"])
        }
    }

    @Test func lessThanRulesGiveIsNothingExtra() {
        let adoption = adopt(staff("anna"), [account("", "anna@example.org", "chatter")])
        #expect(adoption.outcomes[0].extras.isEmpty)
    }

    @Test(arguments: 0..<200 as Range<UInt64>) func afterwardsNobodyFoundIsInvited(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let names = (0..<12).map { "p\($0)" }
        var world = world(
            names.map { World.Person($0, groups: Bool.random(using: &numbers) ? ["support"] : []) }, seats: 100)
        world.settings.policy.unmapped.deed = .report
        var accounts: [PlatformAccount] = []
        for name in (names + ["x1", "x2", "x3"]).shuffled(using: &numbers) where Bool.random(using: &numbers) {
            let number = Bool.random(using: &numbers) ? "u-\(name)" : ""
            let role = ["agent", "manager", "chatter"].randomElement(using: &numbers)
            accounts.append(
                account(number, "\(name)@example.org", role, line: accounts.count + 2) {
                    $0.status = [.active, .invited, .suspended].randomElement(using: &numbers) ?? .active
                })
        }
        var roster = InMemoryRoster()
        let adoption = adopt(world, accounts, extras: .takeBack)
        #expect(roster.apply(adoption.plan).isEmpty, "seed \(seed)")
        #expect(adoption.plan.ledger.map(\.heldAfter) == roster.seatsHeld(world.settings), "seed \(seed)")
        let found = Set(zip(accounts, adoption.outcomes).filter { $1.standing == .adopted }.map(\.0.email))
        #expect(found.count == accounts.count { $0.email.hasPrefix("p") }, "seed \(seed)")
        let night = world.plan(roster.roster)
        for change in night.changes where change.kind == .invite {
            #expect(!found.contains(night.texts[night.subjects[Int(change.subject)].email]), "seed \(seed)")
        }
        let before = roster.dump
        let again = adopt(
            world, accounts, roster: roster.roster, known: known(adoption.plan, roster), extras: .takeBack)
        #expect(again.plan.changes.isEmpty, "seed \(seed)")
        roster.apply(again.plan)
        #expect(roster.dump == before, "seed \(seed)")
    }

    @Test func accessThatRulesGiveByNowNeedsNoDecision() {
        var world = staff("anna", "ben")
        let found = [account("", "anna@example.org", "manager"), account("", "ben@example.org", "manager")]
        var roster = InMemoryRoster()
        roster.apply(adopt(world, found).plan)
        func open() -> [String] {
            world.plan(roster.roster).findings.filter { $0.code == "import.unexplained" }.map(\.label)
        }
        #expect(open() == ["anna@example.org", "ben@example.org"])
        world.change("anna") { $0.groups.insert("leads") }
        #expect(open() == ["ben@example.org"])
    }
}
