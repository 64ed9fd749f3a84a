import Diagnostics
import Glibc
import Reports
import SyncAgent

/// The daemon's log: lines on standard error, as the journal reads them (sd-daemon(3)), or with their time where nobody else adds it.
enum DaemonLog {
    static func write(_ line: DaemonLine) { Output.message(bytes(line)) }

    /// The line as it is written, safe whatever names stand in it.
    static func bytes(_ line: DaemonLine) -> [UInt8] {
        let text = SafeText.escaped(line.text)
        let head =
            Journal.isRead ? "<\(line.weight.rawValue)>" : "\(Timestamp.machine(Clock.now())) \(word(line.weight))"
        return Array("\(head)\(text)\n".utf8)
    }

    private static func word(_ weight: DaemonLine.Weight) -> String {
        switch weight {
        case .error: "error: "
        case .warning: "warning: "
        case .notice, .note: ""
        }
    }
}
