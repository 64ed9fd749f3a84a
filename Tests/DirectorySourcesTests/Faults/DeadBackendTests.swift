import DirectoryModel
import DirectorySources
import Foundation
import LDAPClient
import TestSupport
import Testing

/// A branch that slapd fetches from another server, which is down: the search ends in success all the same.
struct DeadBackendTests {
    private static let branch = "ou=abroad,ou=people,\(SlapdFixture.suffix)"

    private static let abroad = """
        dn: \(branch)
        objectClass: organizationalUnit
        ou: abroad

        dn: uid=far,\(branch)
        objectClass: inetOrgPerson
        uid: far
        cn: far
        sn: far
        mail: far@example.org
        entryUUID: \(SampleCompany.id(77))


        """

    private static let people = """
        dn: ou=people,\(SlapdFixture.suffix)
        objectClass: organizationalUnit
        ou: people


        """

    private static var suffix: String {
        SampleCompany.frame.components(separatedBy: "\n\n").first.map { $0 + "\n\n" } ?? ""
    }

    /// The server abroad, and one that has it as a part of its own tree.
    private func servers(_ backend: String) throws -> (far: SlapdFixture, near: SlapdFixture) {
        let far = try SlapdFixture(ldif: DeadBackendTests.suffix + DeadBackendTests.people + DeadBackendTests.abroad)
        let uri = "uri ldap://127.0.0.1:\(far.port)" + (backend == "meta" ? "/\(DeadBackendTests.branch)" : "")
        let bind = "binddn=\"\(SlapdFixture.administrator)\" credentials=\"\(SlapdFixture.password)\""
        let database = [
            "database \(backend)", "suffix \(DeadBackendTests.branch)", "subordinate", uri,
            "idassert-bind bindmethod=simple \(bind) mode=none", "idassert-authzFrom *", "network-timeout 1",
        ]
        let near = try SlapdFixture(
            ldif: SampleCompany.frame + SampleCompany.people(10)
                + SampleCompany.group("g", number: 1, members: [SampleCompany.personDN("p0")]),
            options: .init(global: ["moduleload back_ldap", "moduleload back_meta"], further: database))
        return (far, near)
    }

    /// Nothing is said, by neither kind of backend: only somebody who is known to be there, and is not, shows it.
    @Test(arguments: ["ldap", "meta"])
    func deadServerWithoutAWordIsToldByASentinel(backend: String) throws {
        let (far, near) = try servers(backend)
        let source = try FaultBench.source([near.url], pages: nil, sentinels: [77])
        #expect(try source.completePull().mirror.people.count == 11)
        source.close()
        far.stop()
        let failure = try FaultBench.source([near.url], pages: nil, sentinels: [77]).failedPull()
        #expect(failure.kind == .incomplete)
        #expect(failure.message.contains("sentinel `\(SampleCompany.id(77))`"), "\(failure.message)")
        // Without one it is for the limits on shrinking, and for the search by id, which meets the same dead server.
        #expect(try FaultBench.source([near.url], pages: nil).completePull().mirror.people.count == 10)
    }
}
