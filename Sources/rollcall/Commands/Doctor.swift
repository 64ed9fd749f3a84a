import ArgumentParser
import DirectoryModel
import Reports
import SyncAgent

/// `rollcall doctor`: what works between here and the directory, and what to do about the rest.
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Try each thing about the directory in turn and say what to do.",
        discussion: """
            Without an argument it examines the configured directories; with a URL or a domain it needs no configuration, \
            and ends with a section to begin one with. It writes nothing, there or here, and binds once.

              rollcall doctor                   every configured directory
              rollcall doctor --directory corp  one of them
              rollcall doctor ldaps://dc1.example.com \\
                  --bind-dn 'CN=sync,DC=example,DC=com'
            """)

    @Argument(
        help: "URL of a server, a domain whose SRV records name the servers, or an LDIF file; needs no configuration.")
    var place: String?

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup(title: "A directory that is not configured") var options: DirectoryOptions
    @OptionGroup var output: ReportOptions

    @Option(name: .customLong("directory"), help: "Only this one of the configured directories.")
    var only: String?

    @Flag(
        name: .customLong("commands"), inversion: .prefixedNo,
        help: "Show for every read the command that asks the same.")
    var showsCommands = true

    func validate() throws {
        if place == nil, options.isGiven {
            throw ValidationError("options about a directory that is not configured need its URL")
        }
        if place != nil, only != nil { throw ValidationError("`--directory` is for configured directories") }
    }

    func run() throws {
        let progress = StepLine()
        let examination = DirectoryExamination(
            secrets: SecretReader(credentialsDirectory: Environment.value("CREDENTIALS_DIRECTORY")),
            progress: progress.show)
        let view = try place.map { try examine($0, examination) } ?? examineConfigured(examination)
        progress.clear()
        try view.write(output, detail: showsCommands ? .commands : .steps)
        if view.status != .done { throw Finished(status: view.status) }
    }

    private func examine(_ place: String, _ examination: DirectoryExamination) throws -> ExaminationOutput {
        let (directory, secret) = try options.named(place)
        let found = try examination.examine(directory, secret: secret)
        let starter = found.proposal.map { StarterDirectory(directory.settings, $0).text }
        return ExaminationOutput([found], starters: [starter])
    }

    private func examineConfigured(_ examination: DirectoryExamination) throws -> ExaminationOutput {
        let agent = try Composition(configuration).agent.configuration()
        let all = agent.directories
        var examination = examination
        examination.secrets.state = agent.state
        let wanted = all.filter { only == nil || $0.name == only }
        guard !wanted.isEmpty else {
            throw AgentFailure.noDirectory(only ?? "", of: all.map(\.name))
        }
        return ExaminationOutput(try wanted.map(examination.examine))
    }
}
