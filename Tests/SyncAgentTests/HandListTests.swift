import AccessModel
import DirectoryModel
import Reconciliation
import TestSupport
import Testing

@testable import SyncAgent

/// Suspending a list of people by hand.
struct HandListTests {
    private func suspend(_ company: SmallCompany, _ list: String, isDryRun: Bool = false) throws -> ActResult {
        try company.agent().suspend(
            ListRequest(
                path: company.directory.write("list.txt", list), targets: nil, reason: "stolen", skipsUnknown: true,
                isDryRun: isDryRun))
    }

    /// Nobody but p1 and p2 may be suspended: 18 users have to stay.
    private func company() throws -> SmallCompany {
        let company = try SmallCompany()
        company.config = "    policy: {new: activate, keep_at_least: {user: 18}}"
        try company.sync()
        company.sleep(hours: 1)
        return company
    }

    @Test func whoIsHeldBackIsToldAndEndsWithThree() throws {
        let company = try company()
        let result = try suspend(company, "p1@example.org\np2@example.org\np3@example.org\n")
        #expect(result.status == .held)
        #expect(result.record.exitStatus == 3)
        #expect(result.record.outcome == .partlyHeld)
        #expect(result.record.summary == "desk: 2 people are suspended, 1 person not")
        #expect(result.plans.flatMap(\.findings).map(\.label) == ["p3@example.org"])
        #expect(try company.emails(.suspended) == ["p1@example.org", "p2@example.org"])
    }

    @Test func aListThatSuspendsNobodyEndsWithThreeAndWritesNothing() throws {
        let company = try company()
        _ = try suspend(company, "p1@example.org\np2@example.org\n")
        let before = try company.dump()
        let result = try suspend(company, "p3@example.org\n")
        #expect(result.status == .held)
        #expect(!result.isWritten)
        #expect(try company.dump() == before)
    }

    @Test func whoIsSuspendedAlreadyIsNotHeldBack() throws {
        let company = try company()
        _ = try suspend(company, "p1@example.org\n")
        let again = try suspend(company, "p1@example.org\n")
        #expect(again.status == .done)
        #expect(again.sentences.contains("desk: `p1@example.org` is already suspended by hand"))
    }

    @Test func peopleAreFoundByAllTheirNamesAndSpacesDoNotCount() throws {
        let company = try company()
        let result = try suspend(
            company, "# stolen\n  P1@Example.org \n\t\(SmallCompany.id("p2"))\nnobody@example.org\n   \n")
        #expect(result.status == .done)
        #expect(try company.emails(.suspended) == ["p1@example.org", "p2@example.org"])
        #expect(result.sentences.count { $0.hasPrefix("left out: line 4: ") } == 1)
    }

    @Test func nobodyIsSuspendedOrResumedWhereATargetIsOnlyObserved() throws {
        let company = try company()
        _ = try company.agent().suspend(ActRequest(person: "p1@example.org", reason: "x"))
        company.mode = "observe"
        let before = try company.dump()
        for act in [
            { try company.agent().suspend(ActRequest(person: "p2@example.org", reason: "x")) },
            { try company.agent().resume(ActRequest(person: "p1@example.org", reason: "x")) },
            { try company.agent().resend(ActRequest(person: "p2@example.org", reason: "x")) },
        ] as [() throws -> ActResult] {
            let failure = #expect(throws: AgentFailure.self) { try act() }
            #expect(failure?.status == .held)
        }
        #expect(try suspend(company, "p2@example.org\n").status == .held)
        #expect(try company.dump() == before)
    }

    /// One act after the other comes to the same as all of them at once.
    @Test(arguments: 0..<20) func manyActsAtOnceAreOneAfterTheOther(seed: UInt64) throws {
        var numbers = SeededNumbers(seed: seed)
        var world = World(.desk, pools: [SeatPool(scope: ScopePath("support"), seatClass: "seat", limit: 50)])
        world.rules = [
            World.Rule("Support", group: "support", scope: "support", role: "agent"),
            World.Rule("Leads", group: "leads", scope: "support", role: "manager"),
        ]
        world.people = (0..<12).map { number in
            World.Person("p\(number)", groups: Bool.random(using: &numbers) ? ["support"] : ["leads"])
        }
        var roster = InMemoryRoster()
        #expect(roster.apply(world.plan(roster.roster)).isEmpty)
        let reconciler = Reconciler(settings: world.settings)
        let acts = (0..<15).map { _ in
            ManualAct(
                deed: Int.random(in: 0..<4, using: &numbers) == 0 ? .resume : .suspend,
                person: World.key("p\(Int.random(in: 0..<13, using: &numbers))"), name: "ada", reason: "r")
        }
        let whole = reconciler.plan(acts, roster: roster.roster, now: world.now)
        var single = roster
        var findings: [Finding] = []
        var held: [Int] = []
        for act in acts {
            let plan = reconciler.plan(act, roster: single.roster, now: world.now)
            findings += plan.findings
            single.apply(plan)
            if !plan.ledger.isEmpty { held = plan.ledger.map(\.heldAfter) }
        }
        #expect(whole.findings == findings, "seed \(seed)")
        #expect(whole.ledger.map(\.heldAfter) == held, "seed \(seed)")
    }
}
