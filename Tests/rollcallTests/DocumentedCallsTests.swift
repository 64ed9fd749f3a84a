import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import rollcall

/// What documents tell people to type is what the program takes.
struct DocumentedCallsTests {
    /// A call of the program in a code block of a document, lines that go on joined.
    struct Call: Sendable, CustomTestStringConvertible {
        var place: String
        var line: String

        var testDescription: String { "\(place) \(line)" }
    }

    @Test(arguments: try DocumentedCallsTests.calls()) func parserTakesTheCall(_ call: Call) throws {
        let words = Array(ShellWords(call.line).words.dropFirst())
        let parsed = try Rollcall.parseAsRoot(words)
        #expect(type(of: parsed) == CommandWords(words).command)
    }

    /// Documents without a call would be no proof of anything.
    @Test func documentsCallTheProgram() throws {
        let pages = Set(try DocumentedCallsTests.calls().map { $0.place.components(separatedBy: ":")[0] })
        #expect(try DocumentedCallsTests.calls().count > 80 && pages.count > 12)
    }

    @Test func callsAreFoundInLines() {
        func found(_ line: String) -> [String] { DocumentedCallsTests.calls(in: line) }
        #expect(found("$ rollcall plan") == ["rollcall plan"])
        #expect(
            found("  rollcall outbox --retry && rollcall deliver") == ["rollcall outbox --retry ", "rollcall deliver"])
        #expect(found("runuser -u rollcall -- rollcall users") == ["rollcall users"])
        #expect(found("15 3 * * *  rollcall  rollcall snapshot --out x") == ["rollcall snapshot --out x"])
        #expect(found(".build/release/rollcall plan") == ["rollcall plan"])
        #expect(found("rollcall COMMAND --help") == [])
        #expect(ShellWords("rollcall undo 7 --reason 'a b' > x").words == ["rollcall", "undo", "7", "--reason", "a b"])
        #expect(ShellWords("rollcall deliver   # send").words == ["rollcall", "deliver"])
    }

    private static func calls() throws -> [Call] {
        try FencedBlock.everywhere().flatMap { block -> [Call] in
            var begun: (number: Int, text: String)?
            var calls: [Call] = []
            for (place, line) in block.lines.enumerated() {
                let whole = (begun?.number ?? block.line + 1 + place, (begun?.text ?? "") + line)
                begun = line.hasSuffix("\\") ? (whole.0, String(whole.1.dropLast())) : nil
                guard begun == nil else { continue }
                calls += DocumentedCallsTests.calls(in: whole.1).map {
                    Call(place: "\(block.page):\(whole.0)", line: $0)
                }
            }
            return calls
        }
    }

    /// The program at the beginning of a line or behind what runs it, each up to the next `&&`.
    private static func calls(in line: String) -> [String] {
        line.components(separatedBy: "&& ").compactMap { part in
            part.firstMatch(of: /(?:\$ |-- |\.build\/release\/|\* *rollcall  |^ *)(rollcall [a-z].*)/).map {
                String($0.output.1)
            }
        }
    }
}
