import DirectoryModel
import Glibc
import Reconciliation
import Reports
import SyncAgent

/// Shows a plan to whoever sits at the terminal and asks; says yes by itself where nobody does.
final class Confirmation {
    private let isAgreed: Bool
    private let output: ReportOptions
    /// Whether the plan was shown already.
    private(set) var wasShown = false

    init(isAgreed: Bool, output: ReportOptions) {
        self.isAgreed = isAgreed
        self.output = output
    }

    func isGiven(for result: RunResult) -> Bool {
        let isAsked =
            !isAgreed && output.format == .text && Terminal.isPerson(at: STDIN_FILENO)
            && Terminal.isPerson(at: STDOUT_FILENO)
        guard isAsked, result.hasChanges else { return true }
        // A plan that cannot be shown cannot be agreed to.
        guard (try? PlanOutput(result).write(output)) != nil else { return false }
        wasShown = true
        let suspensions = result.plans.filter { $0.mode == .manage }.reduce(0) { $0 + PlanCounts($1).count(.suspend) }
        return suspensions > 0 ? agrees(toSuspend: suspensions) : agrees()
    }

    /// The same for suspensions by hand.
    func isGiven(for result: ActResult) -> Bool {
        let isAsked =
            !isAgreed && output.format == .text && Terminal.isPerson(at: STDIN_FILENO)
            && Terminal.isPerson(at: STDOUT_FILENO)
        guard isAsked else { return true }
        var page = TextPage(style: output.style)
        for plan in result.plans {
            page.line(Span(plan.target, .strong))
            for subject in plan.subjects { page.line("- \(plan.texts[subject.email])", indent: 2) }
        }
        guard (try? Output.data(page.bytes)) != nil else { return false }
        return agrees(toSuspend: result.plans.reduce(0) { $0 + PlanCounts($1).count(.suspend) })
    }

    /// The same for accounts that would be taken over.
    func isGiven(for result: AdoptionResult) -> Bool {
        let isAsked =
            !isAgreed && output.format == .text && Terminal.isPerson(at: STDIN_FILENO)
            && Terminal.isPerson(at: STDOUT_FILENO)
        guard isAsked else { return true }
        guard (try? AdoptionOutput(result).write(output)) != nil else { return false }
        wasShown = true
        let answer = Terminal.ask("Take these over? Type yes, anything else stops:")
        return answer == "yes" || answer == "y"
    }

    /// What is still to say once the plan was shown: how it ended.
    func end(of result: AdoptionResult) -> [UInt8]? {
        guard wasShown else { return nil }
        var page = TextPage(style: output.style)
        if let path = result.unmatchedPath { page.line("lines without a person: \(path)") }
        page.line(
            result.ending == .applied ? "run \(result.record.number): taken over" : "stopped: nothing has been written")
        return page.bytes
    }

    private func agrees(toSuspend count: Int) -> Bool {
        let people = Counted.text(count, "person", plural: "people")
        let answer = Terminal.ask("This suspends \(people). Type \(count) to apply, anything else to stop:")
        return answer == String(count)
    }

    private func agrees() -> Bool {
        let answer = Terminal.ask("Apply this? Type yes, anything else stops:")
        return answer == "yes" || answer == "y"
    }
}
