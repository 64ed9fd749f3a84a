import Foundation
import TestSupport
import Testing

/// The platform that is described by a file alone, with its own commands.
struct FifthPlatformSampleTests {
    /// The commands that stand at the head of the configuration, in their order.
    private static func commands() throws -> [String] {
        try Repository.text("config/samples/fifth-platform/rollcall.yaml").split(separator: "\n")
            .filter { $0.hasPrefix("#   ") }.map { String($0.dropFirst(4)) }
    }

    @Test func commandsAtItsHeadPlanIt() throws {
        let folder = try TemporaryDirectory()
        let place = folder.url.appendingPathComponent("herbarium")
        let sample = Repository.root.appendingPathComponent("config/samples/fifth-platform")
        try Command.run("cp", ["-R", sample.path, place.path], in: folder.url)
        let ended = try Self.commands().map { command in
            try Rollcall.run(
                ["-c", command], program: URL(fileURLWithPath: "/bin/sh"), in: place,
                environment: [
                    "PATH": "\(Rollcall.program.deletingLastPathComponent().path):/usr/bin:/bin",
                    "ROLLCALL_NOW": "\(Site.firstNight)",
                ])
        }
        #expect(ended.map(\.status) == [0, 0, 0, 3], "\(ended.map(\.output))")
        let plan = try #require(ended.last).output
        for line in [
            "herbarium  8 invited, 2 waiting; 1 finding (1 severe)  PARTLY HELD",
            "      agnes@garden.example would gain `director`, which takes an approval by name (limit 0)",
            "    + carl@garden.example  invited: mosses: reader; mosses: waits for a seat as keeper",
            "    + emma@garden.example  invited: mosses: curator",
            "    + kate@garden.example  invited: ferns: reader",
            "    + william@garden.example  invited: mosses: keeper; template label-printer; template loan-desk; field_app on",
            "    mosses/writer      3     0      0      3           3        2  2026-11-21",
        ] { #expect(plan.contains("\n\(line)\n"), "\(line)\n\(plan)") }
    }
}
