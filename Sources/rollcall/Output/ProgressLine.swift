import Diagnostics
import DirectoryModel
import Glibc
import Reconciliation
import Reports
import SyncAgent

/// One line on standard error that says how far a run has come; nothing where nobody watches.
///
/// With `--verbose` it is a line for each phase instead, which stays, for whoever wants to know where the time goes.
final class ProgressLine {
    private let isVerbose: Bool
    private let isShown: Bool
    private let began = ContinuousClock.now
    private var last = ""
    /// How much the last run read, by directory.
    private var expected: [String: ReadCounts] = [:]
    /// What is being read, and since when.
    private var reading = (stage: "", began: ContinuousClock.now)

    init(isVerbose: Bool) {
        self.isVerbose = isVerbose
        isShown = !isVerbose && Terminal.isPerson(at: STDERR_FILENO)
    }

    /// Takes over how much the last run read of each directory, where somebody watches.
    func expect(_ counts: () throws -> [String: ReadCounts]) {
        guard isShown else { return }
        expected = (try? counts()) ?? [:]
    }

    func show(_ progress: AgentProgress) {
        if isVerbose { return Output.message(PhaseLine(progress, after: ContinuousClock.now - began).bytes) }
        guard isShown else { return }
        let text = text(of: progress)
        guard text != last else { return }
        last = text
        Output.message(Array("\r\u{1B}[K\(text)".utf8))
    }

    /// Takes the line away, before anything else is printed.
    func clear() {
        guard isShown, !last.isEmpty else { return }
        last = ""
        Output.message(Array("\r\u{1B}[K".utf8))
    }

    /// What the line says, safe whatever the names of directories are.
    func text(of progress: AgentProgress) -> String { SafeText.escaped(words(of: progress)) }

    private func words(of progress: AgentProgress) -> String {
        switch progress {
        case .pulling(let directory, let pull): words(of: pull, directory)
        case .evaluating(let target): "\(target): evaluating rules …"
        case .reconciling(let target): "\(target): reconciling …"
        case .applying, .committing: "writing the roster …"
        case .reporting: "writing the report …"
        }
    }

    private func words(of pull: PullProgress, _ directory: String) -> String {
        switch pull.stage {
        case .connecting: return "\(directory): connecting …"
        case .people: return pace("people", pull, directory, expected[directory]?.people)
        case .groups: return pace("groups", pull, directory, expected[directory]?.groups)
        case .confirming:
            return "\(directory): confirming who is gone … \(pull.entries > 0 ? Counted.number(pull.entries) : "")"
        case .retrying(let attempt):
            return "\(directory): the connection was lost; starting over, attempt \(attempt) …"
        }
    }

    private func pace(_ what: String, _ pull: PullProgress, _ directory: String, _ total: Int?) -> String {
        let stage = "\(what) \(directory)"
        if pull.entries == 0 || stage != reading.stage { reading = (stage, ContinuousClock.now) }
        return ReadingPace(
            what: what, directory: directory, entries: pull.entries, total: total.flatMap { $0 > 0 ? $0 : nil },
            elapsed: ContinuousClock.now - reading.began
        ).words
    }
}
