import AccessModel
import ArgumentParser
import Diagnostics
import Reports
import SyncAgent

/// `rollcall platform`: who may do what on a platform, as its file says.
struct PlatformCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "platform",
        abstract: "Show the effective permissions of every role and template of a platform file.",
        discussion: """
              rollcall platform platforms/vivi.yaml
              rollcall platform platforms/vivi.yaml --format json
            """)

    @OptionGroup var output: ReportOptions

    @Argument(help: "The platform file.", completion: .file())
    var file: String

    func run() throws {
        var diagnostics = DiagnosticList()
        let source = SourceFile(name: file, bytes: try InputFile(file, wanted: "a platform file").bytes())
        diagnostics.register(source)
        guard let platform = PlatformFile.platform(source, into: &diagnostics) else {
            throw AgentFailure(.badData, "", hint: "", diagnostics: diagnostics)
        }
        Output.message(DiagnosticReport(diagnostics).text())
        let report = PlatformReport(platform, columns: output.style.columns)
        try Output.data(Array((output.format == .json ? report.json : report.text).utf8))
    }
}
