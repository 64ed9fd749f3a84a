import AccessModel
import DirectoryModel
import Reconciliation
import TestSupport
import Testing

/// What somebody changed on the platform without the roster.
struct DriftTests {
    private let support = ScopePath("support")

    private func started() -> (World, InMemoryRoster) {
        var world = World(.desk, pools: [SeatPool(scope: support, seatClass: "seat", limit: 10)])
        world.settings.policy.new = .activate
        world.rules = [World.Rule("Support", group: "support", scope: "support", role: "agent")]
        world.people = ["anna", "ben", "cleo"].map { World.Person($0, groups: ["support"]) }
        var roster = InMemoryRoster()
        roster.apply(world.plan(roster.roster))
        return (world, roster)
    }

    private func account(_ name: String, _ role: String = "agent", _ status: UserStatus = .active) -> PlatformAccount {
        PlatformAccount(
            line: 2, email: "\(name)@example.org", status: status,
            access: Access(roles: [ScopedRole(scope: support, role: role)]))
    }

    private func drift(
        _ accounts: [PlatformAccount], known: [KnownAccount] = [], told: ListedFacts = [.status, .roles]
    ) -> [String] {
        let (world, roster) = started()
        return Reconciler(settings: world.settings).drift(
            DriftInput(accounts: accounts, known: known, roster: roster.roster, told: told, switches: [])
        ).map { "\($0.kind) \($0.email) \($0.scope) \($0.roster ?? "nothing") \($0.platform ?? "nothing")" }
    }

    @Test func agreementIsNoDrift() {
        #expect(drift([account("anna"), account("ben"), account("cleo")]) == [])
    }

    @Test func whatDiffersIsNamed() {
        #expect(
            drift([account("anna", "manager"), account("Ben", "agent", .suspended), account("zoe")]) == [
                "role anna@example.org support agent manager", "status ben@example.org  active suspended",
                "missing cleo@example.org  active nothing", "unknown zoe@example.org  nothing active",
            ])
    }

    @Test func onlyWhatTheListTellsIsCompared() {
        #expect(drift([account("anna", "manager", .invited), account("ben"), account("cleo")], told: []) == [])
    }

    @Test func anEmailChangedOnThePlatformIsSeenByTheAccount() {
        let (_, roster) = started()
        let place = roster.place("anna") ?? 0
        var renamed = account("anna.new")
        renamed.account = "u-1"
        let known = [KnownAccount(account: "u-1", user: roster.roster.users[place].user)]
        #expect(
            drift([renamed, account("ben"), account("cleo")], known: known) == [
                "email anna@example.org  anna@example.org anna.new@example.org"
            ])
    }
}
