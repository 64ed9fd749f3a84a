import Foundation
import TestSupport
import Testing

/// What the package makes from the program: a manual page and completions for every command, with all of its options.
struct PackagedPagesTests {
    private static let manual = Result { try Manual() }

    @Test(arguments: try Interface.built.get().commands) func commandHasAPageWithEveryOption(
        _ command: Interface.Command
    )
        throws
    {
        let page = try Self.manual.get().page("man1/\(command.page).1")
        #expect(page.hasPrefix(".TH \"\(command.page.uppercased())\" \"1\" \"2026-11-21\" \"Rollcall 7.8.9\""))
        for option in command.options {
            #expect(page.contains("\\fB\(Manual.escaped(option))\\fR"), "\(option)")
        }
    }

    @Test func noPageIsAboutNothing() throws {
        let commands = try Interface.built.get().commands
        #expect(try Self.manual.get().pages("man1") == commands.map { $0.page + ".1" }.sorted())
    }

    /// The keys are those of the reference, which is written from the reader of the file.
    @Test(arguments: [
        "rollcall.yaml": "rollcall", "rollcall-mapping.yaml": "mapping", "rollcall-platform.yaml": "platform",
    ])
    func fileHasAPageWithEveryKey(_ name: String, _ file: String) throws {
        let page = try Self.manual.get().page("man5/\(name).5")
        let keys = try Repository.text("docs/reference/files/\(file).md").components(separatedBy: "\n")
            .compactMap { $0.hasPrefix("| `") ? $0.dropFirst(3).components(separatedBy: "`").first : nil }
        #expect(keys.count > 10)
        for key in keys { #expect(page.contains(".TP\n\\fB\(Manual.escaped(key))\\fR"), "\(key)") }
    }

    @Test func exitCodesAndVariablesAreInThePageOfTheProgram() throws {
        let page = try Self.manual.get().page("man1/rollcall.1")
        for code in [0, 1, 2, 3, 4, 5, 6, 64, 65, 66, 69, 70, 73, 74, 75, 77, 78] {
            #expect(page.contains(".TP\n\\fB\(code)\\fR\n"), "\(code)")
        }
        #expect(page.contains("\\fBROLLCALL_CONFIG\\fR") && page.contains("\\fB/etc/rollcall/rollcall.yaml\\fR"))
    }

    /// The shell itself reads the completions; one that finds them wrong would say so at every login.
    @Test(arguments: ["bash", "zsh", "fish"]) func shellReadsItsCompletions(_ shell: String) throws {
        let script = try Rollcall.run(["--generate-completion-script", shell], in: Repository.root).output
        let folder = try TemporaryDirectory()
        let path = try folder.write(script, to: "rollcall")
        #expect(try Command.output(shell, ["-n", path]) == "")
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func shellCompletesEveryOption(_ shell: String) throws {
        let script = try Rollcall.run(["--generate-completion-script", shell], in: Repository.root).output
        for command in try Interface.built.get().commands {
            let part = try #require(Completion(shell, command.path, in: script), "\(command)")
            for option in command.options { #expect(part.offers(option), "\(command): \(option)") }
        }
    }

    @Test(arguments: try Interface.built.get().commands) func whereAFileIsWantedFilesAreOffered(
        _ command: Interface.Command
    ) {
        for option in command.fileOptions { #expect(option.completesFiles, "\(command): \(option.name)") }
    }
}

/// The manual pages, made from the built program by the script that the package uses.
private struct Manual {
    /// By section and file: `man1/rollcall.1`.
    private var texts: [String: String] = [:]

    init() throws {
        let folder = try TemporaryDirectory()
        let made = try Rollcall.run(
            [
                "-c", "\"$0\" --experimental-dump-help | \"$1\" \"$2\" 7.8.9 2026-11-21", Rollcall.program.path,
                Repository.root.appendingPathComponent("scripts/lib/make-manual").path, folder.url.path,
            ], program: URL(fileURLWithPath: "/bin/sh"), in: Repository.root)
        try #require(made.status == 0, "\(made.output)")
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.url.path) where path.contains("/") {
            texts[path] = String(decoding: try Data(contentsOf: folder.url.appendingPathComponent(path)), as: UTF8.self)
        }
    }

    func page(_ path: String) throws -> String { try #require(texts[path], "there is no page \(path)") }

    func pages(_ section: String) -> [String] {
        texts.keys.filter { $0.hasPrefix(section + "/") }.map { String($0.dropFirst(section.count + 1)) }.sorted()
    }

    static func escaped(_ text: String) -> String { text.replacing("-", with: "\\-") }
}

/// The part of a completion script that is about one command.
private struct Completion {
    private let shell: String
    private let text: String

    init?(_ shell: String, _ path: [String], in script: String) {
        self.shell = shell
        if shell == "fish" {
            let mark = "flags_or_options \"\(path.joined(separator: " "))\""
            let lines = script.components(separatedBy: "\n").filter { $0.contains(mark) }
            guard !lines.isEmpty else { return nil }
            text = lines.joined(separator: "\n")
        } else {
            let name = "\n_\(path.joined(separator: "_").replacing("-", with: "_"))() {"
            guard let start = script.range(of: name) else { return nil }
            text = script[start.upperBound...].components(separatedBy: "\n}").first ?? ""
        }
    }

    func offers(_ option: String) -> Bool {
        let bare = option.drop { $0 == "-" }
        if shell == "fish" { return text.contains(" -\(option.hasPrefix("--") ? "l" : "s") '\(bare)' ") }
        return text.matches(of: /(--?[a-z][a-z0-9-]*)/).contains { $0.output.1 == option }
    }
}
