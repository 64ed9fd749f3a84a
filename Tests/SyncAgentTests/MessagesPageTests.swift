import Foundation
import Reconciliation
import TestSupport
import Testing

@testable import SyncAgent

/// The page of messages names what the program can say, and nothing else.
struct MessagesPageTests {
    /// The first words of table rows under a heading, without backticks.
    private static func rows(under heading: String) throws -> [String] {
        let page = try Repository.text("docs/reference/messages.md")
        guard let section = page.components(separatedBy: "\n## ").first(where: { $0.hasPrefix(heading + "\n") }) else {
            return []
        }
        return section.components(separatedBy: "\n").compactMap { line in
            line.hasPrefix("| `") ? line.dropFirst(3).components(separatedBy: "`").first : nil
        }
    }

    @Test func everyExitCodeInOrder() throws {
        #expect(try MessagesPageTests.rows(under: "Exit codes") == ExitStatus.allCases.map { String($0.rawValue) })
    }

    /// The page of commands has a table of its own, with what to do in short.
    @Test func everyExitCodeOnThePageOfCommands() throws {
        let page = try Repository.text("docs/reference/commands.md")
        let section = try #require(page.components(separatedBy: "\n## ").first { $0.hasPrefix("Exit codes\n") })
        let codes = section.matches(of: /(?m)^\| (\d+) \|/).compactMap { Int($0.output.1) }
        #expect(codes == ExitStatus.allCases.map(\.rawValue))
    }

    /// Every document that programs may come across says what it is, and the reference says what is in it.
    @Test func everyFormatIsInTheReference() throws {
        let folder = Repository.root.appendingPathComponent("docs/reference")
        let pages = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".md") }
        let reference = try pages.map { try Repository.text("docs/reference/\($0)") }.joined()
        let sources = Repository.root.appendingPathComponent("Sources")
        var formats: Set<String> = []
        for file in try FileManager.default.subpathsOfDirectory(atPath: sources.path) where file.hasSuffix(".swift") {
            for match in try Repository.text("Sources/\(file)").matches(of: /"(rollcall\.[a-z-]+\/[0-9]+)"/) {
                formats.insert(String(match.output.1))
            }
        }
        #expect(formats.count > 20)
        for format in formats.sorted() {
            #expect(reference.contains("`\(format)`") || reference.contains("\"\(format)\""), "\(format)")
        }
    }

    @Test func everyGuardInOrder() throws {
        #expect(try MessagesPageTests.rows(under: "Guards") == GuardKind.allCases.map(\.rawValue))
    }

    @Test func everyFinding() throws {
        var codes: Set<String> = []
        for folder in ["Reconciliation", "MappingLanguage/Compilation", "MappingLanguage/Evaluation"] {
            let url = Repository.root.appendingPathComponent("Sources/\(folder)")
            for file in try FileManager.default.subpathsOfDirectory(atPath: url.path) where file.hasSuffix(".swift") {
                let text = try Repository.text("Sources/\(folder)/\(file)")
                for match in text.matches(of: /"([a-z]+\.[a-z]+(-[a-z]+)*)"/) { codes.insert(String(match.output.1)) }
            }
        }
        // Of a run's shell only what is made as a finding: its other codes are of errors in files.
        let shell = Repository.root.appendingPathComponent("Sources/SyncAgent")
        for file in try FileManager.default.subpathsOfDirectory(atPath: shell.path) where file.hasSuffix(".swift") {
            let text = try Repository.text("Sources/SyncAgent/\(file)")
            for match in text.matches(of: /Finding\(\s*code: "([a-z]+\.[a-z]+(-[a-z]+)*)"/) {
                codes.insert(String(match.output.1))
            }
        }
        for cause in CauseKind.builtIn { codes.insert("user." + cause.rawValue.replacing("_", with: "-")) }
        // What takes more than one look before it is acted on.
        codes.formUnion(["user.missing-pending", "user.unmapped-pending"])
        // What the agent tells beside the plans.
        codes.insert("roster.orphan-target")
        #expect(try MessagesPageTests.rows(under: "Findings").sorted() == codes.sorted())
    }

    /// Warnings that are made in view of people and groups, or by looking at rules side by side.
    @Test func everyWarningOfCheck() throws {
        var codes: Set<String> = [
            "mapping.captured-nothing", "mapping.captured-word-unknown", "mapping.group-absent",
            "mapping.group-ambiguous",
        ]
        let folder = Repository.root.appendingPathComponent("Sources/MappingLanguage/Lint")
        var files = try FileManager.default.contentsOfDirectory(atPath: folder.path).map {
            "Sources/MappingLanguage/Lint/\($0)"
        }
        files.append("Sources/SyncAgent/Acts/Agent+Lint.swift")
        for file in files {
            for match in try Repository.text(file).matches(of: /"((mapping|config)\.[a-z]+(-[a-z]+)*)"/) {
                codes.insert(String(match.output.1))
            }
        }
        #expect(codes.count > 15)
        #expect(try MessagesPageTests.rows(under: "Warnings of check").sorted() == codes.sorted())
    }

    /// A warning that no story and no test brings about could be lost, or come where it should not.
    @Test(arguments: ["Warnings of check", "Warnings about files"]) func everyWarningIsSeen(_ heading: String) throws {
        let codes = try MessagesPageTests.rows(under: heading)
        #expect(codes.count > 10)
        let tests = Repository.root.appendingPathComponent("Tests")
        let mine = URL(fileURLWithPath: #filePath).lastPathComponent
        let texts = try FileManager.default.subpathsOfDirectory(atPath: tests.path)
            .filter { ($0.hasSuffix(".swift") || $0.hasSuffix(".transcript")) && !$0.hasSuffix(mine) }
            .map { try Repository.text("Tests/\($0)") }
        for code in codes {
            let ends: [Unicode.Scalar] = ["]", ":", "\"", " "]
            #expect(texts.contains { text in ends.contains { text.contains(code + String($0)) } }, "\(code)")
        }
    }

    @Test func everyBeginningOfACode() throws {
        let beginnings = Set(try MessagesPageTests.rows(under: "Errors in files"))
        var found: Set<String> = []
        for folder in ["Diagnostics", "AccessModel", "MappingLanguage/File", "MappingLanguage/Lock", "SyncAgent"] {
            let url = Repository.root.appendingPathComponent("Sources/\(folder)")
            for file in try FileManager.default.subpathsOfDirectory(atPath: url.path) where file.hasSuffix(".swift") {
                let text = try Repository.text("Sources/\(folder)/\(file)")
                for match in text.matches(of: /(?:error|warning)\(\s*"([a-z]+\.)[a-z-]+"/) {
                    found.insert(String(match.output.1))
                }
            }
        }
        #expect(beginnings.isSuperset(of: found), "missing: \(found.subtracting(beginnings).sorted())")
    }
}
