import Foundation
import TestSupport
import Testing

/// Documents and program name the same commands, options and variables.
struct DocumentedCommandsTests {
    /// A line of a document on which `rollcall` is called.
    struct Call: Sendable, CustomTestStringConvertible {
        var place: String
        var words: [String]

        var testDescription: String { place }
    }

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

    @Test(arguments: try DocumentedCommandsTests.calls()) func callIsOneThatTheProgramTakes(_ call: Call) throws {
        let interface = try Interface.built.get()
        guard call.words.count > 1, !call.words[1].hasPrefix("-"), call.words[1].wholeMatch(of: /[A-Z]+/) == nil else {
            return
        }
        let command = try #require(interface.command(named: call.words), "\(call.words)")
        #expect(command.path.count > 1, "there is no command `\(call.words[1])`")
        for word in call.words where word.hasPrefix("--") && word != "--" {
            let name = word.components(separatedBy: "=")[0]
            #expect(command.options.contains(name), "\(command) has no `\(name)`")
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

    /// Lines of code blocks that call the program, in all documents and in units' comments; pipes and comments are cut off.
    private static func calls() throws -> [Call] {
        let folder = Repository.root.appendingPathComponent("docs")
        let pages = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".md") }
        return try (pages.sorted().map { "docs/\($0)" } + ["README.md"]).flatMap { path -> [Call] in
            var isFenced = false
            return try Repository.text(path).components(separatedBy: "\n").enumerated().compactMap { number, line in
                if line.hasPrefix("```") { isFenced.toggle() }
                guard isFenced, let words = called(line) else { return nil }
                return Call(place: "\(path):\(number + 1)", words: words)
            }
        }
    }

    private static func called(_ line: String) -> [String]? {
        let code = line.components(separatedBy: " #")[0].components(separatedBy: " | ")[0]
        let pattern = /(?:\$ |runuser -u rollcall -- |\.build\/release\/|^ *)(rollcall [a-z].*)/
        guard let found = code.firstMatch(of: pattern) else { return nil }
        return found.output.1.components(separatedBy: " ").filter { !$0.isEmpty && $0 != "\\" }
    }
}
