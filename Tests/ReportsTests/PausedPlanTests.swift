import Reconciliation
import Reports
import TestSupport
import Testing

/// A target that pauses since an undo: everything that a report says of it is what would be, and what helps is to let it go on.
struct PausedPlanTests {
    private static func paused(_ plan: TargetPlan) -> PlanReport {
        var plan = plan
        plan.pausedBy = 7
        return SamplePlans.report([plan], stage: .applied)
    }

    /// What each rendering that words holds makes of a report.
    private static let renderings: [(name: String, text: @Sendable (PlanReport) -> String)] = [
        ("text", { String(decoding: PlanText.bytes($0), as: UTF8.self) }),
        ("page", { String(decoding: PlanHTML.bytes($0), as: UTF8.self) }),
        ("Markdown", { String(decoding: PlanMarkdown.bytes($0), as: UTF8.self) }),
        ("message", { String(decoding: NightMessage($0, reports: []).bytes(style: .plain), as: UTF8.self) }),
    ]

    @Test func holdsAreLiftedByNothingButGoingOn() {
        for (name, text) in PausedPlanTests.renderings {
            let paused = text(PausedPlanTests.paused(SamplePlans.heldNight()))
            #expect(paused.contains("rollcall continue acme-desk"), "\(name)")
            #expect(paused.contains("what the next run then holds can be approved"), "\(name)")
            #expect(!paused.contains("rollcall approve"), "\(name)")
            let open = text(SamplePlans.report([SamplePlans.heldNight()], stage: .applied))
            #expect(open.contains("rollcall approve") && !open.contains("rollcall continue"), "\(name)")
        }
    }

    @Test func changesAreWhatWouldBe() {
        let sheet: (String, @Sendable (PlanReport) -> String) = (
            "CSV", { String(decoding: PlanCSV.bytes($0), as: UTF8.self) }
        )
        for (name, text) in PausedPlanTests.renderings + [sheet] {
            let counts = "1 suspended"
            let paused = text(PausedPlanTests.paused(PausedPlanTests.night))
            #expect(paused.contains("would have: 1 suspended"), "\(name)")
            #expect(!paused.contains("acme-desk  1 suspended") && !paused.contains("desk: 1 suspended"), "\(name)")
            #expect(text(SamplePlans.report([PausedPlanTests.night], stage: .applied)).contains(counts), "\(name)")
        }
        for (name, text) in PausedPlanTests.renderings.prefix(3) {
            let paused = text(PausedPlanTests.paused(PausedPlanTests.night))
            #expect(paused.contains("y cause, if the target did not pause"), "\(name)")
            #expect(name == "Markdown" || !paused.contains("ostly because"), "\(name)")
        }
    }

    /// A night that suspends somebody, with nothing held.
    private static var night: TargetPlan {
        var plan = SamplePlans.heldNight()
        plan.holds = []
        return plan
    }
}
