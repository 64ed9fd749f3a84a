import Glibc
import Testing

@testable import SyncAgent

struct SecretReaderTests {
    private func secret(_ source: SecretSource, credentials: String? = nil) throws -> String {
        try SecretReader(credentialsDirectory: credentials).withSecret(source) { String(decoding: $0, as: UTF8.self) }
    }

    private func refusal(_ source: SecretSource, credentials: String? = nil) -> String {
        do {
            _ = try secret(source, credentials: credentials)
            return "no refusal"
        } catch {
            return (error as? AgentFailure)?.message ?? "\(error)"
        }
    }

    @Test(arguments: [("hunter2\n", "hunter2"), ("hunter2", "hunter2"), (" two \n\n", " two \n")])
    func oneNewlineAtTheEndDoesNotCount(content: String, secret expected: String) throws {
        let directory = try TemporaryDirectory()
        #expect(try secret(.file(directory.write("p", content))) == expected)
    }

    @Test(arguments: [mode_t(0o600), 0o400])
    func aFileOfTheOwnerAloneIsRead(mode: mode_t) throws {
        let directory = try TemporaryDirectory()
        #expect(try secret(.file(directory.write("p", "x", mode: mode))) == "x")
    }

    @Test(arguments: [mode_t(0o604), 0o620, 0o601, 0o644, 0o666])
    func aFileOpenToOthersIsRefused(mode: mode_t) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("p", "x", mode: mode)
        let shown = "0" + String(mode, radix: 8)
        #expect(refusal(.file(path)) == "the password file `\(path)` is open to others (mode \(shown))")
    }

    @Test func aFileOfRootMayBeReadByOneGroup() throws {
        try #require(geteuid() == 0, "this test runs as root")
        let directory = try TemporaryDirectory()
        #expect(try secret(.file(directory.write("p", "x", mode: 0o640))) == "x")
    }

    @Test(arguments: [("", "is empty"), ("\n", "is empty"), ("a\0b", "holds a NUL byte")])
    func aSecretThatServersMistakeIsRefused(content: String, words: String) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("p", content)
        #expect(refusal(.file(path)) == "the password file `\(path)` \(words)")
    }

    @Test func aSecretThatIsTooLongIsRefused() throws {
        let directory = try TemporaryDirectory()
        let longest = String(repeating: "x", count: 4096)
        #expect(try secret(.file(directory.write("p", longest + "\n"))).utf8.count == 4096)
        let path = try directory.write("p", longest + "xx")
        #expect(refusal(.file(path)) == "the password file `\(path)` holds more than 4096 bytes")
    }

    @Test func whatIsNoFileIsRefused() throws {
        let directory = try TemporaryDirectory()
        #expect(refusal(.file(directory.path)) == "the password file `\(directory.path)` is not a regular file")
        let missing = directory.path("missing")
        #expect(refusal(.file(missing)) == "cannot read the password file `\(missing)`: no such file or directory")
    }

    @Test func aCommandIsRunWithoutAShell() throws {
        #expect(try secret(.command(["/bin/echo", "$HOME; x"])) == "$HOME; x")
        #expect(try secret(.command(["/usr/bin/env"])) == "PATH=/usr/bin:/bin\nLC_ALL=C")
    }

    @Test func aCommandThatFailsIsNamedAndItsOutputIsNot() {
        #expect(
            refusal(.command(["/bin/sh", "-c", "echo hunter2; exit 3"]))
                == "the password command `/bin/sh` failed: it ended with exit code 3")
        #expect(
            refusal(.command(["/nonexistent"]))
                == "the password command `/nonexistent` failed: no such file or directory")
    }

    @Test func aCommandThatPrintsTooMuchIsStopped() {
        #expect(
            refusal(.command(["/usr/bin/yes"]))
                == "the password command `/usr/bin/yes` failed: it printed more than 4096 bytes")
    }

    @Test func aCredentialComesFromTheUnitsDirectory() throws {
        let directory = try TemporaryDirectory()
        try directory.write("bind", "hunter2", mode: 0o400)
        #expect(try secret(.credential("bind"), credentials: directory.path) == "hunter2")
        #expect(refusal(.credential("bind")) == "`password_credential: bind` works in a systemd unit only")
    }
}
