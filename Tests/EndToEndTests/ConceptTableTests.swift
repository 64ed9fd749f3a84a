import Foundation
import TestSupport
import Testing

/// The tables in which `docs/concepts` says what a run will do: what each row says is printed stands in a recorded story.
struct ConceptTableTests {
    /// One row that names what a run prints, and the story that it is printed in.
    struct Row: Sendable, CustomTestStringConvertible {
        var page: String
        var text: String
        var printed: [String]
        var stories: [String]

        var testDescription: String { "\(page): \(text)" }
    }

    private static let column = "a run prints"
    private static let pages = ["life-cycle", "seats", "guards", "plans", "adoption", "several-directories"]

    @Test(arguments: try ConceptTableTests.rows()) func rowIsAsPrinted(_ row: Row) throws {
        try #require(row.stories.count == 1 && !row.printed.isEmpty, "a row names one story, and what it prints")
        let path = "Tests/EndToEndTests/Scenarios/\(row.stories[0]).transcript"
        let story = try Repository.text(path)
        for text in row.printed {
            #expect(story.contains(text), "`\(text)` is not in \(path)")
        }
    }

    /// Every page has such tables, and no row of theirs is without a story.
    @Test(arguments: ConceptTableTests.pages) func pageHasTables(_ page: String) throws {
        #expect(try ConceptTableTests.rows().count { $0.page == page } >= 4)
    }

    private static func rows() throws -> [Row] {
        try pages.flatMap { page -> [Row] in
            let lines = try Repository.text("docs/concepts/\(page).md").components(separatedBy: "\n")
            var isIn = false
            var rows: [Row] = []
            for (place, line) in lines.enumerated() {
                guard line.hasPrefix("|") else {
                    isIn = false
                    continue
                }
                if place + 1 < lines.count, lines[place + 1].hasPrefix("|---") {
                    isIn = line.hasSuffix("| \(column) |")
                } else if isIn, !line.hasPrefix("|---") {
                    rows.append(row(page, line))
                }
            }
            return rows
        }
    }

    private static func row(_ page: String, _ line: String) -> Row {
        let cells = line.components(separatedBy: " | ")
        let last = cells.last ?? ""
        return Row(
            page: page, text: cells.first ?? "", printed: marked(last),
            stories: pieces(of: last, after: "Scenarios/", upTo: ".transcript"))
    }

    /// What stands between marks of code, single or double.
    private static func marked(_ cell: String) -> [String] {
        let double = pieces(of: cell, after: "`` ", upTo: " ``")
        return double + pieces(of: cell.replacing(/`` .*? ``/, with: ""), after: "`", upTo: "`")
    }

    private static func pieces(of text: String, after start: String, upTo end: String) -> [String] {
        var pieces: [String] = []
        var rest = Substring(text)
        while let from = rest.range(of: start), let to = rest[from.upperBound...].range(of: end) {
            pieces.append(String(rest[from.upperBound..<to.lowerBound]))
            rest = rest[to.upperBound...]
        }
        return pieces
    }
}
