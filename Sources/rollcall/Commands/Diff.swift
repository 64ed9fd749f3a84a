import ArgumentParser
import Reports
import SyncAgent

/// `rollcall diff`: what edited files would do, in people, before anybody runs them.
struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what changed files would do to people; write nothing, ask no directory.",
        discussion: """
            OLD and NEW are two mappings, two platform files, or two agent configurations or the folders that hold one. Both are \
            worked out for the people of the last run, or of a file that `rollcall snapshot` wrote, so that a merge request can \
            be checked where there is no roster:

              rollcall diff old.yaml mappings/vivi.yaml
              rollcall diff old new --snapshot people.snapshot \\
                  --fail-on 'privileged_gain>0'
              rollcall diff --email-domain old.example=new.example
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var targets: TargetOptions
    @OptionGroup var output: PlanOptions

    @Argument(help: "The file or folder before the edit.", completion: .file())
    var old: String?

    @Argument(help: "The file or folder after it.", completion: .file())
    var new: String?

    @Option(
        help: ArgumentHelp("People and groups from this file instead of the roster.", valueName: "file"),
        completion: .file())
    var snapshot: String?

    @Option(
        name: .customLong("email-domain"),
        help: ArgumentHelp(
            "Show what happens when emails in one domain move to another; may be repeated.", valueName: "old=new"))
    var domains: [String] = []

    @Option(
        name: .customLong("fail-on"),
        help: ArgumentHelp(
            "End with 3 where more is counted: 'privileged_gain>0,lose_access>10'.", valueName: "conditions"))
    var conditions: String?

    @Flag(
        name: .customLong("detailed-exitcode"),
        help: "End with 0 when nothing changes for anybody, with 2 when something does.")
    var hasDetailedExitCode = false

    func validate() throws {
        if old != nil, new == nil { throw ValidationError("one file is no comparison: name OLD and NEW") }
        if old == nil, domains.isEmpty {
            throw ValidationError("name what to compare: OLD and NEW, or `--email-domain`")
        }
    }

    func run() throws {
        let thresholds = try conditions.map { text throws in try Threshold.list(text) } ?? []
        let composition = Composition(configuration)
        var request = ComparisonRequest(
            files: nil, domains: try domains.map { text throws in try EmailDomainPair.parse(text) },
            source: snapshot.map { ComparisonRequest.Source.file($0) } ?? .roster, targets: targets.narrowed)
        if let old, let new { request.files = (old, new) }
        let result = try composition.agent.compare(request)
        composition.progress.clear()
        let report = PlanReport(result, thresholds)
        try PlanOutput.write(report, output)
        if report.comparison?.verdicts.contains(where: \.isExceeded) == true { throw Finished(status: .held) }
        if hasDetailedExitCode, report.hasChanges { throw Finished(status: .changes) }
    }
}

/// `old.example=new.example`, as typed.
enum EmailDomainPair {
    static func parse(_ text: String) throws(AgentFailure) -> ComparisonRequest.Domain {
        let parts = text.lowercased().utf8.split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false)
            .map { part -> String in
                let part = String(Substring(part))
                return part.hasPrefix("@") ? String(part.dropFirst()) : part
            }
        let isDomain = { (text: String) in
            !text.isEmpty && text.utf8.contains(UInt8(ascii: ".")) && !text.utf8.contains { $0 <= 0x20 || $0 == 0x40 }
        }
        guard parts.count == 2, parts.allSatisfy(isDomain), parts[0] != parts[1] else {
            throw AgentFailure(
                .usage, "`\(text)` is no change of domain",
                hint: "write it like `--email-domain old.example=new.example`")
        }
        return ComparisonRequest.Domain(old: parts[0], new: parts[1])
    }
}
