import DirectoryModel
import Foundation
import TestSupport
import Testing

@testable import DirectorySources

/// Exports of other servers than OpenLDAP, read by their own dialects.
struct LDIFDialectTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func pull(_ ldif: String, _ dialect: Dialect, people: String, groups: String) throws -> Pull {
        let settings = SourceSettings(
            name: "corp", dialect: dialect, people: BranchSettings(bases: [people]),
            groups: BranchSettings(bases: [groups]))
        return try LDIFSource(settings, path: try directory.write(ldif, to: "export.ldif"))
            .completePull(PullRequest(now: 1_795_227_300))
    }

    private static let suffix = "DC=corp,DC=example,DC=org"

    /// The security identifier of the domain, or of something in it.
    private static func securityID(_ relative: UInt32?) -> String {
        var bytes: [UInt8] = [1, relative == nil ? 4 : 5, 0, 0, 0, 0, 0, 5]
        for number in [21, 1, 2, 3] + (relative.map { [$0] } ?? []) as [UInt32] {
            bytes += [UInt8(number & 0xff), UInt8(number >> 8 & 0xff), 0, 0]
        }
        return LDIFLine.encoded("objectSid", bytes)
    }

    private static func user(_ name: String, _ number: UInt8, control: Int = 512) -> String {
        """
        dn: CN=\(name),OU=people,\(suffix)
        objectClass: top
        objectClass: person
        objectClass: organizationalPerson
        objectClass: user
        objectCategory: CN=Person,CN=Schema,CN=Configuration,\(suffix)
        \(LDIFLine.encoded("objectGUID", Array(repeating: 0, count: 15) + [number]))
        \(securityID(1_000 + UInt32(number)))
        sAMAccountName: \(name)
        mail: \(name)@example.org
        proxyAddresses: SMTP:\(name)@example.org
        proxyAddresses: smtp:\(name).old@example.org
        userAccountControl: \(control)
        accountExpires: 9223372036854775807
        lastLogonTimestamp: 134397018000000000
        primaryGroupID: 513


        """
    }

    private static let domain = """
        dn: \(suffix)
        objectClass: top
        objectClass: domain
        objectClass: domainDNS
        dc: corp
        \(securityID(nil))


        """

    private static func group(_ name: String, _ relative: UInt32, members: [String]) -> String {
        let lines =
            [
                "dn: CN=\(name),OU=groups,\(suffix)", "objectClass: top", "objectClass: group", "cn: \(name)",
                LDIFLine.encoded("objectGUID", Array(repeating: 9, count: 15) + [UInt8(relative & 0xff)]),
                securityID(relative),
            ] + members.map { "member: CN=\($0),OU=people,\(suffix)" }
        return lines.joined(separator: "\n") + "\n\n"
    }

    @Test func anExportOfActiveDirectoryIsReadAsOne() throws {
        let computer = Self.user("machine", 7, control: 4_096)
            .replacing("CN=Person,CN=Schema", with: "CN=Computer,CN=Schema")
        let ldif =
            Self.domain + Self.user("ada", 1) + Self.user("bob", 2, control: 514) + computer
            + Self.group("desk", 2_000, members: ["ada"]) + Self.group("Domain Users", 513, members: [])
        let pull = try pull(
            ldif, .activeDirectory, people: "OU=people,\(Self.suffix)", groups: "OU=groups,\(Self.suffix)")
        let mirror = pull.mirror
        #expect(mirror.people.map(\.state) == [.enabled, .disabledByFlag])
        #expect(mirror.people.allSatisfy { $0.lastSignIn != .min && $0.problems.isEmpty })
        #expect(mirror.people.first?.id.description == "00000000-0000-0000-0000-000000000001")
        let aliases = mirror.record(0).values(.alias).map { String(decoding: $0, as: UTF8.self) }
        #expect(aliases.contains("ada.old@example.org"))
        let sizes = Dictionary(
            uniqueKeysWithValues: mirror.groups.indices.map { place in
                (
                    String(decoding: mirror.groups[place].name, as: UTF8.self),
                    mirror.directPeople(of: GroupIndex(place)).count
                )
            })
        #expect(sizes == ["desk": 1, "Domain Users": 2])
    }

    @Test func withoutItsDialectNobodyIsFound() throws {
        let ldif = Self.domain + Self.user("ada", 1) + Self.group("desk", 2_000, members: ["ada"])
        #expect(throws: PullFailure.self) {
            try pull(ldif, .openLDAP, people: "OU=people,\(Self.suffix)", groups: "OU=groups,\(Self.suffix)")
        }
    }

    @Test func anExportOf389HoldsLocksAndWhatWasDeleted() throws {
        func person(_ login: String, _ number: Int, more: String = "") -> String {
            """
            dn: uid=\(login),ou=people,dc=example,dc=org
            objectClass: inetOrgPerson
            uid: \(login)
            cn: \(login)
            sn: Example
            mail: \(login)@example.org
            nsUniqueId: 00000000-00000000-00000000-0000000\(number)
            \(more)

            """
        }
        let deleted = person("gone", 3, more: "objectClass: nsTombstone\n").replacing(
            "dn: uid=gone", with: "dn: nsuniqueid=00000000-00000000-00000000-00000003,uid=gone")
        let ldif =
            "dn: ou=people,dc=example,dc=org\nobjectClass: organizationalUnit\nou: people\n\n"
            + person("ada", 1) + person("bob", 2, more: "nsAccountLock: TRUE\n") + deleted
                + """
                dn: cn=desk,ou=groups,dc=example,dc=org
                objectClass: groupOfUniqueNames
                cn: desk
                nsUniqueId: 00000000-00000000-00000000-00000009
                uniqueMember: uid=ada,ou=people,dc=example,dc=org

                """
        let mirror = try pull(
            ldif, .ds389, people: "ou=people,dc=example,dc=org", groups: "ou=groups,dc=example,dc=org"
        ).mirror
        #expect(mirror.people.map(\.state) == [.enabled, .disabledByFlag])
        #expect(mirror.groups.count == 1 && mirror.directPeople(of: 0).count == 1)
    }
}
