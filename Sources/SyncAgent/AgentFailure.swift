package import Diagnostics
package import DirectoryModel

/// Why a command could not do its work: how it ends, one sentence, the remedy, and what is wrong in the files.
package struct AgentFailure: Error, Sendable {
    package var status: ExitStatus
    /// One sentence, lower-case, no final period; empty where the diagnostics say everything.
    package var message: String
    /// What to do about it; empty only where the diagnostics say it.
    package var hint: String
    /// Everything that is wrong in files, all at once.
    package var diagnostics: DiagnosticList
    /// What led to it, outermost first.
    package var causes: [String]
    /// Whether the run was applied all the same: only what comes after it failed.
    package var isApplied = false
    /// How the other directories failed, where none could be read.
    var others: [ExitStatus] = []
    /// What else there is to say, one sentence each: what moved, whom it is about.
    package var details: [String]

    package init(
        _ status: ExitStatus, _ message: String, hint: String, diagnostics: DiagnosticList = DiagnosticList(),
        causes: [String] = [], details: [String] = []
    ) {
        self.status = status
        self.message = message
        self.hint = hint
        self.diagnostics = diagnostics
        self.causes = causes
        self.details = details
    }

    /// A directory that could not be read.
    package init(_ failure: PullFailure) {
        let status: ExitStatus =
            switch failure.kind {
            case .unreachable: .unavailable
            case .refused: .refused
            case .incomplete: .incomplete
            case .missingFile: .missingFile
            case .badData: .badData
            case .badConfiguration: .badConfiguration
            }
        self.init(status, "directory `\(failure.directory)`: \(failure.message)", hint: failure.hint)
    }
}
