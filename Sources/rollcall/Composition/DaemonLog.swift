import Diagnostics
import Glibc
import Reports
import SyncAgent

/// The daemon's log: lines on standard error, as the journal reads them (sd-daemon(3)), or with their time where nobody else adds it.
enum DaemonLog {
    static func write(_ line: DaemonLine) {
        let text = SafeText.escaped(line.text)
        let head =
            Journal.isRead ? "<\(line.weight.rawValue)>" : "\(Timestamp.machine(Clock.now())) \(word(line.weight))"
        Output.message(Array("\(head)\(text)\n".utf8))
    }

    private static func word(_ weight: DaemonLine.Weight) -> String {
        switch weight {
        case .error: "error: "
        case .warning: "warning: "
        case .notice, .note: ""
        }
    }
}
