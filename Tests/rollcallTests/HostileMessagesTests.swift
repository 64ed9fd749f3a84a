import DirectoryModel
import Reports
import SyncAgent
import TestSupport
import Testing

@testable import rollcall

/// What is written beside reports stays on its line and can be printed, whatever names stand in it: progress, phases, steps, the daemon's log
/// and questions.
struct HostileMessagesTests {
    private static func progress(_ name: String) -> [AgentProgress] {
        let stages: [PullProgress.Stage] = [.connecting, .people, .groups, .confirming, .retrying(attempt: 2)]
        return stages.map { .pulling(directory: name, PullProgress(stage: $0, entries: 7)) } + [
            .evaluating(target: name), .reconciling(target: name),
        ]
    }

    private static func messages(_ name: String) -> [[UInt8]] {
        let line = ProgressLine(isVerbose: false)
        return progress(name).map { Array("\(line.text(of: $0))\n".utf8) }
            + progress(name).map { PhaseLine($0, after: .seconds(1)).bytes }
            + ExaminationStep.allCases.map { Array("\(StepLine.text(name, $0))\n".utf8) } + [
                DaemonLog.bytes(DaemonLine(.error, name)), Terminal.prompt(name, style: .plain) + [0x0A],
            ]
    }

    @Test(arguments: HostileNames.all)
    func eachStaysOnItsLine(_ name: String) {
        for message in Self.messages(name) {
            PrintableText.expect(message)
            #expect(message.count { $0 == 0x0A } == 1)
        }
    }
}
