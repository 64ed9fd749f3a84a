import Foundation
import TestSupport
import Testing

/// The programs in `config/samples/notify` send what Rollcall gives them.
struct NoticeSampleTests {
    private static let report =
        "Run 812 of 2026-11-21 02:15 UTC\n\nacme-desk  held: 12 suspended\n\nHELD acme-desk: grüße\n"

    private func run(_ script: String, _ arguments: String, program: String = "cat") throws
        -> Rollcall.Ended
    {
        let folder = try TemporaryDirectory()
        try folder.write(Self.report, to: "report")
        let sample = Repository.root.appendingPathComponent("config/samples/notify/\(script)").path
        return try Rollcall.run(
            ["-c", "sh \(sample) \(arguments) \(program) < report"], program: URL(fileURLWithPath: "/bin/sh"),
            in: folder.url,
            environment: ["ROLLCALL_OCCASION": "held", "ROLLCALL_RUN": "812", "ROLLCALL_EXIT_STATUS": "3"])
    }

    @Test func aMailHasHeadAndReport() throws {
        let ended = try run("mail.sh", "admin@example.org")
        let parts = ended.output.components(separatedBy: "\n\n")
        #expect(ended.status == 0)
        #expect(parts[0].hasPrefix("To: admin@example.org\nSubject: Rollcall: held (run 812)\n"))
        #expect(parts.dropFirst().joined(separator: "\n\n") == Self.report)
    }

    @Test func aChatHearsTargetsAndNobodysName() throws {
        let ended = try run("chat.sh", "https://chat.example.org/x")
        #expect(ended.status == 0, "\(ended.output)")
        let json = try JSONSerialization.jsonObject(with: Data(ended.output.utf8)) as? [String: String]
        let text = try #require(json?["text"])
        #expect(
            text.contains("acme-desk  held: 12 suspended") && text.contains("exit code: 3") && !text.contains("HELD"))
    }

    /// A mail that could not be handed over is said, so that Rollcall says it.
    @Test(arguments: ["mail.sh", "chat.sh"]) func whatFailsIsSaid(_ script: String) throws {
        #expect(try run(script, "somewhere", program: "false").status == 1)
    }
}
