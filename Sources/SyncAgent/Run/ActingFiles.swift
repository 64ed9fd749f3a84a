import AccessModel
import Diagnostics
import MappingLanguage
import Reconciliation

/// What an act by hand reads of the files: it needs neither rules nor approvals, so that an error in them, or in another
/// target, does not keep anybody from taking an account out of service.
struct ActingFiles {
    var configuration: AgentConfiguration
    /// Targets on which acts are possible, in the order of the configuration.
    var settings: [TargetSettings]
    /// Names of targets that have an error.
    var broken: [String]
    /// What is wrong in files that the act does not need.
    var warnings: DiagnosticList

    func settings(of target: String) -> TargetSettings? { settings.first { $0.name == target } }

    /// All targets that have a name.
    var names: [String] { settings.map(\.name) + broken.filter { $0 != "?" } }
}

extension Agent {
    /// The files for acts by hand on these targets; nil is all that can be acted on.
    func actingFiles(_ targets: [String]?) throws(AgentFailure) -> ActingFiles {
        var reader = FilesReader(path: configurationPath, now: context.clock())
        let read = reader.readForActs()
        let opened = reader.problems.openToAnybody + (read?.openToAnybody ?? [])
        guard let read, !reader.problems.diagnostics.hasErrors, !read.settings.isEmpty,
            !(targets ?? []).contains(where: read.broken.contains)
        else {
            var all = reader.problems
            if let read {
                all.diagnostics.append(contentsOf: read.brokenBy)
                let isOurs = read.brokenBy.sorted.contains { $0.position?.file == configurationPath }
                all.isConfigurationWrong = all.isConfigurationWrong || isOurs
            }
            throw failure(all)
                ?? AgentFailure.noConfiguration(reader.problems.diagnostics)
        }
        if let open = opened.first {
            throw AgentFailure(
                .badConfiguration, open.message, hint: "nothing was done; look at what it says, then \(open.hint)")
        }
        return ActingFiles(
            configuration: read.configuration, settings: read.settings, broken: read.broken,
            warnings: read.brokenBy.asWarnings.joined(with: read.ignored.asWarnings))
    }
}

extension DiagnosticList {
    fileprivate func joined(with other: DiagnosticList) -> DiagnosticList {
        var all = self
        all.append(contentsOf: other)
        return all
    }
}

extension FilesReader {
    /// What was read for acts by hand.
    struct ForActs {
        var configuration: AgentConfiguration
        var settings: [TargetSettings] = []
        var broken: [String] = []
        /// Why targets are broken.
        var brokenBy = DiagnosticList()
        /// Errors that acts have nothing to do with.
        var ignored = DiagnosticList()
        /// Platform files that anybody can write.
        var openToAnybody: [OpenFile] = []
    }

    /// The configuration and each target without its rules; errors that no act can go on with are left in `problems`.
    mutating func readForActs() -> ForActs? {
        guard let bytes = InputFile.readConfiguration(path, into: &problems) else { return nil }
        var found = InputProblems()
        let source = SourceFile(name: path, bytes: bytes)
        let agent = AgentFile(source, into: &found.diagnostics)
        guard let agent else {
            problems.diagnostics.append(contentsOf: found.diagnostics)
            problems.isConfigurationWrong = true
            return nil
        }
        let places = TargetLines(agent)
        var read = ForActs(configuration: agent.configuration)
        var broken: Set<Int> = []
        for diagnostic in found.diagnostics.sorted where diagnostic.severity == .error {
            if let target = diagnostic.position.flatMap({ places.target(at: $0.line) }) {
                broken.insert(target)
                read.brokenBy.append(diagnostic)
            } else {
                problems.diagnostics.append(diagnostic)
                problems.isConfigurationWrong = true
            }
        }
        for (place, draft) in agent.targets.enumerated() {
            let settings = broken.contains(place) ? nil : actSettings(draft, agent, source, &read)
            if let settings { read.settings.append(settings) } else { read.broken.append(draft.target.name) }
        }
        var approvals = InputProblems()
        let context = ApprovalFile.Context(targets: agent.targets.map(\.target.name), now: now)
        _ = ApprovalFile.readAll(agent.configuration.approvals, in: context, into: &approvals)
        read.ignored.append(contentsOf: approvals.diagnostics.errors)
        return read
    }

    /// Nil where the target itself has an error.
    private mutating func actSettings(
        _ draft: AgentFile.TargetDraft, _ agent: AgentFile, _ configuration: SourceFile, _ read: inout ForActs
    ) -> TargetSettings? {
        let outer = problems
        defer { problems = outer }
        problems.diagnostics = DiagnosticList()
        problems.diagnostics.register(configuration)
        let target = draft.target
        let platform = draft.platformText.isEmpty ? nil : platform(target.platformFile)
        let known = outer.openToAnybody.count
        read.openToAnybody += problems.openToAnybody.dropFirst(known)
        guard let platform else {
            read.brokenBy.append(contentsOf: problems.diagnostics.errors)
            return nil
        }
        let topology = topology(draft, platform)
        checkFloors(draft, platform)
        guard !problems.diagnostics.hasErrors else {
            read.brokenBy.append(contentsOf: problems.diagnostics.errors)
            return nil
        }
        let trusted = agent.configuration.directories.map {
            MappingContext.Directory(name: $0.name, trustedAttributes: $0.trustedAttributes)
        }
        let context = MappingContext(platform: platform, topology: topology, directories: trusted)
        var templates = platform.shippedTemplates.sorted { precedes($0.name, $1.name) }
        if !draft.mappingText.isEmpty, let source = source(target.mappingFile, what: "mapping"),
            let mapping = MappingFile.mapping(source, in: context, into: &problems.diagnostics)
        {
            templates = FilesReader.templates(platform, mapping)
        }
        read.ignored.append(contentsOf: problems.diagnostics.errors)
        return TargetSettings(
            name: target.name, mode: target.mode, platform: platform, topology: topology, templates: templates,
            policy: target.policy, limits: target.limits, protect: target.protect, fingerprints: [:])
    }
}

/// Which lines of the configuration are about which target.
private struct TargetLines {
    /// First lines of the targets, in order, and their places.
    private let starts: [(line: Int, place: Int)]
    /// The first line behind all of them.
    private let end: Int

    init(_ agent: AgentFile) {
        starts = agent.targets.enumerated().map { ($1.node.position.line, $0) }
        let last = starts.map(\.line).max() ?? 0
        end = agent.sectionLines.filter { $0 > last }.min() ?? Int.max
    }

    func target(at line: Int) -> Int? {
        guard line < end else { return nil }
        return starts.last { $0.line <= line }?.place
    }
}
