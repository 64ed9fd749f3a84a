import Diagnostics

extension Agent {
    /// The agent configuration alone, for commands that only look at the roster: errors in other files do not stand in
    /// their way.
    package func configuration() throws(AgentFailure) -> AgentConfiguration {
        var problems = InputProblems()
        var file: AgentFile?
        if let bytes = InputFile.readConfiguration(configurationPath, into: &problems) {
            file = AgentFile(SourceFile(name: configurationPath, bytes: bytes), into: &problems.diagnostics)
            problems.isConfigurationWrong = problems.diagnostics.hasErrors
        }
        if let failure = failure(problems) { throw failure }
        guard let file else { throw AgentFailure.noConfiguration() }
        return file.configuration
    }

    /// Refuses a roster that is gone or empty although there were runs, for commands that only look at it.
    package func checkRosterFile(_ configuration: AgentConfiguration) throws(AgentFailure) {
        try RunTraces(configuration).checkRosterFile()
    }

    /// The same for one that was begun anew: `lastRun` is 0 where it knows no run.
    package func checkRoster(_ configuration: AgentConfiguration, lastRun: Int64) throws(AgentFailure) {
        try RunTraces(configuration).check(lastRun: lastRun)
    }
}
