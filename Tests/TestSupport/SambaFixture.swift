import Foundation
import Glibc
import LDAPClient

/// A Samba domain controller of its own for a test: a child process, ended with the fixture.
///
/// Its ports are fixed, so it has a loopback address of its own. Needs root, as ports below 1024 do.
package final class SambaFixture: DirectoryServer {
    /// What differs between servers of tests.
    package struct Options: Sendable {
        /// Refuses simple binds without TLS, as a careful administrator sets it.
        package var requiresTLS = false

        package init(requiresTLS: Bool = false) { self.requiresTLS = requiresTLS }
    }

    package static let suffix = "DC=ad,DC=example,DC=org"
    package static let password = "Correct Horse 1"

    /// The address that this server has for itself.
    package let address: String
    package let administrator = account("Administrator")
    package let reader = account("sync")
    /// May read changes of the whole domain and deleted objects.
    package let replicator = account("dirsync")
    private let directory: TemporaryDirectory
    private let process: ServerProcess

    package var suffix: String { SambaFixture.suffix }
    package var ordinary: Account { reader }
    package var url: String { "ldap://\(address)" }
    package var tlsURL: String { "ldaps://\(address)" }
    package var urlOfTools: String { tlsURL }

    /// Made once: it takes several seconds.
    private static let template = Result {
        try ServerTemplate(
            "samba", script: "samba.sh", arguments: ["ad.example.org", "ADEX", password],
            packages: ["samba-ad-dc", "samba-ad-provision"])
    }

    /// Adds the entries of the LDIF to the new domain and starts the server.
    ///
    /// Entries keep the `objectGUID` they bring (base64 of 16 bytes).
    package init(ldif: String = "", options: Options = Options()) throws {
        directory = try TemporaryDirectory()
        let template = try SambaFixture.template.get()
        address = try SambaFixture.freeAddress()
        try template.copy(to: directory.url)
        process = try ServerProcess(
            "samba", ["-F", "-M", "single", "-s", directory.path("etc/smb.conf"), "--debug-stdout"],
            in: directory.url)
        try install(options)
        try load(ldif)
        try start()
    }

    deinit { stop() }

    package func stop() { process.stop() }

    package func restart() throws {
        stop()
        try start()
    }

    /// Adds entries to the stopped server's database.
    private func load(_ ldif: String) throws {
        guard !ldif.isEmpty else { return }
        try directory.write(ldif, to: "data.ldif")
        try Command.run(
            "ldbadd",
            [
                "--configfile=" + directory.path("etc/smb.conf"), "-H", directory.path("private/sam.ldb"),
                "--controls=relax:0", "data.ldif",
            ], in: directory.url)
    }

    private func start() throws {
        let authority = try TestCertificates.shared.get().authorityFile
        let settings = ConnectionSettings(tls: TLSSettings(mode: .ldaps, caFile: authority))
        try process.start { answers(settings) }
    }

    private func install(_ options: Options) throws {
        let certificates = try TestCertificates.shared.get()
        let name = try certificates.serverCertificate(address: address)
        let files = FileManager.default
        for folder in ["run", "keys"] {
            try files.createDirectory(
                at: directory.url.appendingPathComponent(folder), withIntermediateDirectories: true)
        }
        try files.copyItem(atPath: certificates.key(name), toPath: directory.path("keys/server.key"))
        try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: directory.path("keys/server.key"))
        let here = directory.url.path
        let settings = [
            "realm = AD.EXAMPLE.ORG", "workgroup = ADEX", "netbios name = DC1",
            "server role = active directory domain controller", "server services = ldap",
            "dcerpc endpoint servers = none", "private dir = \(here)/private", "lock directory = \(here)",
            "state directory = \(here)/state", "cache directory = \(here)/cache", "pid directory = \(here)/run",
            "ncalrpc dir = \(here)/run/ncalrpc", "winbindd socket directory = \(here)/run/winbindd",
            "log file = \(here)/samba.log", "interfaces = \(address)/8", "bind interfaces only = yes",
            "ldap server require strong auth = \(options.requiresTLS ? "yes" : "no")", "tls enabled = yes",
            "tls cafile = \(certificates.authorityFile)", "tls certfile = \(certificates.certificate(name))",
            "tls keyfile = \(here)/keys/server.key",
        ]
        try directory.write("[global]\n" + settings.joined(separator: "\n") + "\n", to: "etc/smb.conf")
    }

    /// A loopback address on which nothing has the port of LDAP.
    private static func freeAddress() throws -> String {
        for _ in 0..<100 {
            let parts = (0..<3).map { _ in UInt8.random(in: 1...250) }
            let address = "127.\(parts[0]).\(parts[1]).\(parts[2])"
            if LoopbackSocket.isFree(address, port: 389) { return address }
        }
        throw Command.Failure(description: "port 389 cannot be had on any loopback address; Samba needs root")
    }

    private static func account(_ name: String) -> Account {
        Account(dn: "CN=\(name),CN=Users,\(suffix)", password: password)
    }
}
