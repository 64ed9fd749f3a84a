import DirectoryModel
import LDAPClient
import Synchronization
import TestSupport
import Testing

@testable import DirectorySources

/// What an account may do, asked without writing and without a password's value.
struct DoctorRightsTests {
    private func rights(_ examination: Examination) throws -> RightsFacts {
        guard case .rights(let facts) = examination[.rights]?.facts else {
            throw Command.Failure(description: "no facts: \(examination.failures)")
        }
        return facts
    }

    private static let people =
        SampleCompany.frame
        + (0..<3).map { SampleCompany.person("p\($0)", number: $0, more: ["userPassword: secret\($0)"]) }.joined()
    private static let sync = BindMethod.simple(
        dn: "cn=sync,dc=example,dc=org", password: Secret(Array("sync secret".utf8)))

    @Test func openLDAPTellsWhoSeesPasswords() throws {
        let open = try SlapdFixture(
            ldif: Self.people, options: .init(database: ["access to * by * read"]))
        let proxy = try LDAPProxy(to: open.port)
        let seen = try rights(DoctorBench.examine(proxy.url, Self.sync))
        #expect(seen.passwords == [NamedCount("userPassword", 3)])
        #expect(seen.writing == .unknown)
        // Names of attributes came, and no value.
        let closed = try SlapdFixture(
            ldif: Self.people,
            options: .init(database: [
                "access to attrs=userPassword by anonymous auth by * none", "access to * by * read",
            ]))
        #expect(try rights(DoctorBench.examine(closed.url, Self.sync)).passwords == [])
        #expect(try !rights(DoctorBench.examine(closed.url, Self.sync)).readsSettings)
    }

    @Test func passwordsNeverTravel() throws {
        let open = try SlapdFixture(ldif: Self.people, options: .init(database: ["access to * by * read"]))
        let proxy = try ScriptedRecorder(to: open.port)
        _ = DoctorBench.examine(proxy.url, Self.sync)
        #expect(!proxy.received.isEmpty)
        #expect(!proxy.contains("secret1"))
    }

    @Test func directoryServer389TellsWhatMayBeWritten() throws {
        let server = try DS389Fixture(ldif: DoctorRightsTests.ldif389)
        let reader = try rights(DoctorBench.examine(server.url, server.reader.bind))
        #expect(reader.writing == .no)
        let writer = """
            dn: dc=example,dc=org
            changetype: modify
            add: aci
            aci: (targetattr = "mail")(version 3.0; acl "writes mail"; allow (write) userdn = "ldap:///\(server.reader.dn)";)

            """
        try server.modify(ldif: writer)
        #expect(try rights(DoctorBench.examine(server.url, server.reader.bind)).writing == .may(["mail"]))
    }

    private static let ldif389 =
        SampleCompany.frame.replacing("objectClass: dcObject", with: "objectClass: domain")
        .replacing("objectClass: organization\n", with: "").replacing("o: Example\n", with: "")
        + SampleCompany.people(2)

    @Test func activeDirectoryTellsWhatMayBeWritten() throws {
        let server = try ContractServer.shared(.samba)
        #expect(try rights(DoctorBench.examine(server.url, server.reader.bind)).writing == .no)
        let samba = try SambaFixture()
        let tls = TLSSettings(mode: .ldaps, caFile: try TestCertificates.shared.get().authorityFile)
        let found = try rights(DoctorBench.examine(samba.tlsURL, samba.administrator.bind, tls: tls))
        guard case .may(let attributes) = found.writing else {
            Issue.record("\(found)")
            return
        }
        #expect(attributes.contains("mail"))
    }

    @Test(arguments: [
        ("v", "mail:rsc, uid:rsc", []),
        ("vadn", "mail:rsc", ["add the entry", "delete the entry", "rename the entry"]),
        ("v", "mail:rscwo, uid:none", ["mail"]), ("none", "mail:none", []), ("v", "", []), ("v", "garbage", []),
        ("v", "mail:rscWO", []),
    ])
    func effectiveRightsAreRead(entry: String, attributes: String, changes: [String]) {
        #expect(EffectiveRights(entry: entry, attributes: attributes).changes == changes)
    }
}

/// Passes everything on and keeps what the server sent.
private final class ScriptedRecorder: Sendable {
    private let proxy: LDAPProxy
    private let bytes: Locked

    init(to port: UInt16) throws {
        let recorded = Locked()
        bytes = recorded
        proxy = try LDAPProxy(
            to: port,
            .responses { message, _ in
                recorded.append(message.encoded)
                return [.pass(message)]
            })
    }

    var url: String { proxy.url }
    var received: [UInt8] { bytes.all }
    func contains(_ text: String) -> Bool {
        String(decoding: received, as: UTF8.self).contains(text)
    }
}

/// Bytes that several threads append to.
private final class Locked: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    var all: [UInt8] { bytes.withLock { $0 } }
    func append(_ more: [UInt8]) { bytes.withLock { $0 += more } }
}
