import Foundation
import Reconciliation
import Reports
import TestSupport
import Testing

/// What the reference says of each JSON format is what stands in the documents that the program printed, and in no other.
///
/// The documents are those of recorded stories and reports, each of which another test holds the program to.
struct DocumentedFormatsTests {
    @Test(arguments: Reference.pages.flatMap(\.formats)) func everyFieldIsDocumented(_ format: String) throws {
        let printed = try #require(try Printed.all.get()[format], "no story prints \(format)")
        let words = try Reference.words(of: format)
        #expect(
            printed.fields.subtracting(words).sorted() == [], "fields of \(format) that the reference does not name")
    }

    @Test(arguments: Reference.pages.flatMap(\.formats)) func everythingDocumentedIsPrinted(_ format: String) throws {
        let printed = try #require(try Printed.all.get()[format], "no story prints \(format)")
        let values = try Printed.all.get().values.reduce(into: Set<String>()) { $0.formUnion($1.values) }
        let kinds = ChangeKind.allCases.map(\.name)
        let known = printed.fields.union(values).union(kinds).union(Reference.otherWords)
        #expect(try Reference.ownWords(of: format).subtracting(known).sorted() == [], "words that \(format) never has")
    }

    /// Rows of lists have the columns of the table, in its order.
    @Test(arguments: try Reference.lists()) func listHasTheseFields(_ list: Reference.List) throws {
        let printed = try #require(try Printed.all.get()[list.format], "no story prints \(list.format)")
        #expect(printed.rows[list.rows] == list.fields)
    }

    /// A word that is there needlessly would hide that a format lost it.
    @Test func otherWordsAreNamedAndOtherwiseUnknown() throws {
        let all = try Printed.all.get()
        var needed: Set<String> = []
        for format in Reference.pages.flatMap(\.formats) {
            let values = all.values.reduce(into: Set<String>()) { $0.formUnion($1.values) }
            needed.formUnion(
                try Reference.ownWords(of: format).subtracting(all[format]?.fields ?? []).subtracting(values))
        }
        #expect(Reference.otherWords.subtracting(needed).sorted() == [])
    }
}

/// The pages about formats, taken apart.
enum Reference {
    struct Page {
        var path: String
        /// Documents that it is about.
        var formats: [String]
    }

    /// A row of the table of lists.
    struct List: Sendable, CustomTestStringConvertible {
        var format: String
        /// The name of the array.
        var rows: String
        var fields: [String]

        var testDescription: String { format }
    }

    /// Words in backticks that are neither a field nor a value that a story brought about: commands, settings and views, and rarer values.
    static let otherWords: Set<String> = [
        "plan", "diff", "snapshot", "link", "deliver", "schedule", "suspend_when", "roster_access",
        "roster_permissions",
        "absence", "absent", "alias", "before", "declined", "finding", "has", "hidden-nesting", "kept", "locked",
        "more",
        "never-accepted", "no_rule", "not_locked", "other_identity", "pace", "paused", "permission",
        "privileged", "record", "recorded", "recreated", "renamed", "replaced", "shrunk", "stale", "switch", "template",
        "unparsable-dn", "used", "vanished",
    ]

    static let pages = [
        Page(path: "docs/reference/json.md", formats: (try? formats()) ?? []),
        Page(path: "docs/reference/delivery.md", formats: ["rollcall.delivery/1"]),
    ]

