import LDAPClient
import TestSupport
import Testing

/// What the libraries say when a bind by Kerberos fails, and what a keytab holds.
struct KerberosFaultTests {
    private static func said(_ reason: String) -> String {
        "SASL(-1): generic failure: GSSAPI Error: Unspecified GSS failure.  Minor code may provide more information (\(reason))"
    }

    @Test(
        arguments: [
            (said("No Kerberos credentials available (default cache: FILE:/tmp/krb5cc_0)"), .noTicket),
            (said("No credentials cache found (filename: /tmp/none)"), .noTicket),
            (said("Ticket expired"), .expiredTicket),
            (said("Clock skew too great"), .clockSkew),
            (said("Server ldap/www.example.org@EXAMPLE.ORG not found in Kerberos database"), .unknownServer),
            (said("Server not found in Kerberos database"), .unknownServer),
            (said("Client 'rollcall@EXAMPLE.ORG' not found in Kerberos database"), .unknownClient),
            (said("Preauthentication failed"), .wrongKey),
            (said("Client's credentials have been revoked"), .revoked),
            (said("Cannot contact any KDC for realm 'EXAMPLE.ORG'"), .noKerberosServer),
            (said("Cannot find KDC for realm \"EXAMPLE.ORG\""), .noKerberosServer),
            ("SASL(-4): no mechanism available: No worthy mechs found", .missingMechanism),
        ] as [(String, KerberosFault)])
    func causesAreRead(text: String, fault: KerberosFault) {
        #expect(KerberosFault(said: text) == fault)
    }

    @Test func textOfAServerIsNotTakenForKerberos() {
        #expect(KerberosFault(said: "80090308: LdapErr: DSID-0C090439, data 52e") == nil)
        #expect(KerberosFault(said: "") == nil)
        #expect(
            KerberosFault(said: KerberosFaultTests.said("something new"))
                == .other(reason: KerberosFaultTests.said("something new")))
    }

    /// `SIZE { count realm components… }` for each principal, here without the keys, which are not looked at.
    private static func keytab(_ principals: [[String]]) -> [UInt8] {
        func text(_ value: String) -> [UInt8] { [0, UInt8(value.utf8.count)] + Array(value.utf8) }
        return [5, 2]
            + principals.flatMap { parts -> [UInt8] in
                let entry = [0, UInt8(parts.count - 1)] + parts.flatMap(text) + [0, 0, 0, 1, 9, 9]
                return [0, 0, 0, UInt8(entry.count)] + entry
            }
    }

    @Test func principalsOfAKeytabAreRead() {
        let bytes = KerberosFaultTests.keytab([["R", "rollcall"], ["R", "rollcall"], ["R", "ldap", "host"]])
        #expect(Keytab.principals(in: bytes) == ["rollcall@R", "ldap/host@R"])
        // A hole, where an entry was removed: its size is negative.
        #expect(
            Keytab.principals(in: [5, 2, 0xff, 0xff, 0xff, 0xfe, 7, 7] + bytes.dropFirst(2)) == [
                "rollcall@R", "ldap/host@R",
            ])
        #expect(Keytab.principals(in: Array("not a keytab".utf8)) == nil)
        #expect(Keytab.principals(in: []) == nil)
    }

    @Test(arguments: 0..<4)
    func damagedKeytabsNeverTrap(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        let whole = KerberosFaultTests.keytab([["EXAMPLE.ORG", "rollcall"], ["EXAMPLE.ORG", "ldap", "host"]])
        for _ in 0..<Figures.of(2_500, soak: 250_000) {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 2..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let found =
                Keytab.principals(in: Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))) ?? []
            #expect(found.count <= 2 + bytes.count / 8)
        }
    }
}
