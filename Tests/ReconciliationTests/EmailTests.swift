import AccessModel
import DirectoryModel
import Reconciliation
import TestSupport
import Testing

/// Who may have which email, and who is set aside.
struct EmailTests {
    private func world(_ people: [World.Person]) -> World {
        var world = World(.office, pools: [SeatPool(scope: .root, seatClass: "user", limit: 50)])
        world.rules = [World.Rule("Everybody", group: "staff", role: "user")]
        world.people = people
        for place in world.people.indices { world.people[place].groups = ["staff"] }
        return world
    }

    private func started(_ world: World) -> InMemoryRoster {
        var roster = InMemoryRoster()
        #expect(roster.apply(world.plan(roster.roster)).isEmpty)
        return roster
    }

    @Test func aRenameIsOneUser() {
        var world = world([World.Person("anna")])
        var roster = started(world)
        world.change("anna") {
            $0.emails = ["anna.new@example.org"]
            $0.name = "Anna New"
        }
        let plan = world.plan(roster.roster)
        #expect(
            plan.lines == ["changeEmail anna anna@example.org>anna.new@example.org", "changeName anna anna>Anna New"])
        #expect(roster.apply(plan).isEmpty)
        #expect(roster.email("anna") == "anna.new@example.org")
    }

    @Test func ofSeveralTheCurrentOneStays() {
        var world = world([World.Person("anna", emails: ["b@example.org", "c@example.org"])])
        let roster = started(world)
        #expect(roster.email("anna") == "b@example.org")
        world.change("anna") { $0.emails = ["c@example.org", "a@example.org", "b@example.org"] }
        #expect(world.plan(roster.roster).lines == [])
        world.change("anna") { $0.emails = ["c@example.org", "a@example.org"] }
        #expect(world.plan(roster.roster).lines == ["changeEmail anna b@example.org>a@example.org"])
    }

    @Test(arguments: [
        ("x@example.org", "X@Example.ORG"), ("jos\u{e9}@example.org", "JOSE\u{301}@example.org"),
        ("stra\u{df}e@example.org", "STRASSE@example.org"), ("\u{212a}im@example.org", "kim@example.org"),
    ])
    func newcomersWithOneEmailAreBothSetAside(_ one: String, _ other: String) {
        let world = world([
            World.Person("anna", emails: [one]), World.Person("ben", emails: [other]), World.Person("cleo"),
        ])
        let plan = world.plan(InMemoryRoster().roster)
        #expect(plan.lines == ["invite cleo"])
        #expect(plan.codes == ["person.email-collision", "person.email-collision"])
        // One email for both, so labels need more, and each is told of the other.
        #expect(Set(plan.findings.map(\.label)).count == 2)
        for (person, rival) in [("anna", "ben"), ("ben", "anna")] {
            #expect(plan.findings.contains { $0.person == World.key(person) && $0.message.contains(rival) })
        }
    }

    /// Each email is settled once: as many as this would otherwise be compared millions of times.
    @Test func manyWithOneEmailAreAllSetAside() {
        var people = (10_000..<14_000).map { World.Person("p\($0)", emails: ["none@example.org"]) }
        for place in 0..<2_000 { people[place].state = .disabledByFlag }
        people.append(World.Person("cleo"))
        let plan = world(people).plan(InMemoryRoster().roster)
        #expect(plan.lines == ["invite cleo"])
        #expect(plan.findings.count == 2_000)
        let first = plan.findings.filter { $0.person == World.key("p12000") }
        #expect(first.count == 1 && first[0].message.contains("p12001"))
        #expect(plan.findings.filter { $0.message.contains("p12000") }.count >= 1_999)
    }

    @Test func theIncumbentKeepsIt() {
        var world = world([World.Person("anna", emails: ["x@example.org"])])
        let roster = started(world)
        world.people.append(World.Person("ben", emails: ["X@example.org"], groups: ["staff"]))
        let plan = world.plan(roster.roster)
        #expect(plan.lines == [])
        #expect(plan.findings.map(\.person) == [World.key("ben")])
    }

    @Test func anIncumbentWhoWantsATakenOneIsFrozenButDisabledStillSuspends() {
        var world = world([World.Person("anna"), World.Person("ben")])
        let roster = started(world)
        world.change("ben") {
            $0.emails = ["anna@example.org"]
            $0.groups = []
        }
        let plan = world.plan(roster.roster)
        #expect(plan.lines == [])
        #expect(plan.subjects.isEmpty)
        #expect(plan.codes == ["person.email-collision"])
        world.change("ben") { $0.state = .disabledByFlag }
        #expect(world.plan(roster.roster).lines == ["suspend ben"])
    }

    @Test func swapsWorkInOneNight() {
        var world = world([World.Person("anna"), World.Person("ben"), World.Person("cleo")])
        var roster = started(world)
        world.change("anna") { $0.emails = ["ben@example.org"] }
        world.change("ben") { $0.emails = ["cleo@example.org"] }
        world.change("cleo") { $0.emails = ["anna@example.org"] }
        let plan = world.plan(roster.roster)
        #expect(plan.changes.count == 3)
        #expect(roster.apply(plan).isEmpty)
        #expect(roster.email("anna") == "ben@example.org")
    }

    @Test func aChainBreaksWhereItsEndIsTaken() {
        var world = world([World.Person("anna"), World.Person("ben"), World.Person("cleo")])
        var roster = started(world)
        world.change("anna") { $0.emails = ["ben@example.org"] }
        world.change("ben") { $0.emails = ["cleo@example.org"] }
        let plan = world.plan(roster.roster)
        #expect(plan.lines == [])
        #expect(roster.apply(plan).isEmpty)
    }

    @Test func aNewcomerTakesAnEmailThatComesFree() {
        var world = world([World.Person("anna")])
        var roster = started(world)
        world.change("anna") { $0.emails = ["a2@example.org"] }
        world.people.append(World.Person("anna2", emails: ["anna@example.org"], groups: ["staff"]))
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["changeEmail anna anna@example.org>a2@example.org", "invite anna2"])
        #expect(roster.apply(plan).isEmpty)
    }

    @Test func aDisabledPersonContestsNothing() {
        var world = world([World.Person("anna")])
        let roster = started(world)
        world.change("anna") {
            $0.state = .disabledByFlag
            $0.emails = ["ben@example.org"]
        }
        world.people.append(World.Person("ben", groups: ["staff"]))
        #expect(world.plan(roster.roster).lines == ["suspend anna", "invite ben"])
    }

    @Test func aRemovedUserFreesTheEmail() {
        var world = world([World.Person("anna")])
        world.settings.policy.removeAfterSeconds = 3600
        var roster = started(world)
        world.change("anna") { $0.state = .disabledByFlag }
        roster.apply(world.plan(roster.roster))
        world.now += 3600
        world.people.append(World.Person("ann", emails: ["anna@example.org"], groups: ["staff"]))
        let plan = world.plan(roster.roster)
        #expect(plan.lines == ["remove anna", "invite ann"])
        #expect(roster.apply(plan).isEmpty)
        #expect(world.plan(roster.roster).lines == [])
    }

    struct Untreatable: Sendable {
        var emails: [String]
        var problems: EntryProblems = []
        var code: String
    }

    @Test(arguments: [
        Untreatable(emails: [], code: "person.no-email"), Untreatable(emails: ["nonsense"], code: "person.no-email"),
        Untreatable(emails: ["a\u{200b}b@example.org"], code: "person.no-email"),
        Untreatable(emails: ["a@evil.example"], code: "person.foreign-email"),
        Untreatable(emails: ["a@sub.example.org"], code: "person.foreign-email"),
        Untreatable(emails: ["a@example.org"], problems: .invalidText, code: "person.unreadable"),
    ])
    func whoCannotBeTreatedIsSetAside(_ example: Untreatable) {
        var world = world([World.Person("anna"), World.Person("ben")])
        world.settings.policy.emailDomains = ["example.org"]
        let roster = started(world)
        world.change("anna") {
            $0.emails = example.emails
            $0.problems = example.problems
            $0.groups = []
            $0.name = "other"
        }
        let plan = world.plan(roster.roster)
        #expect(plan.lines == [])
        #expect(plan.subjects.isEmpty)
        #expect(plan.codes == [example.code])
        world.change("anna") { $0.state = .disabledByFlag }
        #expect(world.plan(roster.roster).lines == ["suspend anna"])
        #expect(world.plan(InMemoryRoster().roster).lines == ["invite ben"])
    }

    @Test func contradictoryFlagsSuspendNobody() {
        var world = world([World.Person("anna")])
        let roster = started(world)
        world.change("anna") {
            $0.state = .disabledByFlag
            $0.problems = .contradictoryState
        }
        #expect(world.plan(roster.roster).lines == [])
    }
}
