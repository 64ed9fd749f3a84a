import AccessModel
package import Diagnostics
import DirectoryModel

/// Reading and writing lock files.
package enum GroupLockFile {
    /// The lock, if nothing at all is wrong with the file.
    package static func lock(
        _ source: SourceFile, directories: [String], into diagnostics: inout DiagnosticList
    ) -> GroupLock? {
        var found = DiagnosticList()
        defer { diagnostics.append(contentsOf: found) }
        guard let root = MappingGrammar.lock.read(source, into: &found)?.object else { return nil }
        var groups: [KnownGroup] = []
        var seen: [GroupKey: SourcePosition] = [:]
        for object in root["groups"]?.items?.compactMap(\.object) ?? [] {
            guard let group = group(object, directories, into: &found) else { continue }
            if let first = seen[group.key] {
                found.error(
                    "lock.duplicate-group", at: object.position,
                    "group `\(group.name)` stands here with the id of the one in line \(first.line)",
                    hint: "remove one of them, or run `rollcall lock`")
            }
            seen[group.key] = object.position
            groups.append(group)
        }
        return found.hasErrors ? nil : GroupLock(file: source.name, groups: groups)
    }

    private static func group(
        _ object: ObjectNode, _ directories: [String], into diagnostics: inout DiagnosticList
    ) -> KnownGroup? {
        guard let name = object["name"]?.text, let id = object["id"]?.locatedText, let dn = object["dn"]?.text,
            let directory = directory(object, directories, into: &diagnostics)
        else { return nil }
        guard let key = ImmutableID(written: id.value) else {
            diagnostics.error(
                "lock.malformed-id", at: id.position, "expected an immutable id, found `\(id.value)`",
                hint: "run `rollcall lock`, which writes it")
            return nil
        }
        return KnownGroup(key: GroupKey(directory: directory, id: key), name: name, dn: dn)
    }

    private static func directory(
        _ object: ObjectNode, _ directories: [String], into diagnostics: inout DiagnosticList
    ) -> String? {
        guard let named = object["directory"]?.locatedText else {
            if directories.count == 1 { return directories.first }
            diagnostics.error(
                "lock.no-directory", at: object.position, "there are several directories, and this group names none",
                hint: "run `rollcall lock`, or add `directory:`")
            return nil
        }
        if directories.contains(named.value) { return named.value }
        diagnostics.error(
            "lock.unknown-directory", at: named.position, "there is no directory `\(named.value)`",
            hint: NearestName.hint(for: named.value, in: directories, called: "the directories are"))
        return nil
    }

    /// The file's text: the same groups give the same bytes.
    package static func text(_ lock: GroupLock, directories: [String]) -> String {
        var lines = [
            "# yaml-language-server: $schema=../config/schema/groups.lock.schema.json",
            "# Written by `rollcall lock`. Only these groups give anything, by id. Review changes like code.",
            "version: 1",
        ]
        lines.append(lock.groups.isEmpty ? "groups: []" : "groups:")
        for group in lock.groups {
            lines.append("  - name: \(quoted(group.name))")
            lines.append("    id: \(quoted(group.key.id.description))")
            lines.append("    dn: \(quoted(group.dn))")
            if directories.count > 1 { lines.append("    directory: \(quoted(group.key.directory))") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A double-quoted YAML scalar; everything that an editor would not show stands escaped.
    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            default:
                if SafeText.isDangerous(scalar) {
                    let digits = String(scalar.value, radix: 16, uppercase: true)
                    out += "\\U" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
                } else {
                    out.unicodeScalars.append(scalar)
                }
            }
        }
        return out + "\""
    }
}
