import DirectoryModel
import Reconciliation
import Reports
import SQLiteRoster
import SyncAgent

/// Puts the program together: directories, roster, reports, clock and account behind one agent.
struct Composition {
    let agent: Agent
    let progress = ProgressLine()

    init(_ options: ConfigurationOptions) {
        let progress = progress
        agent = Agent(
            configurationPath: options.path,
            ports: AgentPorts(
                openDirectory: Directories.open, openRoster: Rosters.open, renderReport: RunRendering.render,
                progress: { progress.show($0) }),
            context: AgentContext(
                clock: Clock.now, actor: Account.name, version: Version.text,
                credentialsDirectory: Environment.value("CREDENTIALS_DIRECTORY")))
    }
}
