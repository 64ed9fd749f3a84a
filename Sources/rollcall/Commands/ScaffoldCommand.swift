import ArgumentParser
import Reports
import SyncAgent

/// `rollcall scaffold`: a mapping to begin with.
struct ScaffoldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scaffold",
        abstract: "Propose a mapping from the groups that there are, by their names.",
        discussion: """
            Groups whose names sound like roles, templates and workspaces of the target's platform become rules with tests; \
            what is privileged, and what sounds like nothing, becomes comments. Nothing is proposed for a mapping that is there \
            already: compare the two with `rollcall diff`.

              rollcall scaffold --target acme-desk            print it
              rollcall scaffold --online --out proposal.yaml  from the groups there are now
            """)

    @OptionGroup var configuration: ConfigurationOptions

    @Option(help: "The target; may be left out where there is one only.")
    var target: String?

    @Flag(name: .customLong("online"), help: "Ask the directory for its groups, instead of the last run.")
    var isOnline = false

    @Option(
        help: ArgumentHelp("Groups from a file that `rollcall snapshot` wrote.", valueName: "file"),
        completion: .file())
    var snapshot: String?

    @Option(
        name: .customLong("out"),
        help: ArgumentHelp("Write into this new file instead of standard output.", valueName: "file"),
        completion: .file())
    var file: String?

    func validate() throws {
        if isOnline, snapshot != nil { throw ValidationError("ask the directory or look into a file, not both") }
    }

    func run() throws {
        let composition = Composition(configuration)
        let source: ScaffoldSource = isOnline ? .directory : snapshot.map { ScaffoldSource.file($0) } ?? .roster
        let result = try composition.agent.scaffold(target: target, source: source)
        composition.progress.clear()
        guard let file else { return try Output.data(Array(result.text.utf8)) }
        try composition.agent.write(result, to: file)
        var page = TextPage(style: Terminal.style(of: 1))
        page.line(
            "wrote ", Span(file, .strong),
            ": \(Counted.text(result.rules, "rule")) for \(result.target), of \(Counted.text(result.groups, "group"))")
        if result.privileged > 0 {
            page.line(
                "\(Counted.text(result.privileged, "group")) sound\(result.privileged == 1 ? "s" : "") privileged and stand\(result.privileged == 1 ? "s" : "") in comments only"
            )
        }
        if result.unmatched > 0 {
            page.line("\(Counted.text(result.unmatched, "group")) gave no rule; the file lists the largest")
        }
        page.blank()
        page.line(
            "Next: read every rule, name the file as `mapping:` of the target, then `rollcall check` and `rollcall plan`"
        )
        try Output.data(page.bytes)
    }
}
