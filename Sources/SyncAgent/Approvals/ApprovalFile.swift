import Diagnostics
import DirectoryModel
import Reconciliation

/// Reads approval files.
enum ApprovalFile {
    /// What a file is checked against.
    struct Context {
        var targets: [String]
        var now: Int64
        /// Every target with its rules; empty where they are not looked at.
        var files: [TargetFiles] = []
        /// Whether every directory's ids are UUIDs, so that shorter texts are none.
        var hasUUIDs = false

        /// The groups that an approval of these targets may name; nil where they are not known.
        func mappedNames(of targets: [String]?) -> MappedNames? {
            let wanted = targets ?? self.targets
            let found = files.filter { wanted.contains($0.settings.name) }
            return found.count == wanted.count && !found.isEmpty ? MappedNames(found) : nil
        }
    }

    /// What `readAll` found.
    struct Found {
        var approvals: [Approval] = []
        var paths: [String] = []
        /// Where each approval names its people, by file.
        var places: [String: SourcePosition] = [:]
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
        let outer = problems
        let (from, until) = validity(root, context, into: &problems.diagnostics)
        let isExpired = until > 0 && until <= context.now && problems.diagnostics.errorCount == before
        if isExpired { problems = outer }
        defer {
            // What is over decides nothing, so nothing that it names has to be there still.
            if isExpired {
                problems = outer
                _ = validity(root, context, into: &problems.diagnostics)
            }
        }
        let (people, content) = people(root, path, allow, context, into: &problems)
        let targets = targets(root, context, into: &problems.diagnostics)
        checkGroups(allow, context.mappedNames(of: targets), into: &problems.diagnostics)
        guard problems.diagnostics.errorCount == before else { return nil }
        return Approval(
            file: path, digest: ContentDigest.of(bytes + content), reason: root["reason"]?.text ?? "", validFrom: from,
            validUntil: until, targets: targets, people: people, allow: kinds(allow), groupShrink: groups(allow),
            used: [:])
    }

    /// Every approval of a directory; none where the directory is not there.
    static func readAll(
        _ directory: String, in context: Context, into problems: inout InputProblems
    ) -> Found {
        guard InputFile.exists(directory) else { return Found() }
        var names: [String] = []
        do {
            names = try OpenDirectory.open(directory, links: .follow).names()
        } catch {
            problems.missing(directory, what: "directory of approvals", error)
        }
        var found = Found()
        found.paths = names.filter { isApproval($0) }.map { FilePath.joined(directory, $0) }
        for path in found.paths {
            guard let approval = read(path, in: context, into: &problems) else { continue }
            found.approvals.append(approval)
            found.places[path] = place(ofPeopleIn: path)
        }
        return found
    }

    /// Where an approval names its people; its beginning where it cannot be read again.
    private static func place(ofPeopleIn path: String) -> SourcePosition {
        var ignored = DiagnosticList()
        let bytes = (try? InputFile.bytes(path)) ?? []
        let root = ApprovalGrammar.grammar.read(SourceFile(name: path, bytes: bytes), into: &ignored)?.object
        let field = root?.fields.first { $0.key == "people" || $0.key == "here" }
        return field?.keyPosition ?? SourcePosition(file: path, line: 1, column: 1)
    }

    /// A group that no rule names is frozen by nobody, so leave for it lifts nothing.
    private static func checkGroups(
        _ allow: ObjectNode?, _ names: MappedNames?, into diagnostics: inout DiagnosticList
    ) {
        guard let names else { return }
        for field in allow?["group_shrink"]?.fields ?? [] where !names.knows(field.key) {
            diagnostics.error(
                "approval.unknown-group", at: field.keyPosition,
                "no rule of these targets names a group `\(field.key)`",
                hint: NearestName.hint(for: field.key, in: names.all, called: "they name"))
        }
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
        _ root: ObjectNode, _ path: String, _ allow: ObjectNode?, _ context: Context,
        into problems: inout InputProblems
    ) -> (Set<ImmutableID>, [UInt8]) {
        if let here = root["here"]?.texts {
            var people: Set<ImmutableID> = []
            for id in here {
                if let parsed = self.id(id.value, context, at: id.position, into: &problems.diagnostics) {
                    people.insert(parsed)
                }
            }
            return (people, [])
        }
        if let node = root["people"], let name = node.text {
            let list = FilePath.simplified(FilePath.joined(FilePath.directory(of: path), name))
            guard let bytes = InputFile.read(list, what: "list of people", at: node.position, into: &problems) else {
                return ([], [])
            }
            let before = problems.diagnostics.errorCount
            let people = ids(bytes, list, context, into: &problems.diagnostics)
            if people.isEmpty, problems.diagnostics.errorCount == before {
                problems.diagnostics.error(
                    "approval.nobody-named", at: node.position, "the list of people `\(list)` names nobody",
                    hint: "write the column `id` and an immutable id to a line, as `rollcall explain PERSON` shows it")
            }
            return (people, bytes)
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
        _ bytes: [UInt8], _ path: String, _ context: Context, into diagnostics: inout DiagnosticList
    ) -> Set<ImmutableID> {
        let rows: [CSVReader.Row]
        do {
            rows = try CSVReader.rows(bytes)
        } catch {
            let place = SourcePosition(file: path, line: error.line, column: 1)
            diagnostics.error("csv.malformed", at: place, error.message, hint: CSVReader.remedy)
            return []
        }
        diagnostics.register(SourceFile(name: path, bytes: bytes))
        let heading = rows.first?.fields.firstIndex { $0.lowercased() == "id" }
        var people: Set<ImmutableID> = []
        for row in rows.dropFirst(heading == nil ? 0 : 1) {
            let column = heading ?? 0
            let text = column < row.fields.count ? row.fields[column] : ""
            let place = SourcePosition(file: path, line: row.line, column: 1)
            if let id = id(text, context, at: place, into: &diagnostics) { people.insert(id) }
        }
        return people
    }

    /// An id as written; an email is none, and a short text only where the directories' ids are no UUIDs.
    private static func id(
        _ text: String, _ context: Context, at place: SourcePosition, into diagnostics: inout DiagnosticList
    ) -> ImmutableID? {
        if !text.utf8.contains(UInt8(ascii: "@")), let id = ImmutableID(written: text),
            !context.hasUUIDs || id.count == 16
        {
            return id
        }
        diagnostics.error(
            "approval.bad-id", at: place, "expected an immutable id, found `\(text)`",
            hint: "emails and logins can become somebody else's; `rollcall explain PERSON` shows the id")
        return nil
    }
}
