import DirectoryModel
import Glibc
import LDAPClient
import Reconciliation
import Reports
import SQLiteRoster
import SyncAgent

/// Puts the program together: directories, roster, reports, clock and account behind one agent.
struct Composition {
    let agent: Agent
    let progress: ProgressLine
    let delivery = DeliveryNotice()

    /// `stop` ends what waits for a server; `life` is called whenever something gets on.
    init(_ options: ConfigurationOptions, stop: StopFlag? = nil, life: @escaping () -> Void = {}) {
        if let note = options.note { Output.message(Array(note.utf8)) }
        let progress = ProgressLine(isVerbose: options.isVerbose)
        self.progress = progress
        let delivery = delivery
        var ports = AgentPorts(
            openDirectory: { try Directories.open($0, $1, stop: stop) },
            openRoster: { location in
                try Rosters.open(location) {
                    life()
                    progress.show($0)
                }
            },
            renderReport: RunRendering.render,
            progress: {
                life()
                progress.show($0)
            },
            failure: { AgentFailure(adapter: $0) }, delivered: { delivery.take($0) },
            warn: Composition.warn, logLine: SystemLog.write)
        ports.alive = life
        ports.expecting = progress.expect
        ports.checkRoster = Rosters.check
        agent = Agent(
            configurationPath: options.path, ports: ports,
            context: AgentContext(
                clock: Clock.now, actor: Account.name, version: Version.text,
                credentialsDirectory: Environment.value("CREDENTIALS_DIRECTORY")))
    }

    /// What went wrong beside the work of a command.
    private static func warn(_ message: String, _ hint: String) {
        var page = TextPage(style: Terminal.style(of: STDERR_FILENO))
        page.line(Span("warning:", .alarm), " \(message)")
        if !hint.isEmpty { page.line("hint: \(hint)") }
        Output.message(page.bytes, .warning)
    }

    /// Ends a command that wrote: as it went, and with `failed` where it went well but its messages did not get through.
    func end(_ status: ExitStatus = .done) throws {
        if status != .done { throw Finished(status: status) }
        if delivery.isLoud { throw Finished(status: .failed) }
    }

    /// The same for a plan that somebody was asked about: `failed` where they said no, so that no script takes it for done.
    func end(_ result: RunResult) throws {
        try end(result.ending == .declined ? .failed : result.status)
    }
}

extension AgentFailure {
    /// What an error of an adapter means for a command.
    init(adapter error: any Error) {
        switch error {
        case let error as RosterError: self.init(error)
        case let failure as PullFailure: self.init(failure)
        default:
            self.init(
                .bug, "something happened that should not: \(type(of: error))",
                hint: "please report it with the command you gave")
        }
    }
}
