import Foundation
import TestSupport
import Testing

/// `rollcall init` in an empty folder, against a real server: what it leaves is a configuration that works.
struct InitTests {
    private static let ldif = """
        \(SampleCompany.frame)
        \(SampleCompany.person("ada", number: 1))
        \(SampleCompany.group("desk", number: 1, members: [SampleCompany.personDN("ada")]))
        """

    /// Everything but what the test asks for at the terminal.
    private static func options(_ server: SlapdFixture, _ folder: TemporaryDirectory) -> [String] {
        [
            "init", server.url, "--people", "ou=people,dc=example,dc=org", "--groups", "ou=groups,dc=example,dc=org",
            "--email-domain", "example.org", "--platform", "vivi", "--target", "acme-desk", "--state",
            folder.path("state"), "--group", "desk",
        ]
    }

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require((attributes[.posixPermissions] as? NSNumber)?.intValue)
    }

    private func expectUsable(_ folder: TemporaryDirectory) throws {
        let check = try Rollcall.run(["check", "--config", "config/rollcall.yaml"], in: folder.url)
        #expect(check.status == 0, "\(check.output)")
        let plan = try Rollcall.run(["plan", "--config", "config/rollcall.yaml"], in: folder.url)
        #expect(plan.status == 0, "\(plan.output)")
        #expect(plan.output.contains("1 invited"))
        #expect(plan.output.contains("mode observe"))
        #expect(try mode(folder.path("state")) == 0o700)
        let text = try String(contentsOfFile: folder.path("config/rollcall.yaml"), encoding: .utf8)
        #expect(text.contains("mode: observe"))
        #expect(FileManager.default.fileExists(atPath: folder.path("config/platforms/vivi.yaml")))
    }

    @Test func withoutQuestionsItLeavesAWorkingConfiguration() throws {
        let server = try SlapdFixture(ldif: Self.ldif)
        let folder = try TemporaryDirectory()
        try folder.write(SlapdFixture.password, to: "password")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder.path("password"))
        let ended = try Rollcall.run(
            Self.options(server, folder) + ["--bind", SlapdFixture.administrator, "--password-file", "password"],
            in: folder.url)
        #expect(ended.status == 0, "\(ended.output)")
        #expect(ended.output.contains("rollcall plan --config config/rollcall.yaml"))
        try expectUsable(folder)
        let again = try Rollcall.run(
            Self.options(server, folder) + ["--bind", SlapdFixture.administrator, "--password-file", "password"],
            in: folder.url)
        #expect(again.status == 73)
    }

    @Test func everyQuestionCanBeAnsweredAtATerminal() throws {
        let server = try SlapdFixture(ldif: Self.ldif)
        let folder = try TemporaryDirectory()
        let ended = try TerminalSession.run(
            ["init", "--state", folder.path("state")], in: folder.url,
            answering: [
                ("URL of the directory", ""), ("URL of the directory", server.url),
                ("DN to bind as", SlapdFixture.administrator), ("Password of", SlapdFixture.password),
                ("DN above the people", "ou=people,dc=example,dc=org"),
                ("DN above the groups", "ou=groups,dc=example,dc=org"), ("Domain that", "example.org"),
                ("Platform", "vivi"), ("A name for", "acme-desk"), ("A group", "desk"),
            ])
        #expect(ended.status == 0, "\(ended.output)")
        #expect(ended.output.contains("this has to be known; Ctrl-C stops, and nothing is written"))
        #expect(ended.output.contains("such as acme-desk:") && ended.output.contains("made \(folder.path("state"))/"))
        #expect(!ended.output.contains(SlapdFixture.password))
        #expect(try mode(folder.path("config/bind.password")) == 0o600)
        try expectUsable(folder)
    }

    /// Everything but the platform, for a directory that is a file.
    private static let inFile = [
        "init", "people.ldif", "--people", "ou=p,dc=x", "--groups", "ou=g,dc=x", "--email-domain", "x.example",
        "--target", "t", "--group", "g", "--state", "state",
    ]

    @Test func anUnknownPlatformWritesNothing() throws {
        let folder = try TemporaryDirectory()
        try folder.write(Self.ldif, to: "people.ldif")
        let ended = try Rollcall.run(Self.inFile + ["--platform", "vivvi"], in: folder.url)
        #expect(ended.status == 66)
        #expect(ended.output.contains("there is no platform file for `vivvi`"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["people.ldif"])
    }

    /// A file that is not there is told before anything else is asked.
    @Test func aMissingFileIsToldAtOnce() throws {
        let folder = try TemporaryDirectory()
        let ended = try TerminalSession.run(["init", "poeple.ldif"], in: folder.url, answering: [])
        #expect(ended.status == 66)
        #expect(ended.output.contains("there is no file `\(folder.path("poeple.ldif"))`"), "\(ended.output)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    /// A program that was moved without its platform files says where they belong.
    @Test func aShippedPlatformThatIsNotThereIsToldWithItsPlace() throws {
        let folder = try TemporaryDirectory()
        try folder.write(Self.ldif, to: "people.ldif")
        let moved = folder.url.appendingPathComponent("rollcall")
        // By another process: a program that is open for writing here while a test beside starts one cannot be run.
        try Command.run("cp", [Rollcall.program.path, moved.path], in: folder.url)
        let ended = try Rollcall.run(Self.inFile + ["--platform", "vivi"], program: moved, in: folder.url)
        #expect(ended.status == 66)
        #expect(ended.output.contains("hint: it comes with Rollcall, in `share/rollcall/platforms`"), "\(ended.output)")
    }
}
