import Foundation
import Glibc
import LDAPClient

/// An OpenLDAP server of its own for a test: a child process on free loopback ports, ended with the fixture.
package final class SlapdFixture: @unchecked Sendable {
    /// What differs between servers of tests.
    package struct Options: Sendable {
        package var certificate = TestCertificates.Kind.server
        /// Lines of slapd.conf inside the database: limits, access, overlays.
        package var database: [String] = []
        /// Lines before it: modules.
        package var global: [String] = []

        package init(
            certificate: TestCertificates.Kind = .server, database: [String] = [], global: [String] = []
        ) {
            self.certificate = certificate
            self.database = database
            self.global = global
        }
    }

    package static let suffix = "dc=example,dc=org"
    package static let administrator = "cn=admin,dc=example,dc=org"
    package static let password = "correct horse"

    package let port: UInt16
    package let tlsPort: UInt16
    private let directory: TemporaryDirectory
    private let process = Process()
    private let lifeline = Pipe()

    package var url: String { "ldap://127.0.0.1:\(port)" }
    package var tlsURL: String { "ldaps://127.0.0.1:\(tlsPort)" }
    package var socketURL: String { "ldapi://" + socketPath.replacing("/", with: "%2F") }
    private var socketPath: String { directory.path("ldapi") }

    /// Loads the LDIF (with operational attributes where it has them) and starts the server.
    package init(ldif: String, options: Options = Options()) throws {
        directory = try TemporaryDirectory()
        port = try SlapdFixture.freePort()
        tlsPort = try SlapdFixture.freePort()
        let certificates = try TestCertificates.shared.get()
        try FileManager.default.createDirectory(
            at: directory.url.appendingPathComponent("db"), withIntermediateDirectories: true)
        try directory.write(configuration(options, certificates), to: "slapd.conf")
        try directory.write(ldif, to: "data.ldif")
        try Command.run(
            "slapadd", ["-q", "-f", "slapd.conf", "-b", SlapdFixture.suffix, "-l", "data.ldif"], in: directory.url)
        try start()
    }

    deinit { stop() }

    /// Ends the server at once, as a crash would.
    package func stop() {
        guard process.isRunning else { return }
        try? lifeline.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// The shell keeps the server alive as long as the test process holds the other end of its input, so no server outlives a crash.
    private func start() throws {
        let slapd = try Command.path("slapd")
        let listeners = "\(url)/ \(tlsURL)/ \(socketURL)/"
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
            "-c", "\"$0\" -f slapd.conf -h \"$1\" -d 0 >log 2>&1 </dev/null & cat >/dev/null; kill -9 $!; wait", slapd,
            listeners,
        ]
        process.currentDirectoryURL = directory.url
        process.standardInput = lifeline
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        try waitUntilReady()
    }

    /// Asks over the server's own socket, which no other server can hold.
    private func waitUntilReady() throws {
        let end = ContinuousClock.now.advanced(by: .seconds(20))
        while ContinuousClock.now < end {
            if FileManager.default.fileExists(atPath: socketPath), let url = LDAPURL(socketURL),
                let connection = try? LDAPConnection(to: url, settings: ConnectionSettings()),
                (try? connection.bind(.external)) != nil
            {
                return
            }
            usleep(10_000)
        }
        let log = (try? String(contentsOfFile: directory.path("log"), encoding: .utf8)) ?? ""
        stop()
        throw Command.Failure(description: "slapd did not start: \(log)")
    }

    private func configuration(_ options: Options, _ certificates: TestCertificates) -> String {
        let schema = ["core", "cosine", "inetorgperson", "nis"].map { "include /etc/ldap/schema/\($0).schema" }
        let lines =
            schema + ["modulepath /usr/lib/ldap", "moduleload back_mdb"] + options.global + [
                "loglevel none",
                "sizelimit unlimited",
                "TLSCACertificateFile \(certificates.authorityFile)",
                "TLSCertificateFile \(certificates.certificate(options.certificate.rawValue))",
                "TLSCertificateKeyFile \(certificates.key(options.certificate.rawValue))",
                "TLSVerifyClient try",
                "authz-regexp \"^cn=([^,]+),o=rollcall test$\" \"cn=$1,\(SlapdFixture.suffix)\"",
                "database mdb",
                "suffix \(SlapdFixture.suffix)",
                "rootdn \(SlapdFixture.administrator)",
                "rootpw \"\(SlapdFixture.password)\"",
                "directory \(directory.path("db"))",
                "maxsize 1073741824",
                "dbnosync",
                "index objectClass,uid,entryUUID eq",
            ] + options.database
        return lines.joined(separator: "\n") + "\n"
    }

    /// A port that nothing listens on at the moment.
    package static func freePort() throws -> UInt16 {
        let listener = try LoopbackSocket.listen()
        defer { close(listener.descriptor) }
        return listener.port
    }
}
