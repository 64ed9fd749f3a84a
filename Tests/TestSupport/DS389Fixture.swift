import Foundation
import Glibc
import LDAPClient

/// A 389 Directory Server of its own for a test: a child process on free loopback ports, ended with the fixture.
package final class DS389Fixture: DirectoryServer {
    /// What differs between servers of tests.
    package struct Options: Sendable {
        package var certificate = TestCertificates.Kind.server
        /// RFC 4533, with the retro changelog that it reads.
        package var contentSync = false
        /// Back links of groups, as FreeIPA has them.
        package var memberOf = false
        /// A number for every change, in each entry and in the root entry.
        package var usn = false
        /// Schema and layout of FreeIPA.
        package var freeIPA = false
        /// Lines of further schema, in a file of its own.
        package var schema: [String] = []
        /// Records of changes to `cn=config` or the data, made by the administrator after the start.
        package var changes = ""

        package init(
            certificate: TestCertificates.Kind = .server, contentSync: Bool = false, memberOf: Bool = false,
            usn: Bool = false, freeIPA: Bool = false, schema: [String] = [], changes: String = ""
        ) {
            self.certificate = certificate
            self.contentSync = contentSync
            self.memberOf = memberOf
            self.usn = usn
            self.freeIPA = freeIPA
            self.schema = schema
            self.changes = changes
        }
    }

    package static let suffix = "dc=example,dc=org"

    package let port: UInt16
    package let tlsPort: UInt16
    package let administrator = Account(dn: "cn=admin,dc=example,dc=org", password: "correct horse")
    package let reader = Account(dn: "cn=reader,ou=services,dc=example,dc=org", password: "reader secret")
    package let ordinary = Account(dn: "cn=ordinary,ou=services,dc=example,dc=org", password: "ordinary secret")
    private let directory: TemporaryDirectory
    private let process: ServerProcess

    package var suffix: String { DS389Fixture.suffix }
    package var url: String { "ldap://127.0.0.1:\(port)" }
    package var tlsURL: String { "ldaps://127.0.0.1:\(tlsPort)" }

    /// Made once: it takes several seconds.
    private static let template = Result {
        try ServerTemplate(
            "ds389", script: "ds389.sh", arguments: [suffix, "cn=admin,dc=example,dc=org", "correct horse"],
            packages: ["389-ds-base", "python3-lib389"])
    }

    /// Loads the LDIF, which must begin with the suffix, and starts the server.
    ///
    /// Entries keep the `nsUniqueId` and `entryUUID` they bring; without them they get an `nsUniqueId` only, as imported
    /// entries do.
    package init(ldif: String, options: Options = Options()) throws {
        directory = try TemporaryDirectory()
        port = try SlapdFixture.freePort()
        tlsPort = try SlapdFixture.freePort()
        // The kernel object that the server shares its counters in is called after the instance.
        let instance = "rollcall-" + directory.url.lastPathComponent
        let files = try DS389Files(
            template: try DS389Fixture.template.get(), directory: directory.url, instance: instance,
            ports: (port, tlsPort))
        try files.installCertificate(options.certificate)
        try files.configure(options)
        try directory.write(ldif, to: "data.ldif")
        process = try ServerProcess(
            "ns-slapd", ["-D", files.configuration.path, "-i", directory.path("pid"), "-d", "0"], in: directory.url,
            litter: ["/dev/shm/sem.slapd-\(instance).stats"])
        try Command.run(
            "ns-slapd",
            ["ldif2db", "-D", files.configuration.path, "-n", "userroot", "-i", directory.path("data.ldif")],
            in: directory.url)
        try start()
        try modify(ldif: serviceAccounts)
        if !options.changes.isEmpty { try modify(ldif: options.changes) }
    }

    deinit { stop() }

    package func stop() { process.stop() }

    package func restart() throws {
        stop()
        try start()
    }

    private func start() throws {
        try process.start { answers(ConnectionSettings()) }
    }

    /// Who reads, one with limits lifted; what anybody with a name may see is everything but passwords.
    private var serviceAccounts: String {
        let rule = """
            (targetattr != "userPassword || aci")(version 3.0; acl "all may read"; \
            allow (read, search, compare) userdn = "ldap:///all";)
            """
        return """
            dn: \(suffix)
            changetype: modify
            add: aci
            aci: \(rule)

            dn: ou=services,\(suffix)
            changetype: add
            objectClass: organizationalUnit
            ou: services

            dn: \(reader.dn)
            changetype: add
            objectClass: organizationalRole
            objectClass: simpleSecurityObject
            cn: reader
            userPassword: \(reader.password)
            nsSizeLimit: -1
            nsLookThroughLimit: -1
            nsTimeLimit: -1
            nsIDListScanLimit: -1

            dn: \(ordinary.dn)
            changetype: add
            objectClass: organizationalRole
            objectClass: simpleSecurityObject
            cn: ordinary
            userPassword: \(ordinary.password)

            """
    }
}
