import Foundation
import TestSupport
import Testing

/// Documents and program name the same commands, options and variables.
struct DocumentedCommandsTests {
    /// First cells of the table of commands: words in capitals and brackets are for what one puts there.
    private static func rows() throws -> [[String]] {
        try Repository.text("docs/reference/commands.md").components(separatedBy: "\n## ")[0]
            .components(separatedBy: "\n").filter { $0.hasPrefix("| `") }
            .map { $0.dropFirst(3).components(separatedBy: "`")[0].components(separatedBy: " ") }
    }

    @Test(arguments: try Interface.subcommands().filter { !$0.hasChildren }) func commandStandsInTheReference(
        _ command: Interface.Command
    ) throws {
        let words = Array(command.path.dropFirst())
        #expect(try Self.rows().contains { $0.starts(with: words) })
    }

    @Test func referenceNamesNoOtherCommandOrOption() throws {
        let interface = try Interface.built.get()
        for row in try Self.rows() {
            let command = try #require(interface.command(named: ["rollcall"] + row), "\(row)")
            #expect(command.path.count > 1, "\(row)")
            for word in row where word.hasPrefix("--") { #expect(command.options.contains(word), "\(row): \(word)") }
        }
    }

    @Test func everyVariableIsInTheReference() throws {
        let page = try Repository.text("docs/reference/commands.md")
        let table = try #require(page.components(separatedBy: "\n## Environment\n").last)
        let sources = Repository.root.appendingPathComponent("Sources")
        // Of the terminal, of temporary files and of Kerberos: as in every program.
        let common: Set = ["TERM", "TMPDIR", "KRB5CCNAME"]
        var found = 0
        for file in try FileManager.default.subpathsOfDirectory(atPath: sources.path) where file.hasSuffix(".swift") {
            let text = try Repository.text("Sources/\(file)")
            for match in text.matches(of: /Environment\.value\("([A-Z_0-9]+)"\)/)
            where !common.contains(String(match.output.1)) {
                found += 1
                #expect(table.contains("`\(match.output.1)`"), "\(match.output.1) in \(file)")
            }
        }
        #expect(found > 5)
    }
}
