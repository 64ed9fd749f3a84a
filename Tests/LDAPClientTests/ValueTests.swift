import LDAPClient
import Testing

/// URLs, secrets, names in answers and text of servers.
struct ValueTests {
    @Test(arguments: [
        ("ldap://ldap.example.org", "ldap://ldap.example.org:389"),
        ("LDAPS://ldap.example.org/", "ldaps://ldap.example.org:636"),
        ("ldaps://[2001:db8::1]:1636", "ldaps://[2001:db8::1]:1636"),
        ("ldapi://%2Frun%2Fslapd%2Fldapi", "ldapi://%2Frun%2Fslapd%2Fldapi"),
    ])
    func urlsAreRead(text: String, again: String) {
        #expect(LDAPURL(text)?.description == again)
    }

    @Test(arguments: [
        "ldap.example.org", "http://x", "ldap://", "ldap://x:0", "ldap://x:65536", "ldap://x:a", "ldap://x/dc=y",
        "ldap://x?y", "ldap://user@x", "ldap://a b", "ldap://a ldap://b", "ldap://[::1", "ldapi://",
    ])
    func otherURLsAreRefused(text: String) {
        #expect(LDAPURL(text) == nil)
    }

    @Test(arguments: [
        ("ldap://127.0.0.1", true), ("ldap://127.255.0.9", true), ("ldap://[::1]", true), ("ldap://localhost", true),
        ("ldapi://%2Fx", true), ("ldap://127.evil.example", false), ("ldap://127.0.0.1.evil.example", false),
        ("ldap://10.0.0.1", false),
    ])
    func localMeansThisMachine(text: String, isLocal: Bool) {
        #expect(LDAPURL(text)?.isLocal == isLocal)
    }

    @Test func secretsAreNotPrinted() {
        let secret = Secret(Array("hunter2".utf8))
        var dumped = ""
        dump(BindMethod.simple(dn: "cn=a", password: secret), to: &dumped)
        #expect("\(secret) \(String(reflecting: secret)) \(dumped)".contains("hunter2") == false)
        #expect(secret.withBytes { Array($0) } == Array("hunter2".utf8))
    }

    @Test func serverTextCannotReachATerminal() {
        #expect(ServerText.escaped("a\u{1b}[2Kb\n\u{202e}c".utf8) == #"a\1B[2Kb\0A\E2\80\AEc"#)
        #expect(ServerText.escaped([0x61, 0xff, 0x62]) == #"a\FFb"#)
        #expect(ServerText.escaped(Array(repeating: UInt8(ascii: "x"), count: 500), limit: 10) == "xxxxxxxxxx…")
        #expect(ServerText.escaped(Array(String(repeating: "é", count: 500).utf8), limit: 3) == "ééé…")
    }

    @Test func namesInAnswersAreMatchedByCaseAliasAndOption() {
        var names = AttributeNames(["uid", "mail", "member"])
        func match(_ text: String) -> AttributeNames.Match {
            Array(text.utf8).withUnsafeBytes { names.match($0) }
        }
        #expect(match("UID") == .known(0))
        #expect(match("mail") == .known(1))
        #expect(match("userid") == .known(0))
        #expect(match("mail;lang-en") == .option(1))
        #expect(match("member;range=0-1499") == .range(2))
        #expect(match("member;x;RANGE=0-*") == .range(2))
        #expect(match("jpegPhoto") == .unknown)
        #expect(match("") == .unknown)
    }
}
