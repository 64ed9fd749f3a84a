import Diagnostics
import DirectoryModel
import Glibc
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

    init(isVerbose: Bool) {
        self.isVerbose = isVerbose
        isShown = !isVerbose && Terminal.isPerson(at: STDERR_FILENO)
    }

    func show(_ progress: AgentProgress) {
        if isVerbose { return Output.message(PhaseLine(progress, after: ContinuousClock.now - began).bytes) }
        guard isShown else { return }
        let text = SafeText.escaped(ProgressLine.words(of: progress))
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

    private static func words(of progress: AgentProgress) -> String {
        switch progress {
        case .pulling(let directory, let pull): "\(directory): \(words(of: pull))"
        case .evaluating(let target): "\(target): evaluating rules …"
        case .reconciling(let target): "\(target): reconciling …"
        case .applying, .committing: "writing the roster …"
        case .reporting: "writing the report …"
        }
    }

    private static func words(of pull: PullProgress) -> String {
        let count = Counted.number(pull.entries)
        switch pull.stage {
        case .connecting: return "connecting …"
        case .people: return "reading people … \(count)"
        case .groups: return "reading groups … \(count)"
        case .confirming: return "confirming who is gone … \(count)"
        case .retrying(let attempt): return "the connection was lost; starting over, attempt \(attempt) …"
        }
    }
}
