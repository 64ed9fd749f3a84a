import AccessModel
import Reconciliation

/// The status in figures: Prometheus' text format 0.0.4, as its node exporter picks up files.
///
/// Nothing in it comes from a directory's entries: labels are names from the configuration.
package struct Metrics {
    package private(set) var bytes: [UInt8] = []
    private let report: StatusReport

    package init(_ report: StatusReport) {
        self.report = report
        write()
    }

    private mutating func write() {
        for metric in Metric.all { write(metric) }
    }

    private mutating func write(_ metric: Metric) {
        let values = values(of: metric)
        guard !values.isEmpty else { return }
        line("# HELP \(metric.name) \(Metrics.escaped(metric.help, quotes: false))")
        line("# TYPE \(metric.name) gauge")
        for (labels, value) in values {
            let pairs = zip(metric.labels, labels).map { "\($0)=\"\(Metrics.escaped($1, quotes: true))\"" }
            line("\(metric.name)\(pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}") \(value)")
        }
    }

    private typealias Values = [([String], Int64)]

    private func values(of metric: Metric) -> Values {
        switch metric {
        case .version: [([report.version], 1)]
        case .written: [([], report.now)]
        case .lastRun: one(report.lastNight?.started)
        case .lastRunNumber: one(report.lastNight?.number)
        case .lastRunStatus: one(report.lastNight.map { Int64($0.exitStatus) })
        case .lastRunSeconds: one(report.lastNight.map { max(0, $0.ended &- $0.started) })
        case .directoryRead: report.directories.compactMap { one in one.read.map { ([one.name], $0) } }
        case .directoryUnread: report.directories.map { ([$0.name], $0.isUnread ? 1 : 0) }
        case .undelivered: [([], Int64(report.undelivered))]
        case .givenUp: [([], Int64(report.givenUp))]
        case .seatLimit: pools { $0.pool.limit }
        case .seatsHeld: pools { $0.heldAfter }
        case .seatsWaiting: pools { $0.waiting }
        case .users:
            report.targets.flatMap { target in
                UserStatus.allCases.map { ([target.name, $0.rawValue], Int64(target.users[$0] ?? 0)) }
            }
        case .changes:
            report.targets.flatMap { target in
                ChangeKind.allCases.map { ([target.name, $0.name], Int64(target.changes[$0] ?? 0)) }
            }
        default: targets(metric)
        }
    }

    /// What each target has one of.
    private func targets(_ metric: Metric) -> Values {
        report.targets.compactMap { target -> ([String], Int64)? in
            let value: Int64? =
                switch metric {
                case .targetRun: target.run?.started
                case .managed: target.mode == .manage ? 1 : 0
                case .held: Int64(target.holds.count + target.withheld.count)
                case .paused: target.pausedBy == nil ? 0 : 1
                case .findings: Int64(target.findings)
                case .severe: Int64(target.severe)
                case .acknowledged: Int64(target.acknowledged)
                case .pace: Int64(target.waitingForPace)
                case .suspensions: Int64(target.undeliveredSuspensions)
                default: nil
                }
            return value.map { ([target.name], $0) }
        }
    }

    private func one(_ value: Int64?) -> Values { value.map { [([], $0)] } ?? [] }

    private func pools(_ value: (LedgerRow) -> Int) -> Values {
        report.targets.flatMap { target in
            target.seats.map { ([target.name, "\($0.pool.scope)", $0.pool.seatClass], Int64(value($0))) }
        }
    }

    private mutating func line(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        bytes.append(0x0A)
    }

    /// Backslashes and line ends, in labels quotes, too.
    private static func escaped(_ text: String, quotes: Bool) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes += [byte, byte]
            case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case UInt8(ascii: "\"") where quotes: bytes += [UInt8(ascii: "\\"), byte]
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
