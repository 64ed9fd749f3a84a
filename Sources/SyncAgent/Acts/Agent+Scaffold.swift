import AccessModel
import Diagnostics
import DirectoryModel
import Glibc
import MappingLanguage
import Reconciliation

/// A proposed mapping, and how it came about.
package struct ScaffoldResult: Sendable {
    package var target: String
    package var text: String
    package var groups: Int
    package var rules: Int
    package var privileged: Int
    package var unmatched: Int
}

extension Agent {
    /// Proposes a mapping for a target by the names of the groups that there are.
    ///
    /// The mapping that the target has now is not looked at, so that one with errors can be begun anew.
    package func scaffold(target name: String?, source: ScaffoldSource) throws(AgentFailure) -> ScaffoldResult {
        var reader = FilesReader(path: configurationPath, now: context.clock(), connects: source == .directory)
        guard let read = reader.readForActs(), !reader.problems.diagnostics.hasErrors else {
            throw failure(reader.problems)
                ?? AgentFailure.noConfiguration()
        }
        let names = read.settings.map(\.name)
        guard let wanted = name ?? (names.count == 1 ? names.first : nil) else {
            throw AgentFailure(
                .usage, "there are \(names.count) targets: say which with `--target`",
                hint: "they are \(names.joined(separator: ", "))", diagnostics: read.brokenBy)
        }
        guard let settings = read.settings.first(where: { $0.name == wanted }) else {
            var failure = AgentFailure.noTarget(wanted, of: names)
            failure.diagnostics = read.brokenBy
            throw failure
        }
        let mirror = try mirror(source, read.configuration)
        guard !mirror.groups.isEmpty else {
            throw AgentFailure(
                .failed, "there are no groups to make rules of",
                hint: "see `groups: {bases: …}` in the configuration, and `rollcall doctor`")
        }
        let scaffold = Scaffold(mirror, platform: settings.platform, topology: settings.topology)
        guard scaffold.ruleCount > 0 else {
            throw AgentFailure(
                .failed,
                "platform `\(settings.platform.name)` has no role that could be given without a privileged rule",
                hint: "write the rules by hand; `rollcall platform FILE` shows the roles")
        }
        let text = try commented(scaffold.text, mirror, settings, read.configuration)
        return ScaffoldResult(
            target: wanted, text: text, groups: scaffold.groupCount, rules: scaffold.ruleCount,
            privileged: scaffold.privilegedCount, unmatched: scaffold.unmatchedCount)
    }

    /// Writes it into a new file; never over another.
    package func write(_ result: ScaffoldResult, to path: String) throws(AgentFailure) {
        do throws(FileError) {
            let folder = try OpenDirectory.open(FilePath.directory(of: path), links: .follow)
            try AtomicFile.write(
                Array(result.text.utf8), to: FilePath.name(of: path), in: folder, existing: .refuse, for: .everybody)
        } catch {
            guard error.code != EEXIST else {
                throw AgentFailure(
                    .cannotWrite, "there is a file `\(path)` already",
                    hint: "name another with `--out`, and compare the two with `rollcall diff`")
            }
            throw AgentFailure(writing: error)
        }
    }

    /// The proposal with what `check` would warn of above the rule that it is about; it must be a mapping without errors.
    private func commented(
        _ text: String, _ mirror: Mirror, _ settings: TargetSettings, _ configuration: AgentConfiguration
    ) throws(AgentFailure) -> String {
        let context = MappingContext(
            platform: settings.platform, topology: settings.topology,
            directories: configuration.directories.map {
                MappingContext.Directory(name: $0.name, trustedAttributes: $0.trustedAttributes)
            })
        var diagnostics = DiagnosticList()
        let mapping = MappingFile.mapping(SourceFile(name: "proposal", text: text), in: context, into: &diagnostics)
        guard let mapping, !diagnostics.hasErrors else {
            throw AgentFailure(
                .bug, "the proposal would not pass `rollcall check`",
                hint: "please report it with the command you gave",
                diagnostics: diagnostics)
        }
        for finding in MirrorLint(mapping, mirror: mirror, lock: nil).findings {
            diagnostics.warning(finding.code, at: finding.position, finding.message, hint: finding.hint)
        }
        return Scaffold.text(text, noting: diagnostics.sorted)
    }

    private func mirror(
        _ source: ScaffoldSource, _ configuration: AgentConfiguration
    ) throws(AgentFailure) -> Mirror {
        switch source {
        case .roster: return try lastSnapshot(configuration).mirror
        case .file(let path): return try SnapshotReader.read(path).mirror
        case .directory:
            return try translating { () throws -> Mirror in
                let stage = PullStage(ports: ports, secrets: context.secrets(configuration))
                defer { stage.close() }
                return try stage.pull(configuration.directories, attributes: [], lastStamps: [:])
            }
        }
    }
}

/// Where the groups come from.
package enum ScaffoldSource: Sendable, Equatable {
    /// The mirror of the last applied run.
    case roster
    /// A file that `snapshot` wrote.
    case file(String)
    /// The directories, asked now.
    case directory
}
