import ArgumentParser
import Diagnostics
import DirectoryModel
import Glibc
import Reconciliation
import Reports
import SQLiteRoster
import SyncAgent

/// How the program ends: the one place where errors become words and a status.
struct Ending {
    private let error: any Error
    private let wantsJSON: Bool
    private let words: CommandWords

    init(_ error: any Error, arguments: [String]) {
        self.error = error
        wantsJSON = Ending.wantsJSON(arguments)
        words = CommandWords(arguments.dropFirst())
    }

    /// Prints what there is to say and leaves.
    func leave() -> Never {
        switch error {
        case let finished as Finished: exit(Int32(finished.status.rawValue))
        case let output as OutputFailure where output.isBrokenPipe: exit(0)
        case let failure as AgentFailure: leave(failure)
        case let failure as PullFailure: leave(AgentFailure(failure))
        case let error as RosterError:
            leave(FailureReport(code: "roster", message: error.message, hint: error.hint, exitStatus: error.exitStatus))
        case let moved as RosterMoved:
            leave(
                FailureReport(
                    code: ExitStatus.stale.name, message: "the roster has moved on: \(moved.message)",
                    hint: "run the command again", exitStatus: ExitStatus.stale.rawValue))
        case let output as OutputFailure:
            leave(
                FailureReport(
                    code: ExitStatus.cannotWrite.name, message: output.message, hint: output.hint,
                    exitStatus: ExitStatus.cannotWrite.rawValue))
        default: leaveByParser()
        }
    }

    /// Prints what a failure says, for a program that goes on all the same.
    static func tell(_ failure: AgentFailure) {
        if !failure.diagnostics.isEmpty { Output.message(DiagnosticReport(failure.diagnostics).text(), .error) }
        let report = FailureReport(failure)
        guard !report.message.isEmpty else { return }
        Output.message(report.text(style: Terminal.style(of: STDERR_FILENO)), .error)
    }

    private func leave(_ failure: AgentFailure) -> Never {
        if !failure.diagnostics.isEmpty {
            if wantsJSON {
                emit(DiagnosticReport(failure.diagnostics).json(exitStatus: failure.status.rawValue), to: STDOUT_FILENO)
                exit(Int32(failure.status.rawValue))
            }
            Output.message(DiagnosticReport(failure.diagnostics).text(), .error)
        }
        let report = FailureReport(failure)
        if report.message.isEmpty { exit(Int32(report.exitStatus)) }
        leave(report)
    }

    private func leave(_ report: FailureReport) -> Never {
        if wantsJSON {
            emit(report.json(), to: STDOUT_FILENO)
        } else {
            Output.message(report.text(style: Terminal.style(of: STDERR_FILENO)), .error)
        }
        exit(Int32(truncatingIfNeeded: report.exitStatus))
    }

    /// Help, versions and wrong usage have their words from the argument parser.
    private func leaveByParser() -> Never {
        let code = Rollcall.exitCode(for: error)
        guard code != ExitCode.success else { Rollcall.exit(withError: error) }
        if code == ExitCode.validationFailure {
            let message = Rollcall.message(for: error)
            leave(
                FailureReport(
                    code: ExitStatus.usage.name, message: Ending.lowered(message), hint: words.hint(for: message),
                    exitStatus: ExitStatus.usage.rawValue))
        }
        leave(
            FailureReport(
                code: ExitStatus.bug.name, message: "something happened that should not: \(type(of: error))",
                hint: "this is a bug of Rollcall: please report it with the command you gave",
                exitStatus: ExitStatus.bug.rawValue))
    }

    private func emit(_ bytes: [UInt8], to descriptor: Int32) {
        try? Output.write(bytes, to: descriptor)
    }

    /// The argument parser's sentence in the manner of all others.
    private static func lowered(_ message: String) -> String {
        message.prefix(1).lowercased() + message.dropFirst()
    }

    /// Whether the caller asked for JSON, even where the arguments are wrong otherwise.
    private static func wantsJSON(_ arguments: [String]) -> Bool {
        for (place, argument) in arguments.enumerated() {
            if argument == "--" { return false }
            if argument == "--format=json" { return true }
            if argument == "--format", arguments.indices.contains(place + 1) { return arguments[place + 1] == "json" }
        }
        return false
    }
}

/// The command has said everything; only the status is left.
struct Finished: Error {
    let status: ExitStatus
}

extension FailureReport {
    init(_ failure: AgentFailure) {
        self.init(
            code: failure.status.name, message: failure.message, causes: failure.causes, details: failure.details,
            hint: failure.hint,
            exitStatus: failure.status.rawValue)
    }
}

extension ExitStatus {
    /// Stable name of the status, for programs that read JSON errors.
    var name: String {
        switch self {
        case .done: "done"
        case .failed: "failed"
        case .changes: "changes"
        case .held: "held"
        case .incomplete: "directory.incomplete"
        case .locked: "locked"
        case .stale: "stale"
        case .usage: "usage"
        case .badData: "bad-data"
        case .missingFile: "missing-file"
        case .unavailable: "directory.unavailable"
        case .bug: "bug"
        case .cannotWrite: "cannot-write"
        case .damagedRoster: "roster.damaged"
        case .partlyRead: "directory.partly-read"
        case .refused: "directory.refused"
        case .badConfiguration: "bad-configuration"
        }
    }
}
