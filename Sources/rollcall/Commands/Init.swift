import ArgumentParser
import Reports
import SyncAgent

/// `rollcall init`: from nothing to a configuration that can be tried.
struct Init: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask for what is needed and write a commented configuration to start from.",
        discussion: """
            It starts in `mode: observe`: plans and reports are made, users are never written. Existing files are never \
            overwritten. What an option says is not asked.

              rollcall init ldaps://ldap.example.org
              rollcall init people.ldif --platform vivi --target acme-desk --group support
            """)

    @Argument(help: "URL of the directory, or path of an LDIF file.", completion: .file())
    var place: String?

    @OptionGroup var answers: StarterOptions

    @Option(help: ArgumentHelp("The folder to write into.", valueName: "folder"), completion: .directory)
    var into = "config"

    func run() throws {
        var (answers, secret) = try self.answers.starter(place: place, folder: into)
        let platform = try ShippedPlatforms.named(answers.platform)
        answers.platform = platform.name
        let shipped = StarterFile(
            path: "platforms/\(platform.name).yaml", content: String(decoding: platform.content, as: UTF8.self))
        let writer = StarterWriter(folder: into)
        let files = try writer.write(Agent.starterFiles(answers) + [shipped], secret: secret)
        let (state, isNew) = try writer.makeState(answers.state)
        var page = TextPage(style: Terminal.style(of: 1))
        for file in files { page.line("wrote ", Span(file, .strong)) }
        page.line(isNew ? "made " : "is there already: ", Span(state + "/", .strong))
        page.blank()
        try Output.data(page.bytes)
        defer { next() }
        try tryDirectory()
    }

    private func next() {
        var page = TextPage(style: Terminal.style(of: 1))
        page.blank()
        page.line("Next: write rules into the mapping, then")
        for command in ["check --online", "lock", "plan"] {
            page.line("rollcall \(command) --config \(into)/rollcall.yaml", indent: 2)
        }
        try? Output.data(page.bytes)
    }

    /// Reads the new files back and asks the directory, so that a wrong answer is known at once.
    private func tryDirectory() throws {
        var configuration = try ConfigurationOptions.parse([])
        configuration.file = "\(into)/rollcall.yaml"
        let composition = Composition(configuration)
        let report = composition.agent.check(.online)
        composition.progress.clear()
        Output.message([0x0A])
        try CheckOutput(report).write(ReportOptions.text)
        if report.status != .done { throw Finished(status: report.status) }
    }
}
