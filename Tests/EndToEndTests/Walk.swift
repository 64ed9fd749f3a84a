import Foundation
import TestSupport

/// A walk of `config/samples/adoption`, with the built program and over files: what `scripts/quickstart` tells.
struct Walk {
    /// One command, and how it should end.
    struct Line {
        let command: String
        let expected: Int32
    }

    /// One command with how it should have ended and did.
    struct Step {
        let command: String
        let expected: Int32
        let ended: Rollcall.Ended
    }

    private let folder: TemporaryDirectory
    /// Where the walk's commands run.
    let place: URL

    /// The platforms that have a walk, in order.
    static func names() -> [String] {
        let samples = Repository.root.appendingPathComponent("config/samples/adoption")
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: samples.path)) ?? []
        return entries.filter { name in
            FileManager.default.fileExists(atPath: samples.appendingPathComponent("\(name)/walk.txt").path)
        }.sorted()
    }

    init(_ name: String) throws {
        folder = try TemporaryDirectory()
        let samples = folder.url.appendingPathComponent("config/samples")
        try FileManager.default.createDirectory(at: samples, withIntermediateDirectories: true)
        for path in ["config/platforms", "config/samples/adoption"] {
            try FileManager.default.copyItem(
                at: Repository.root.appendingPathComponent(path), to: folder.url.appendingPathComponent(path))
        }
        place = samples.appendingPathComponent("adoption/\(name)")
    }

    /// The commands of a walk.
    static func lines(of name: String) throws -> [Line] {
        let text = try Repository.text("config/samples/adoption/\(name)/walk.txt")
        return text.split(separator: "\n").filter { $0.hasPrefix("$") }.map { line in
            let words = line.dropFirst().split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            return Line(
                command: words.count == 2 ? String(words[1]) : "", expected: words.first.flatMap { Int32($0) } ?? 0)
        }
    }

    /// Runs every command of the walk.
    func steps() throws -> [Step] {
        try Walk.lines(of: place.lastPathComponent).map { line in
            Step(command: line.command, expected: line.expected, ended: try run(line.command))
        }
    }

    /// Runs a command as a shell does.
    func run(_ command: String) throws -> Rollcall.Ended {
        let path = "\(Rollcall.program.deletingLastPathComponent().path):/usr/bin:/bin"
        return try Rollcall.run(
            ["-c", command], program: URL(fileURLWithPath: "/bin/sh"), in: place,
            environment: [
                "PATH": path, "ROLLCALL_CONFIG": place.appendingPathComponent("rollcall.yaml").path,
                "ROLLCALL_NOW": "1795227300",
            ])
    }

    func text(_ file: String) throws -> String {
        try String(contentsOf: place.appendingPathComponent(file), encoding: .utf8)
    }
}