    /// In the order of the page, without those that are for the program alone and the snapshot, which has a page of its own.
    private static func formats() throws -> [String] {
        let sections = try Repository.text("docs/reference/json.md").components(separatedBy: "\n## ")
        let named = sections.filter { !$0.hasPrefix("The program's own notes") }.joined()
            .matches(of: /[`"](rollcall\.[a-z-]+\/1)[`"]/).map { String($0.output.1) }
        return Set(named).subtracting(["rollcall.snapshot/1"]).sorted()
    }

    static func lists() throws -> [List] {
        try lines(of: "Lists").compactMap { line in
            let cells = line.components(separatedBy: " | ")
            guard line.hasPrefix("| `"), cells.count == 4,
                let format = words(cells[1], /`(rollcall\.[a-z-]+\/1)`/).first,
                let rows = words(cells[2]).first, !cells[3].hasPrefix("as ")
            else { return nil }
            // What stands in brackets tells more of a field.
            let bare = cells[3].replacing(/\([^()]*\)/, with: "").components(separatedBy: ";")[0]
            return List(format: format, rows: rows, fields: words(bare))
        }
    }

    /// Everything in backticks where the page tells of a format, and in the sections that it leads to from there.
    static func words(of format: String) throws -> Set<String> {
        var found = try ownWords(of: format).union(["format", "count"])
        for part in try parts(of: format) {
            for anchor in words(part, /\]\(#([a-z-]+)\)/) {
                found.formUnion(try lines(at: anchor).flatMap { words($0) })
            }
        }
        return found
    }

    static func ownWords(of format: String) throws -> Set<String> { Set(try parts(of: format).flatMap { words($0) }) }

    /// The lines about a format: those of its row in a table, or from its name up to that of the next one.
    private static func parts(of format: String) throws -> [String] {
        guard let page = pages.first(where: { $0.formats.contains(format) }) else { return [] }
        let sections = try Repository.text(page.path).components(separatedBy: "\n## ")
        guard page.formats.count > 1 else {
            return sections[0].components(separatedBy: "\n").filter { $0.hasPrefix("|") }
        }
        return sections.flatMap { section -> [String] in
            var isAbout = false
            return section.components(separatedBy: "\n").compactMap { line in
                let named = words(line, /[`"](rollcall\.[a-z-]+\/1)[`"]/)
                if line.hasPrefix("|"), !named.isEmpty {
                    guard named.contains(format) else { return nil }
                    return line.components(separatedBy: " | ").dropFirst(2).joined(separator: " ")
                }
                if !named.isEmpty { isAbout = named.contains(format) }
                return isAbout ? line : nil
            }
        }
    }

    private static func lines(of title: String) throws -> [String] {
        try lines { $0 == title }
    }

    private static func lines(at anchor: String) throws -> [String] {
        try lines { $0.lowercased().replacing(" ", with: "-") == anchor }
    }

    private static func lines(where isMeant: (String) -> Bool) throws -> [String] {
        let sections = try Repository.text("docs/reference/json.md").components(separatedBy: "\n## ")
        return sections.filter { isMeant($0.components(separatedBy: "\n")[0]) }.flatMap {
            $0.components(separatedBy: "\n")
        }
    }

    /// Names in backticks; of `changes[].kind` each part.
    private static func words(_ text: String) -> [String] {
        words(text, /`([a-z][a-z0-9_\[\].-]*)`/).flatMap { $0.components(separatedBy: ".") }.map {
            $0.replacing("[]", with: "")
        }
    }

    private static func words(_ text: String, _ pattern: Regex<(Substring, Substring)>) -> [String] {
        text.matches(of: pattern).map { String($0.output.1) }
    }
}

/// What stands in the documents of one format that were recorded.
struct Printed {
    var fields: Set<String> = []
    /// Texts, wherever they stand.
    var values: Set<String> = []
    /// Fields of the first row of each array of the document, in order.
    var rows: [String: [String]] = [:]

    /// By format.
    static let all = Result { try read() }

    /// Objects whose keys are data: kinds, statuses, areas, roles.
    private static let maps: Set = ["by_kind", "keep_at_least", "users", "changes", "permissions"]

    private static func read() throws -> [String: Printed] {
        let folder = Repository.root.appendingPathComponent("Tests").path
        var all: [String: Printed] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
        where path.hasSuffix(".transcript") || path.hasSuffix(".json") && path.contains("/Recorded/") {
            for text in documents(in: try Repository.text("Tests/\(path)")) {
                guard let fields = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
                    let format = fields["format"] as? String
                else { continue }
                all[format, default: Printed()].add(fields, text)
            }
        }
        return all
    }

    /// Objects on a line of their own, or from a line `{` to a line `}`.
    private static func documents(in text: String) -> [String] {
        var documents: [String] = []
        var open: [String]?
        for line in text.components(separatedBy: "\n") {
            if line == "{" { open = [] }
            open?.append(line)
            if line == "}", let lines = open {
                documents.append(lines.joined(separator: "\n"))
                open = nil
            } else if open == nil, line.hasPrefix("{\"format\"") {
                documents.append(line)
            }
        }
        return documents
    }

    private mutating func add(_ document: [String: Any], _ text: String) {
        collect(document)
        for (name, value) in document where (value as? [Any])?.first is [String: Any] && rows[name] == nil {
            let lines = text.components(separatedBy: "\n").drop { !$0.hasPrefix("  \"\(name)\": [") }.dropFirst()
            let first = lines.prefix { !$0.hasPrefix("    }") }
            rows[name] = first.compactMap { $0.firstMatch(of: /^      "([a-z_]+)":/).map { String($0.output.1) } }
        }
    }

    private mutating func collect(_ value: Any) {
        if let text = value as? String { values.insert(text) }
        for item in value as? [Any] ?? [] { collect(item) }
        for (name, item) in value as? [String: Any] ?? [:] {
            fields.insert(name)
            if name == "apply" {
                // It may change with every version of the program.
                fields.formUnion((item as? [String: Any] ?? [:]).keys)
            } else if Printed.maps.contains(name), let map = item as? [String: Any] {
                values.formUnion(map.keys)
                map.values.forEach { values.formUnion($0 as? [String] ?? []) }
            } else {
                collect(item)
            }
        }
    }
}
