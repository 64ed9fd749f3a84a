import Diagnostics
import Glibc

/// One of the two files of a comparison, once it is known what it is.
struct ComparedFile {
    enum Kind: String {
        case mapping, platform
        case configuration = "agent configuration"
    }
    var kind: Kind
    /// Path of the file; of a folder that of the configuration in it.
    var path: String
    /// The platform that a mapping or a platform file says it is of.
    var platform: String?

    /// Looks at what stands at the top of the file; throws where that is none of the three.
    init(_ given: String) throws(AgentFailure) {
        path = try ComparedFile.file(given)
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try InputFile.bytes(path)
        } catch {
            throw AgentFailure(
                .missingFile, "cannot read `\(path)`: \(error.words)", hint: "check the path, and who may read it")
        }
        var diagnostics = DiagnosticList()
        let root = YAMLReader.read(SourceFile(name: path, bytes: bytes), into: &diagnostics)
        guard let object = root?.object, let kind = ComparedFile.kind(of: object) else {
            throw AgentFailure(
                .badData, "`\(path)` is no mapping, no platform file and no agent configuration",
                hint: "a mapping has `rules:`, a platform file `roles:`, an agent configuration `targets:`",
                diagnostics: diagnostics)
        }
        self.kind = kind
        platform = object["platform"]?.text
    }

    private static func kind(of root: ObjectNode) -> Kind? {
        if root.has("targets") || root.has("directories") { return .configuration }
        if root.has("rules") { return .mapping }
        return root.has("roles") || root.has("scopes") ? .platform : nil
    }

    /// The configuration of a folder, which is in it or in `config` below it.
    private static func file(_ given: String) throws(AgentFailure) -> String {
        var status = stat()
        guard stat(given, &status) == 0 else {
            throw AgentFailure(
                .missingFile, "cannot read `\(given)`: \(SystemError.words(errno))",
                hint: "OLD and NEW are files or folders; of a commit, `git show COMMIT:PATH > old.yaml` makes one")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { return given }
        let places = ["rollcall.yaml", "config/rollcall.yaml"].map { FilePath.joined(given, $0) }
        if let found = places.first(where: InputFile.exists) { return found }
        throw AgentFailure(
            .missingFile, "there is no `rollcall.yaml` in `\(given)`, nor in `config` below it",
            hint: "name the folder that holds the agent configuration, or the file itself")
    }

    /// Whether two paths are one file.
    static func isSame(_ left: String, _ right: String) -> Bool {
        var (mine, other) = (stat(), stat())
        guard stat(left, &mine) == 0, stat(right, &other) == 0 else { return false }
        return mine.st_dev == other.st_dev && mine.st_ino == other.st_ino
    }
}
