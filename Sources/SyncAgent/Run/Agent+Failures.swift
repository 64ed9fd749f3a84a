import DirectoryModel
import Reconciliation

extension Agent {
    /// How a command ends that an error stopped.
    func failure(of error: any Error) -> AgentFailure {
        switch error {
        case let failure as AgentFailure: failure
        case let failure as PullFailure: AgentFailure(failure)
        case let moved as RosterMoved:
            AgentFailure(.stale, "the roster has moved on: \(moved.message)", hint: "run it again")
        case let file as FileError: AgentFailure(writing: file)
        default: ports.failure(error)
        }
    }
}
