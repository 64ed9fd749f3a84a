import Foundation
import Glibc
import LDAPClient

/// An OpenLDAP server of its own for a test: a child process on free loopback ports, ended with the fixture.
package final class SlapdFixture: DirectoryServer {
    /// What differs between servers of tests.
    package struct Options: Sendable {
        /// The overlays of Debian's package that tests want.
        package var overlays: Set<SlapdOverlay> = []
        /// Changes that `syncprov` remembers.
        package var sessionLog = 1000
        package var certificate = TestCertificates.Kind.server
        /// Lines of slapd.conf inside the database: limits, access, overlays.
        package var database: [String] = []
        /// Lines before it: modules.
        package var global: [String] = []
        /// Lines of further databases, which stand before it.
        package var further: [String] = []
        /// What the server finds in its environment, such as where its Kerberos keys are.
        package var environment: [String: String] = [:]

        package init(
            certificate: TestCertificates.Kind = .server, database: [String] = [], global: [String] = [],
            further: [String] = [], overlays: Set<SlapdOverlay> = [], sessionLog: Int = 1000,
            environment: [String: String] = [:]
        ) {
            self.overlays = overlays
            self.sessionLog = sessionLog
            self.environment = environment
            self.certificate = certificate
            self.database = database
            self.global = global
            self.further = further
        }
    }

    package static let suffix: String = "dc=example,dc=org"
    package static let administrator: String = "cn=admin,dc=example,dc=org"
    package static let password: String = "correct horse"

    package let port: UInt16
    package let tlsPort: UInt16
    package var administrator: Account {
        Account(dn: SlapdFixture.administrator, password: SlapdFixture.password)
    }
    private let directory: TemporaryDirectory
    private let process: ServerProcess

    package var url: String { "ldap://127.0.0.1:\(port)" }
    package var tlsURL: String { "ldaps://127.0.0.1:\(tlsPort)" }
    package var socketURL: String { "ldapi://" + socketPath.replacing("/", with: "%2F") }
    package var suffix: String { SlapdFixture.suffix }
    package var reader: Account { administrator }
    package var ordinary: Account { administrator }
    private var socketPath: String { directory.path("ldapi") }

    /// Loads the LDIF (with operational attributes where it has them) and starts the server.
    package init(ldif: String, options: Options = Options()) throws {
        directory = try TemporaryDirectory()
        port = try SlapdFixture.freePort()
        tlsPort = try SlapdFixture.freePort()
        let certificates = try TestCertificates.shared.get()
        for folder in ["db", "log-db"] {
            try FileManager.default.createDirectory(
                at: directory.url.appendingPathComponent(folder), withIntermediateDirectories: true)
        }
        let listeners = ["ldap://127.0.0.1:\(port)/", "ldaps://127.0.0.1:\(tlsPort)/"]
        let socket = "ldapi://" + directory.path("ldapi").replacing("/", with: "%2F") + "/"
        process = try ServerProcess(
            "slapd", ["-f", "slapd.conf", "-h", (listeners + [socket]).joined(separator: " "), "-d", "0"],
            in: directory.url, environment: options.environment)
        try directory.write(configuration(options, certificates), to: "slapd.conf")
        try directory.write(ldif, to: "data.ldif")
        try Command.run(
            "slapadd", ["-q", "-f", "slapd.conf", "-b", SlapdFixture.suffix, "-l", "data.ldif"], in: directory.url)
        try start()
    }

    deinit { stop() }

    package func stop() { process.stop() }

    package func restart() throws {
        stop()
        try start()
    }

    /// Changes lines of its configuration (limits, access) and starts it again.
    package func reconfigure(_ change: (String) -> String) throws {
        stop()
        let text = try String(contentsOfFile: directory.path("slapd.conf"), encoding: .utf8)
        try directory.write(change(text), to: "slapd.conf")
        try start()
    }

    /// Ready when it answers over its own socket, which no other server can hold.
    private func start() throws {
        try? FileManager.default.removeItem(atPath: socketPath)
        try process.start(within: .seconds(20)) {
            guard FileManager.default.fileExists(atPath: socketPath), let url = LDAPURL(socketURL),
                let connection = try? LDAPConnection(to: url, settings: ConnectionSettings())
            else { return false }
            return (try? connection.bind(.external)) != nil
        }
    }

    private func configuration(_ options: Options, _ certificates: TestCertificates) -> String {
        let schema = ["core", "cosine", "inetorgperson", "nis"].map { "include /etc/ldap/schema/\($0).schema" }
        let lines =
            schema + (options.overlays.contains(.dynlist) ? ["include /etc/ldap/schema/dyngroup.schema"] : [])
            + ["modulepath /usr/lib/ldap", "moduleload back_mdb"] + options.overlays.map { "moduleload \($0.rawValue)" }
            + options.global + [
                "loglevel none",
                "sizelimit unlimited",
                "TLSCACertificateFile \(certificates.authorityFile)",
                "TLSCertificateFile \(certificates.certificate(options.certificate.rawValue))",
                "TLSCertificateKeyFile \(certificates.key(options.certificate.rawValue))",
                "TLSVerifyClient try",
                "authz-regexp \"^cn=([^,]+),o=rollcall test$\" \"cn=$1,\(SlapdFixture.suffix)\"",
            ] + options.further + logDatabase(options) + [
                "database mdb",
                "suffix \(SlapdFixture.suffix)",
                "rootdn \(SlapdFixture.administrator)",
                "rootpw \"\(SlapdFixture.password)\"",
                "directory \(directory.path("db"))",
                "maxsize 1073741824",
                "dbnosync",
                "index objectClass,uid,entryUUID eq",
            ] + options.database
            + SlapdOverlay.allCases.filter(options.overlays.contains).flatMap { $0.lines(options) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func logDatabase(_ options: Options) -> [String] {
        guard options.overlays.contains(.accesslog) else { return [] }
        return [
            "database mdb", "suffix \(SlapdOverlay.log)", "rootdn \(SlapdOverlay.log)",
            "directory \(directory.path("log-db"))", "maxsize 1073741824", "dbnosync",
            "index objectClass,reqStart,reqResult,reqEntryUUID,entryCSN eq",
        ]
    }

    /// A port that nothing listens on at the moment.
    package static func freePort() throws -> UInt16 {
        let listener = try LoopbackSocket.listen()
        defer { close(listener.descriptor) }
        return listener.port
    }
}
