import ArgumentParser
import Foundation
import Testing

@testable import rollcall

/// What the help of a command shows is what the program takes.
struct HelpExamplesTests {
    /// A call that a help shows.
    struct Example: Sendable, CustomTestStringConvertible {
        /// The command whose help shows it: `rollcall audit verify`.
        var command: String
        /// As it stands there, lines that go on joined.
        var line: String

        var testDescription: String { line }

        /// What the shell would hand over, without what comes after two spaces, which tells what the call is for.
        var words: [String] { ShellWords(line.components(separatedBy: "  ")[0]).words }
    }

    private static func commands() -> [(name: String, type: any ParsableCommand.Type)] {
        var found: [(name: String, type: any ParsableCommand.Type)] = []
        func add(_ type: any ParsableCommand.Type, _ above: String) {
            let name = above.isEmpty ? type._commandName : "\(above) \(type._commandName)"
            found.append((name, type))
            for child in type.configuration.subcommands { add(child, name) }
        }
        add(Rollcall.self, "")
        return found
    }

    static let names = commands().map(\.name)
    static let examples = commands().flatMap { examples(of: $0.name, in: $0.type.configuration.discussion) }

    private static func examples(of command: String, in discussion: String) -> [Example] {
        var examples: [Example] = []
        var goesOn = false
        for line in discussion.split(separator: "\n") where line.hasPrefix("  ") {
            let text = line.drop { $0 == " " }
            let bare = text.hasSuffix("\\") ? String(text.dropLast()) : String(text)
            if goesOn, !examples.isEmpty {
                examples[examples.count - 1].line += bare
            } else {
                examples.append(Example(command: command, line: bare))
            }
            goesOn = text.hasSuffix("\\")
        }
        return examples
    }

    @Test(arguments: names) func everyCommandShowsHowItIsCalled(_ command: String) {
        #expect(Self.examples.contains { $0.command == command }, "`\(command) --help` has no example")
    }

    @Test(arguments: examples) func exampleIsACallOfThatCommand(_ example: Example) {
        let isRoot = example.command == "rollcall"
        #expect(example.line.hasPrefix(isRoot ? "rollcall " : example.command))
        #expect(CommandWords(example.words.dropFirst()).called.hasPrefix(example.command))
    }

    @Test(arguments: examples) func parserTakesTheExample(_ example: Example) throws {
        let parsed = try Rollcall.parseAsRoot(Array(example.words.dropFirst()))
        #expect(type(of: parsed) == CommandWords(example.words.dropFirst()).command)
    }

    /// The help breaks a wider line anywhere, and whoever copies its first half calls something else.
    @Test(arguments: names) func examplesFitATerminal(_ command: String) throws {
        let found = try #require(Self.commands().first { $0.name == command })
        let printed = Set(Rollcall.helpMessage(for: found.type, columns: 80).split(separator: "\n"))
        for line in found.type.configuration.discussion.split(separator: "\n") where line.hasPrefix("  ") {
            #expect(printed.contains(line), "\(line)")
        }
    }

    @Test func wordsAreThoseOfTheShell() {
        let line = "rollcall undo 812 --reason 'ticket 4711' > file"
        #expect(Example(command: "", line: line).words == ["rollcall", "undo", "812", "--reason", "ticket 4711"])
        #expect(Example(command: "", line: "rollcall undo 812  what it does").words == ["rollcall", "undo", "812"])
    }
}
