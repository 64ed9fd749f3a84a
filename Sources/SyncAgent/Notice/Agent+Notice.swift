import Diagnostics
import DirectoryModel
import Reconciliation
import Reports

/// Tells a program of nights that need somebody: what goes wrong with it is said, and changes nothing about the night.
extension Agent {
    /// The night of a run that was made: told where it held something, could not read a directory, or found something new.
    func tell(of result: RunResult, _ configuration: AgentConfiguration) {
        guard let settings = configuration.notify, result.ending == .applied else { return }
        var occasions: [NotifySettings.Occasion] = []
        if result.plans.contains(where: { $0.mode == .manage && !$0.holds.isEmpty }) { occasions.append(.held) }
        if result.plans.contains(where: { !$0.unread.isEmpty }) { occasions.append(.unread) }
        if !result.newFindings.isEmpty { occasions.append(.findings) }
        let notice = Notice(
            occasions: occasions, run: result.record.number, exitStatus: result.status, summary: result.record.summary,
            reports: result.reports)
        tell(notice, RunReport(result), settings, configuration)
    }

    /// A night that failed, whether or not it came so far that it was recorded.
    func tell(of failure: AgentFailure, _ configuration: AgentConfiguration?) {
        guard ![ExitStatus.locked, .usage].contains(failure.status),
            let configuration = configuration ?? (try? self.configuration()),
            let settings = configuration.notify
        else { return }
        let message = failure.message.isEmpty ? failure.diagnostics.text : failure.message
        let now = context.clock()
        let notice = Notice(
            occasions: [.failed], run: nil, exitStatus: failure.status, summary: message, reports: [])
        let record = RunRecord(
            number: 0, command: RunRecord.regular, actor: context.actor, started: now, ended: now,
            outcome: failure.isApplied ? .partlyHeld : .failed,
            exitStatus: failure.status.rawValue, summary: message, version: context.version, targets: [])
        var told = failure
        told.message = message
        tell(notice, RunReport(record: record, plans: [], newFindings: [], failure: told), settings, configuration)
    }

    private func tell(
        _ notice: Notice, _ report: RunReport, _ settings: NotifySettings, _ configuration: AgentConfiguration
    ) {
        let wanted = notice.occasions.filter(settings.occasions.contains)
        let memory = NoticeMemory(state: configuration.state)
        let now = context.clock()
        guard let first = wanted.first else { return memory.forget() }
        guard !(first == .failed && memory.isTold(notice.summary, at: now)) else { return }
        var bytes: [UInt8] = []
        ports.renderReport(report, settings.format) { bytes += $0 }
        var command = NoticeCommand(arguments: settings.command, seconds: settings.timeout)
        command.pass = ports.alive
        command.environment = notice.environment(wanted, state: configuration.state)
        do throws(NoticeCommand.Failure) {
            try command.send(bytes)
            if first == .failed { memory.remember(notice.summary, at: now) } else { memory.forget() }
        } catch {
            let printed = error.output.isEmpty ? "" : "; it printed: \(error.output)"
            ports.warn(
                "nobody was told of the run through `notify`: \(error.words)\(printed)",
                "the run itself is not changed by that; see `notify` in the configuration")
        }
    }
}

/// What is told of a night beside its report.
private struct Notice {
    var occasions: [NotifySettings.Occasion]
    /// Nil for a night that was not recorded, or whose number nobody knows.
    var run: Int64?
    var exitStatus: ExitStatus
    var summary: String
    var reports: [String]

    /// Variables for the program; one line each, whatever a directory's names have in them.
    func environment(_ wanted: [NotifySettings.Occasion], state: String) -> [String] {
        [
            "ROLLCALL_OCCASION=\(wanted.map(\.rawValue).joined(separator: ","))",
            "ROLLCALL_RUN=\(run.map { "\($0)" } ?? "")", "ROLLCALL_EXIT_STATUS=\(exitStatus.rawValue)",
            "ROLLCALL_SUMMARY=\(Notice.line(summary))", "ROLLCALL_REPORT=\(reports.first ?? "")",
        ]
    }

    private static func line(_ text: String) -> String {
        let bytes = text.utf8.map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: " ") : $0 }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The failure that was told last, so that attempts at one night tell it once: a file in the state directory.
private struct NoticeMemory {
    static let name = "told-failure"
    let state: String

    /// So long the same failure is not told again: the next night is told.
    private static let silence: Int64 = 20 * 3600

    func isTold(_ summary: String, at now: Int64) -> Bool {
        guard let bytes = try? InputFile.bytes(FilePath.joined(state, NoticeMemory.name)) else { return false }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1)
        guard lines.count == 2, let time = Int64(String(decoding: lines[0], as: UTF8.self)),
            lines[1].elementsEqual(NoticeMemory.kept(summary))
        else { return false }
        return now >= time && now - time < NoticeMemory.silence
    }

    func remember(_ summary: String, at now: Int64) {
        guard let folder = try? StateDirectory.open(state) else { return }
        try? AtomicFile.write(Array("\(now)\n".utf8) + NoticeMemory.kept(summary), to: NoticeMemory.name, in: folder)
    }

    /// As much of a sentence as tells one failure from another.
    private static func kept(_ summary: String) -> [UInt8] { Array(summary.utf8.prefix(4_000)) }

    func forget() {
        guard InputFile.exists(FilePath.joined(state, NoticeMemory.name)), let folder = try? StateDirectory.open(state)
        else { return }
        try? folder.remove(NoticeMemory.name)
    }
}
