import Diagnostics

/// The configuration as it is on the two sides of a comparison.
struct ComparisonSides {
    var old: AgentFiles
    var new: AgentFiles

    /// Reads both; what is wrong on either side is told with its places.
    static func read(
        _ request: ComparisonRequest, configuration: String, now: Int64
    ) throws(AgentFailure) -> ComparisonSides {
        guard let given = request.files else {
            let files = try files(FilesReader(path: configuration, now: now))
            return ComparisonSides(old: files, new: files)
        }
        let (old, new) = (try ComparedFile(given.old), try ComparedFile(given.new))
        guard old.kind == new.kind else {
            throw AgentFailure(
                .usage, "`\(old.path)` is a \(old.kind.rawValue), and `\(new.path)` is a \(new.kind.rawValue)",
                hint: "compare two of a kind")
        }
        guard old.kind != .configuration else {
            return ComparisonSides(
                old: try files(FilesReader(path: old.path, now: now)),
                new: try files(FilesReader(path: new.path, now: now)))
        }
        let concerned = try concerned(old, new, request, configuration)
        return ComparisonSides(
            old: try files(reader(configuration, now, old, concerned)),
            new: try files(reader(configuration, now, new, concerned)))
    }

    /// The targets that a mapping or a platform file is for, with the path of theirs.
    private struct Concerned {
        var names: Set<String>
        var paths: [String]
    }

    private static func reader(
        _ configuration: String, _ now: Int64, _ file: ComparedFile, _ concerned: Concerned
    ) -> FilesReader {
        var reader = FilesReader(path: configuration, now: now)
        reader.only = concerned.names
        for path in concerned.paths { reader.substitutes[path] = file.path }
        return reader
    }

    private static func files(_ reader: FilesReader) throws(AgentFailure) -> AgentFiles {
        var reader = reader
        let read = reader.read()
        if let status = reader.problems.status {
            let count = reader.problems.diagnostics.errorCount
            throw AgentFailure(
                status, count == 1 ? "there is an error in the files" : "there are \(count) errors in the files",
                hint: "nothing was compared; correct them first", diagnostics: reader.problems.diagnostics.errors)
        }
        guard let read else {
            throw AgentFailure.noConfiguration(reader.problems.diagnostics)
        }
        return read.files
    }

    /// The targets whose file one of the two is; else those of the same platform.
    private static func concerned(
        _ old: ComparedFile, _ new: ComparedFile, _ request: ComparisonRequest, _ configuration: String
    ) throws(AgentFailure) -> Concerned {
        let targets = try ComparisonSides.targets(configuration)
        for name in request.targets ?? [] where !targets.contains(where: { $0.name == name }) {
            throw AgentFailure.noTarget(name, of: targets.map(\.name))
        }
        let wanted = targets.filter { request.targets?.contains($0.name) ?? true }
        func path(_ target: ConfiguredTarget) -> String {
            old.kind == .mapping ? target.mappingFile : target.platformFile
        }
        var found = wanted.filter { target in
            ComparedFile.isSame(path(target), old.path) || ComparedFile.isSame(path(target), new.path)
        }
        if found.isEmpty, let platform = new.platform {
            found = wanted.filter { (try? ComparedFile($0.platformFile))?.platform == platform }
        }
        guard !found.isEmpty else {
            let names = targets.map { "`\($0.name)`" }.joined(separator: ", ")
            throw AgentFailure(
                .usage,
                "no target of `\(configuration)` uses `\(new.path)`, or has its platform `\(new.platform ?? "?")`",
                hint: "the targets are \(names); name the right configuration with `--config`")
        }
        return Concerned(names: Set(found.map(\.name)), paths: Array(Set(found.map(path))).sorted())
    }

    private static func targets(_ configuration: String) throws(AgentFailure) -> [ConfiguredTarget] {
        var problems = InputProblems()
        guard let bytes = InputFile.readConfiguration(configuration, into: &problems),
            let agent = AgentFile(SourceFile(name: configuration, bytes: bytes), into: &problems.diagnostics)
        else {
            throw AgentFailure(
                problems.isFileMissing ? .missingFile : .badConfiguration,
                "a mapping or a platform file is compared within a configuration, which cannot be read",
                hint: "name it with `--config`", diagnostics: problems.diagnostics)
        }
        return agent.targets.map(\.target)
    }
}
