import Diagnostics

extension Agent {
    /// Every error and warning of every file; online also what the directories say of the mapped groups.
    package func check(_ reach: CheckReach) -> CheckReport {
        CheckReport(diagnostics: DiagnosticList(), groups: [], failures: [], files: [], status: .bug)
    }

    /// Pins the mapped groups; `confirm` sees what would change before a file is written.
    package func lock(confirm: ([LockResult]) -> Bool) throws(AgentFailure) -> [LockResult] {
        throw AgentFailure(.bug, "not built")
    }

    /// Runs the mapping tests; no directory is needed.
    package func test() throws(AgentFailure) -> TestReport { throw AgentFailure(.bug, "not built") }

    /// Writes an approval for what the last run held.
    package func approveLastHold(reason: String, targets: [String]?) throws(AgentFailure) -> ApprovalWritten {
        throw AgentFailure(.bug, "not built")
    }

    package func suspend(_ request: ActRequest) throws(AgentFailure) -> ActResult {
        throw AgentFailure(.bug, "not built")
    }

    package func resume(_ request: ActRequest) throws(AgentFailure) -> ActResult {
        throw AgentFailure(.bug, "not built")
    }

    /// Takes over sign-ins and accepted invitations from a CSV file.
    package func importSignIns(path: String, target: String) throws(AgentFailure) -> ImportResult {
        throw AgentFailure(.bug, "not built")
    }

    /// The commented files of a new installation.
    package static func starterFiles(_ answers: StarterAnswers) -> [StarterFile] { [] }
}
