import Foundation
import TestSupport
import Testing

/// One word has one meaning: the glossary has each once and in order, and what it calls by another name nowhere stands in what people read.
struct GlossaryTests {
    private struct Row {
        var words: [String]
        var meaning: String
        /// What others call it.
        var never: [String]
    }

    private static func rows() throws -> [Row] {
        try Repository.text("docs/glossary.md").components(separatedBy: "\n").filter { $0.hasPrefix("| ") }
            .dropFirst().map { line in
                let cells = line.components(separatedBy: "|").map { $0.trimmingCharacters(in: .whitespaces) }
                #expect(cells.count == 5, "\(line)")
                return Row(words: names(cells[1]), meaning: cells[2], never: names(cells[3]))
            }
    }

    private static func names(_ cell: String) -> [String] {
        cell.components(separatedBy: ", ").filter { !$0.isEmpty }
    }

    @Test func wordsStandInOrderAndOnce() throws {
        let rows = try Self.rows()
        #expect(rows.count > 60)
        let heads = rows.map { $0.words.joined(separator: ", ") }
        #expect(heads == heads.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        let words = rows.flatMap(\.words)
        #expect(Set(words).count == words.count)
        #expect(rows.allSatisfy { !$0.meaning.isEmpty })
    }

    /// Links from pages are about words that are there.
    @Test func whatPointsToTheGlossaryIsInIt() throws {
        let words = Set(try Self.rows().flatMap(\.words) + ["glossary"])
        var links = 0
        for page in try Self.pages() {
            for link in try Repository.text(page).matches(of: /\[([^\]]*)\]\([^)]*glossary\.md[^)]*\)/) {
                links += 1
                #expect(words.contains(link.output.1.lowercased()), "\(page): \(link.output.0)")
            }
        }
        #expect(links > 1)
    }

    @Test func nothingIsCalledByAnotherName() throws {
        let never = try Self.rows().flatMap(\.never)
        #expect(never.count > 10)
        #expect(Set(never).isDisjoint(with: try Self.rows().flatMap(\.words)))
        for (place, text) in try Self.texts() {
            for word in never { #expect(!Self.says(word, text), "\(place): `\(word)`") }
        }
    }

    @Test func wordsAreFoundWhole() {
        #expect(Self.says("quota", "the Quota of seats") && Self.says("quota", "two quotas"))
        #expect(!Self.says("quota", "a quotation") && Self.says("skip list", "on the skip list."))
    }

    private static func says(_ word: String, _ text: String) -> Bool {
        text.range(of: "\\b\(word)s?\\b", options: [.regularExpression, .caseInsensitive]) != nil
    }

    private static func pages() throws -> [String] {
        try files("docs", ".md").filter { $0 != "docs/glossary.md" } + ["README.md", "ARCHITECTURE.md"]
    }

    /// Pages, and what stands in quotation marks in the source.
    private static func texts() throws -> [(place: String, text: String)] {
        let pages = try pages().map { ($0, try Repository.text($0)) }
        let sources = try files("Sources", ".swift").map { path in
            let parts = try Repository.text(path).components(separatedBy: "\"\"\"").enumerated()
            return (path, parts.map { $0.offset % 2 == 1 ? $0.element : quoted($0.element) }.joined(separator: "\n"))
        }
        return pages + sources
    }

    /// What stands in quotation marks, line by line; comments aside.
    private static func quoted(_ source: String) -> String {
        source.components(separatedBy: "\n").flatMap { line -> [Substring] in
            guard !line.drop(while: { $0 == " " }).hasPrefix("//") else { return [] }
            let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
            return parts.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
        }.joined(separator: "\n")
    }

    private static func files(_ folder: String, _ ending: String) throws -> [String] {
        let path = Repository.root.appendingPathComponent(folder).path
        return try FileManager.default.subpathsOfDirectory(atPath: path).filter { $0.hasSuffix(ending) }.sorted()
            .map { "\(folder)/\($0)" }
    }
}
