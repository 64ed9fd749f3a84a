package import Diagnostics

/// How far `check` looks.
package enum CheckReach: Sendable, Equatable {
    case files
    /// Also asks the directories about each mapped group.
    case online
}

/// What `check` found.
package struct CheckReport: Sendable {
    /// Errors and warnings of all files, by place.
    package var diagnostics: DiagnosticList
    /// What the directories said of each mapped group; empty without `--online`.
    package var groups: [CheckedGroup]
    /// Directories that could not be asked.
    package var failures: [AgentFailure]
    /// Paths of the files that were read, in order.
    package var files: [String]
    package var status: ExitStatus
    /// The run that had read the groups and people that files were compared with; nil where none were, or a directory was asked.
    package var readBy: Int64?
    /// What cannot be judged by what it was compared with, one sentence each.
    package var notes: [String] = []

    package init(
        diagnostics: DiagnosticList, groups: [CheckedGroup], failures: [AgentFailure], files: [String],
        status: ExitStatus
    ) {
        self.diagnostics = diagnostics
        self.groups = groups
        self.failures = failures
        self.files = files
        self.status = status
    }
}

/// A mapped group as a directory has it now.
package struct CheckedGroup: Sendable, Equatable {
    package var target: String
    package var name: String
    package var dn: String
    /// Effective people.
    package var people: Int
    /// What is odd about it, one sentence; empty when nothing is.
    package var problem: String

    package init(target: String, name: String, dn: String, people: Int, problem: String) {
        self.target = target
        self.name = name
        self.dn = dn
        self.people = people
        self.problem = problem
    }
}
