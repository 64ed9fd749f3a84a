import AccessModel
import DirectoryModel
import Reconciliation
import TestSupport
import Testing

/// What an undo leaves out, all at once, so that every other rule is kept.
struct UndoPlanTests {
    private func image(_ row: UserRow, _ roster: TargetRoster, before access: Access) -> UserImage {
        let left = UserState(
            email: Array(roster.texts.slice(row.email)), name: Array(roster.texts.slice(row.name)), status: row.status,
            managed: true, access: roster.accesses[Int(row.access)], effective: roster.effective[Int(row.access)],
            groupSet: roster.groupSets[Int(row.groupSet)], reason: nil, since: row.since, details: UserDetails())
        var before = left
        before.access = access
        before.effective = ""
        return UserImage(user: row.user, before: before, left: left)
    }

    @Test func asManyAsFitGetTheirSeatsBack() {
        var world = World(.desk, pools: [SeatPool(scope: ScopePath("support"), seatClass: "seat", limit: 2)])
        world.settings.platform.keepAtLeast = []
        world.rules = [World.Rule("Sales", group: "sales", scope: "sales", role: "agent")]
        world.people = ["anna", "ben", "cleo", "dora", "emil"].map { World.Person($0, groups: ["sales"]) }
        var roster = InMemoryRoster()
        roster.apply(world.plan(roster.roster))
        let support = Access(roles: [ScopedRole(scope: ScopePath("support"), role: "agent")])
        let images = RunImages(
            target: "acme", users: roster.roster.users.map { image($0, roster.roster, before: support) },
            placesTaken: [
                PlaceInLine(
                    person: World.key("zoe"), scope: ScopePath("support"), role: "agent", seatPriority: 0,
                    since: world.now, forPace: false)
            ], placesGiven: [])
        let plan = Reconciler(settings: world.settings).plan(
            undoing: images, UndoAct(run: 1, name: "ada", reason: "wrong file"), roster: roster.roster, now: world.now)
        #expect(plan.subjects.count == 3)
        #expect(plan.findings.filter { $0.code == "undo.no-seat" }.count == 3)
        #expect(plan.ledger.map { [$0.heldAfter, $0.waiting] } == [[2, 1]])
    }
}
