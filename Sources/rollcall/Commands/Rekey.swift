import ArgumentParser
import SyncAgent

/// `rollcall rekey`: new ids after a directory was restored or moved.
struct Rekey: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take over new ids after a directory was restored or moved; nobody leaves and nobody joins.",
        discussion: """
            At least 95 % of the people must be found again, one to one; otherwise nothing is changed.

              rollcall rekey --dry-run --by dn --reason 'restored from Friday'
              rollcall rekey --map old-new.csv --reason 'moved to the new server'
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ReportOptions

    @Option(help: ArgumentHelp("`dn`, `login`, or a trusted attribute that stayed the same.", valueName: "attribute"))
    var by: String?

    @Option(help: ArgumentHelp("CSV file with the columns old and new.", valueName: "file"), completion: .file())
    var map: String?

    @Option(help: "The directory, where there are several.")
    var directory: String?

    @Option(help: "Why. It is kept in the audit.")
    var reason: String

    @Flag(name: .customLong("dry-run"), help: "Only show what would change.")
    var isDryRun = false

    @Flag(name: .customLong("yes"), help: "Do not ask.")
    var isAgreed = false

    func validate() throws {
        guard (by == nil) != (map == nil) else { throw ValidationError("give either `--by` or `--map`") }
    }

    func run() throws {
        let key = map.map { RekeyRequest.Key.map($0) } ?? .attribute(by ?? "")
        let request = RekeyRequest(key: key, directory: directory, reason: reason)
        let composition = Composition(configuration)
        let confirmation = try Confirmation(isAgreed: isAgreed || isDryRun, output: output)
        let result = try composition.agent.rekey(request) { result in
            composition.progress.clear()
            return !isDryRun && confirmation.isGiven(for: result)
        }
        composition.progress.clear()
        try RekeyOutput(result).write(output)
        try composition.end(confirmation.wasShown && result.record == nil ? .failed : .done)
    }
}
