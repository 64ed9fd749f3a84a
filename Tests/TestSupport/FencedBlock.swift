import Foundation

/// A fenced block of a page (CommonMark 0.31, section 4.5), as the pages here write them: three backticks at the beginning of a line.
package struct FencedBlock: Sendable {
    package let page: String
    /// Number of the line with the fence, from 1.
    package let line: Int
    /// Of the section that it stands in; empty before the first one.
    package let heading: String
    /// What stands behind the first fence: a language, and more.
    package let words: [String]
    package let lines: [String]

    package var language: String { words.first ?? "" }
    package var text: String { lines.joined(separator: "\n") }

    /// In order; what follows a fence that nothing ends is no block.
    package static func all(of page: String) throws -> [FencedBlock] {
        var found: [FencedBlock] = []
        var heading = ""
        var open: (line: Int, words: [String])?
        var lines: [String] = []
        for (place, line) in try Repository.text(page).components(separatedBy: "\n").enumerated() {
            if let fence = open {
                if line == "```" {
                    found.append(
                        FencedBlock(page: page, line: fence.line, heading: heading, words: fence.words, lines: lines))
                    open = nil
                } else {
                    lines.append(line)
                }
            } else if line.hasPrefix("```") {
                open = (place + 1, line.dropFirst(3).split(separator: " ").map(String.init))
                lines = []
            } else if line.hasPrefix("## ") {
                heading = String(line.dropFirst(3))
            }
        }
        return found
    }

    /// Those of every page of documents, and of the README.
    package static func everywhere() throws -> [FencedBlock] {
        let folder = Repository.root.appendingPathComponent("docs").path
        let pages = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".md") }
        return try (pages.sorted().map { "docs/\($0)" } + ["README.md"]).flatMap { try all(of: $0) }
    }
}
