import AccessModel
import DirectoryModel
import Reconciliation
import TestSupport
import Testing

/// New ids after a directory was restored: everybody is found again, or nothing is done.
struct RekeyTests {
    private func desk(_ names: [String]) -> World {
        var world = World(.desk, pools: [SeatPool(scope: ScopePath("support"), seatClass: "seat", limit: 100)])
        world.rules = [World.Rule("Support", group: "support", scope: "support", role: "agent")]
        world.people = names.map { World.Person($0, groups: ["support"]) }
        return world
    }

    /// The same people with other ids.
    private func restored(_ world: World, except unchanged: Set<String> = []) -> World {
        var world = world
        for place in world.people.indices where !unchanged.contains(world.people[place].id) {
            world.people[place].id = "new-" + world.people[place].id
        }
        return world
    }

    private let names = (1...20).map { "p\($0)" }

    @Test func everybodyKeepsTheirPlace() {
        let before = desk(names)
        var roster = InMemoryRoster()
        roster.apply(before.plan(roster.roster))
        let after = restored(before, except: ["p7"])
        let rekeying = Rekeying(
            directory: "corp", by: .email, old: before.mirror(), new: after.mirror(), rosters: [roster.roster])
        #expect(rekeying.problems == [])
        #expect(rekeying.people.count == 19)
        #expect(rekeying.needed == 19 && rekeying.matched == 19)
        let plan = Reconciler(settings: after.settings).plan(
            rekeying, by: "ada", reason: "restored", roster: roster.roster)
        #expect(plan.changes.map(\.kind) == Array(repeating: .changeID, count: 19))
        #expect(plan.subjects.allSatisfy { $0.row?.user != 0 })
        #expect(plan.ledger.map(\.heldAfter) == [20])
    }

    @Test func tooFewFoundAgainChangeNothing() {
        let before = desk(names)
        var roster = InMemoryRoster()
        roster.apply(before.plan(roster.roster))
        var after = restored(before)
        after.people.removeFirst(2)
        let rekeying = Rekeying(
            directory: "corp", by: .email, old: before.mirror(), new: after.mirror(), rosters: [roster.roster])
        #expect(rekeying.problems == ["only 18 of 20 people are found again (at least 95 % must be)"])
    }

    @Test func twoPeopleNeverBecomeOne() {
        let before = desk(names)
        var roster = InMemoryRoster()
        roster.apply(before.plan(roster.roster))
        let after = restored(before)
        var map: [ImmutableID: ImmutableID] = [:]
        for name in names { map[World.id(name)] = World.id("new-" + name) }
        map[World.id("p1")] = World.id("new-p2")
        let double = Rekeying(
            directory: "corp", by: .map(map), old: before.mirror(), new: after.mirror(), rosters: [roster.roster])
        #expect(double.problems == ["one new id is that of two people"])
        map[World.id("p1")] = World.id("nobody")
        let absent = Rekeying(
            directory: "corp", by: .map(map), old: before.mirror(), new: after.mirror(), rosters: [roster.roster])
        #expect(absent.problems == ["1 of the new ids are not in the directory"])
        map[World.id("p1")] = World.id("new-p1")
        let good = Rekeying(
            directory: "corp", by: .map(map), old: before.mirror(), new: after.mirror(), rosters: [roster.roster])
        #expect(good.problems == [])
        #expect(good.people.count == 20)
    }

    @Test func anIdOfSomebodyElseIsNeverTaken() {
        let before = desk(names)
        var roster = InMemoryRoster()
        roster.apply(before.plan(roster.roster))
        let after = restored(before, except: ["p1"])
        var map: [ImmutableID: ImmutableID] = [:]
        for name in names.dropFirst(2) { map[World.id(name)] = World.id("new-" + name) }
        map[World.id("p2")] = World.id("p1")
        let rekeying = Rekeying(
            directory: "corp", by: .map(map), old: before.mirror(), new: after.mirror(), rosters: [roster.roster])
        #expect(rekeying.problems == ["1 of the new ids belong to other people of the roster already"])
    }

    /// People with the values of one attribute.
    private func mirror(_ people: [(id: String, values: [String])]) -> Mirror {
        var mirror = Mirror(directories: ["corp"], attributes: ["phone"])
        for person in people.sorted(by: { World.id($0.id) < World.id($1.id) }) {
            var writer = PersonRecordWriter()
            for value in person.values.sorted() { writer.append(PersonField.attribute(0).tag, Array(value.utf8)) }
            mirror.people.append(
                PersonRow(
                    id: World.id(person.id), start: UInt32(mirror.arena.count), length: UInt32(writer.bytes.count),
                    contentHash: 0, lastSignIn: Int64.min, directory: 0, state: .enabled, problems: []))
            mirror.arena += writer.bytes
        }
        return mirror
    }

    @Test func valuesThatLeadToTwoPeopleTellOfNeither() {
        let before = desk(["p1"])
        var roster = InMemoryRoster()
        roster.apply(before.plan(roster.roster))
        func rekeying(_ values: [String], _ others: [(id: String, values: [String])]) -> Rekeying {
            Rekeying(
                directory: "corp", by: .attribute("phone"), old: mirror([("p1", values)]), new: mirror(others),
                rosters: [roster.roster])
        }
        let torn = rekeying(["1", "2", "3"], [("new-p1", ["1", "3"]), ("new-p2", ["2"])])
        #expect(torn.people == [])
        #expect(torn.problems.contains("1 values belong to more than one person"))
        let whole = rekeying(["1", "2"], [("new-p1", ["1", "2"])])
        #expect(whole.people.map(\.new) == [World.id("new-p1")])
        #expect(whole.problems == [])
    }

    @Test func whoLeftLongAgoIsNotLookedFor() {
        var before = desk(names)
        var roster = InMemoryRoster()
        roster.apply(before.plan(roster.roster))
        before.people.removeFirst(5)
        let after = restored(before)
        let rekeying = Rekeying(
            directory: "corp", by: .email, old: before.mirror(), new: after.mirror(), rosters: [roster.roster])
        #expect(rekeying.problems == [])
        #expect(rekeying.needed == 15 && rekeying.matched == 15)
    }

    @Test func aRehireIsFollowedAlone() {
        var before = desk(names)
        var roster = InMemoryRoster()
        roster.apply(before.plan(roster.roster))
        before.people.removeFirst(2)
        var after = before
        after.people.append(World.Person("rehired", groups: ["support"]))
        let rekeying = Rekeying(
            directory: "corp", by: .map([World.id("p1"): World.id("rehired")]), old: before.mirror(),
            new: after.mirror(), rosters: [roster.roster])
        #expect(rekeying.problems == [])
        #expect(rekeying.people == [IDChange(directory: "corp", old: World.id("p1"), new: World.id("rehired"))])
    }
}
