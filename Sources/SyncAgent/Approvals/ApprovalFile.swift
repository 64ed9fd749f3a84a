import Diagnostics
import DirectoryModel
import Reconciliation

/// Reads approval files.
enum ApprovalFile {
    /// What a file is checked against.
    struct Context {
        var targets: [String]
        var now: Int64
    }

    /// The code of an approval out of date: a matter for `check`, and one line for `plan` and `sync`.
    static let expired = "approval.expired"

    /// Nil where anything is wrong; `problems` says what.
    static func read(_ path: String, in context: Context, into problems: inout InputProblems) -> Approval? {
        guard let bytes = InputFile.read(path, what: "approval", into: &problems) else { return nil }
        let before = problems.diagnostics.errorCount
        let source = SourceFile(name: path, bytes: bytes)
        guard let root = ApprovalGrammar.grammar.read(source, into: &problems.diagnostics)?.object else { return nil }
        let allow = root["allow"]?.object
        let (people, content) = people(root, path, allow, into: &problems)
        let targets = targets(root, context, into: &problems.diagnostics)
        let (from, until) = validity(root, context, into: &problems.diagnostics)
        guard problems.diagnostics.errorCount == before else { return nil }
        return Approval(
            file: path, digest: ContentDigest.of(bytes + content), reason: root["reason"]?.text ?? "", validFrom: from,
            validUntil: until, targets: targets, people: people, allow: kinds(allow), groupShrink: groups(allow),
            used: [:])
    }

    /// Every approval of a directory; none where the directory is not there.
    static func readAll(
        _ directory: String, in context: Context, into problems: inout InputProblems
    ) -> (approvals: [Approval], paths: [String]) {
        guard InputFile.exists(directory) else { return ([], []) }
        var names: [String] = []
        do {
            names = try OpenDirectory.open(directory, links: .follow).names()
        } catch {
            problems.missing(directory, what: "directory of approvals", error)
        }
        let paths = names.filter { isApproval($0) }.map { FilePath.joined(directory, $0) }
        return (paths.compactMap { read($0, in: context, into: &problems) }, paths)
    }

    private static func isApproval(_ name: String) -> Bool {
        name.utf8.first != UInt8(ascii: ".") && (name.hasSuffix(".yaml") || name.hasSuffix(".yml"))
    }

    private static func kinds(_ allow: ObjectNode?) -> [GuardKind: Int] {
        var kinds: [GuardKind: Int] = [:]
        for field in allow?.fields ?? [] {
            if let kind = GuardKind(rawValue: field.key), let most = field.value.integer { kinds[kind] = most }
        }
        return kinds
    }

    private static func groups(_ allow: ObjectNode?) -> [String: Int] {
        var groups: [String: Int] = [:]
        for field in allow?["group_shrink"]?.fields ?? [] { groups[field.key] = field.value.integer }
        return groups
    }

    /// Nil for all.
    private static func targets(
        _ root: ObjectNode, _ context: Context, into diagnostics: inout DiagnosticList
    ) -> [String]? {
        guard let targets = root["targets"]?.texts else { return nil }
        for target in targets where !context.targets.contains(target.value) {
            diagnostics.error(
                "approval.unknown-target", at: target.position, "there is no target `\(target.value)`",
                hint: NearestName.hint(for: target.value, in: context.targets, called: "the targets are"))
        }
        return targets.map(\.value)
    }

    private static func validity(
        _ root: ObjectNode, _ context: Context, into diagnostics: inout DiagnosticList
    ) -> (Int64, Int64) {
        guard let valid = root["valid"]?.object, let from = valid["from"]?.text.flatMap(TimeText.parse),
            let until = valid["until"]?.text.flatMap(TimeText.parse)
        else { return (0, 0) }
        if until <= from {
            diagnostics.error(
                "approval.never-valid", at: valid["until"]?.position, "the approval ends before it begins",
                hint: "put `until` after `from`")
        } else if until <= context.now {
            diagnostics.warning(
                expired, at: valid["until"]?.position, "the approval is out of date",
                hint: "remove the file when it is no longer needed for review")
        }
        return (from, until)
    }

    /// Whom it covers, and the bytes of the list beside it.
    private static func people(
        _ root: ObjectNode, _ path: String, _ allow: ObjectNode?, into problems: inout InputProblems
    ) -> (Set<ImmutableID>, [UInt8]) {
        if let here = root["here"]?.texts {
            var people: Set<ImmutableID> = []
            for id in here {
                if let parsed = ImmutableID(written: id.value) {
                    people.insert(parsed)
                } else {
                    problems.diagnostics.error(
                        "approval.bad-id", at: id.position, "expected an immutable id, found `\(id.value)`")
                }
            }
            return (people, [])
        }
        if let name = root["people"]?.text {
            let list = FilePath.simplified(FilePath.joined(FilePath.directory(of: path), name))
            guard let bytes = InputFile.read(list, what: "list of people", into: &problems) else { return ([], []) }
            return (ids(bytes, list, into: &problems.diagnostics), bytes)
        }
        let impersonal: Set<String> = ["group_shrink", "people_shrink"]
        if let kind = allow?.fields.first(where: { !impersonal.contains($0.key) }) {
            problems.diagnostics.error(
                "approval.nobody-named", at: kind.keyPosition, "`\(kind.key)` needs the people whom it covers",
                hint: "add `people:` with a CSV file of ids, or `here:` with the ids")
        }
        return ([], [])
    }

    /// The column `id`, or the first one where there are no headings.
    private static func ids(
        _ bytes: [UInt8], _ path: String, into diagnostics: inout DiagnosticList
    ) -> Set<ImmutableID> {
        let rows: [CSVReader.Row]
        do {
            rows = try CSVReader.rows(bytes)
        } catch {
            let place = SourcePosition(file: path, line: error.line, column: 1)
            diagnostics.error("csv.malformed", at: place, error.message)
            return []
        }
        diagnostics.register(SourceFile(name: path, bytes: bytes))
        let heading = rows.first?.fields.firstIndex { $0.lowercased() == "id" }
        var people: Set<ImmutableID> = []
        for row in rows.dropFirst(heading == nil ? 0 : 1) {
            let column = heading ?? 0
            let text = column < row.fields.count ? row.fields[column] : ""
            if let id = ImmutableID(written: text) {
                people.insert(id)
            } else {
                diagnostics.error(
                    "approval.bad-id", at: SourcePosition(file: path, line: row.line, column: 1),
                    "expected an immutable id, found `\(text)`")
            }
        }
        return people
    }
}
