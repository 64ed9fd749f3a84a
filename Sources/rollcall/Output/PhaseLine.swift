import Diagnostics
import DirectoryModel
import Reports
import SyncAgent

/// What `--verbose` says when a phase of a run begins or gets on: `phase=people directory=corp entries=10000 after=0.153s`.
///
/// The names of the phases, in order: `connecting`, `people`, `groups`, `confirming`, `retrying`, `evaluating`, `reconciling`, `applying`,
/// `committing`, `reporting`. Times count from the start of the program.
struct PhaseLine {
    let bytes: [UInt8]

    init(_ progress: AgentProgress, after elapsed: Duration) {
        let (seconds, attoseconds) = elapsed.components
        let thousandths = String(1_000 + attoseconds / 1_000_000_000_000_000).dropFirst()
        bytes = Array("\(PhaseLine.words(of: progress)) after=\(seconds).\(thousandths)s\n".utf8)
    }

    private static func words(of progress: AgentProgress) -> String {
        switch progress {
        case .pulling(let directory, let pull):
            "phase=\(name(of: pull.stage)) directory=\(SafeText.escaped(directory)) entries=\(pull.entries)"
        case .evaluating(let target): "phase=evaluating target=\(SafeText.escaped(target))"
        case .reconciling(let target): "phase=reconciling target=\(SafeText.escaped(target))"
        case .applying: "phase=applying"
        case .committing: "phase=committing"
        case .reporting: "phase=reporting"
        }
    }

    private static func name(of stage: PullProgress.Stage) -> String {
        switch stage {
        case .connecting: "connecting"
        case .people: "people"
        case .groups: "groups"
        case .confirming: "confirming"
        case .retrying(let attempt): "retrying attempt=\(attempt)"
        }
    }
}
