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
    /// Whether a list of people was shown, and not agreed to.
    private(set) var isDeclined = false

    /// Throws where somebody sits at the terminal, and what they would have to agree to goes elsewhere.
    init(isAgreed: Bool, output: ReportOptions) throws {
        self.isAgreed = isAgreed
        self.output = output
        guard !isAgreed, !canAsk, Terminal.isPerson(at: STDIN_FILENO) else { return }
        throw AgentFailure(
            .usage, "the plan goes to a program or a file, so nobody at this terminal can be asked about it",
            hint: "let it go to the terminal as text, or give `--yes`, which applies it without asking")
    }

    /// Whether somebody is there to be asked.
    var canAsk: Bool {
        output.format == .text && Terminal.isPerson(at: STDIN_FILENO) && Terminal.isPerson(at: STDOUT_FILENO)
    }

    private var isAsked: Bool { !isAgreed && canAsk }

    func isGiven(for result: RunResult) -> Bool {
        guard isAsked, result.hasChanges else { return true }
        // A plan that cannot be shown cannot be agreed to.
        guard (try? PlanOutput(result).writeText(output.style)) != nil else { return false }
        wasShown = true
        let suspensions = result.plans.filter { $0.mode == .manage }.reduce(0) { $0 + PlanCounts($1).count(.suspend) }
        return suspensions > 0 ? agrees(toSuspend: suspensions) : agrees()
    }

    /// The same for suspensions by hand.
    func isGiven(for result: ActResult) -> Bool {
        guard isAsked else { return true }
        var page = TextPage(style: output.style)
        page.people(of: result)
        guard (try? Output.data(page.bytes)) != nil else { return false }
        // As many as are shown: who is suspended already gets one more cause, which only a human lifts.
        isDeclined = !agrees(toSuspend: result.plans.reduce(0) { $0 + $1.subjects.count })
        return !isDeclined
    }

    /// The same for accounts that would be taken over.
    func isGiven(for result: AdoptionResult) -> Bool {
        guard isAsked else { return true }
        guard (try? AdoptionOutput(result).write(output)) != nil else { return false }
        wasShown = true
        return agrees(to: "Take these over?")
    }

    /// The same for what a signed review decides; whoever it suspends is counted.
    func isGiven(for result: ReviewResult) -> Bool {
        guard isAsked else { return true }
        var page = TextPage(style: output.style)
        ReviewOutput(result, isDryRun: false).lines(to: &page)
        guard (try? Output.data(page.bytes)) != nil else { return false }
        wasShown = true
        let suspended = Set(
            result.lines.filter { $0.outcome == .suspended }.map {
                "\($0.target) \($0.person.directory) \($0.person.id)"
            })
        isDeclined = suspended.isEmpty ? !agrees() : !agrees(toSuspend: suspended.count)
        return !isDeclined
    }

    /// The same for new ids.
    func isGiven(for result: RekeyResult) -> Bool {
        guard isAsked else { return true }
        guard (try? RekeyOutput(result).write(output)) != nil else { return false }
        wasShown = true
        return agrees()
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
        let limit = AnswerLimit.ofLock
        let answer = Terminal.ask(
            "Type \(count) to apply, anything else to stop:", after: "This suspends \(people). \(limit.sentence)",
            within: limit)
        return answer == String(count)
    }

    private func agrees(to what: String = "Apply this?") -> Bool {
        let limit = AnswerLimit.ofLock
        let answer = Terminal.ask("\(what) Type yes, anything else stops:", after: limit.sentence, within: limit)
        return answer == "yes" || answer == "y"
    }
}
