import DirectoryModel
import Testing

struct DistinguishedNameTests {
    /// Spellings that directories treat as one name.
    @Test(arguments: [
        ("CN=Ann,DC=example", "cn=ann,dc=example"),
        (" cn = Ann , dc= example ", "cn=ann,dc=example"),
        ("2.5.4.3=Ann,0.9.2342.19200300.100.1.25=x", "cn=ann,dc=x"),
        ("OID.2.5.4.3=Ann", "commonName=ann"),
        ("organizationalUnitName=a,o=b", "OU=A,organizationName=B"),
        ("E=a@b,S=x", "emailAddress=A@B,st=X"),
        ("cn=a   b", "cn=a b"),
        (#"cn=\20a\20"#, "cn=a"),
        (#"cn=a\ "#, "cn=a"),
        (#"cn=Doe\, Uwe"#, #"cn=Doe\2C Uwe"#),
        (#"cn=Doe\, Uwe"#, #"cn="Doe, Uwe""#),
        (#"cn=\"q\""#, #"cn=\22Q\22"#),
        (#"cn=C\+\+"#, #"cn=c\2b\2B"#),
        ("cn=\\#1", #"cn=\231"#),
        (#"cn=J\C3\B6hn"#, "cn=JÖHN"),
        ("cn=Jo\u{308}hn", "cn=jöhn"),
        ("cn=\u{fb01}x", "cn=FIX"),
        ("cn=ＦＵＬＬ", "cn=full"),
        ("cn=a\u{a0}b", "cn=a b"),
        ("cn=\u{1112}\u{1161}\u{11ab}", "cn=한"),
        ("cn=a\u{301}\u{323}", "cn=a\u{323}\u{301}"),
        ("cn=\u{1e69}", "cn=s\u{307}\u{323}"),
        ("cn=#04024869", "cn=hi"),
        ("cn=#0c0568656c6c6f", "cn=Hello"),
        (#"cn=Smith\, Jöhn  X+uid=js , OU=People"#, #"UID=JS+CN=smith\2C j\C3\96hn x,ou=people"#),
        ("", "   "),
        (#"cn=\FF\FE"#, #"cn=\ff\fe"#),
    ])
    func spellingsOfOneNameAreEqual(pair: (String, String)) throws {
        let left = try DistinguishedName(pair.0)
        let right = try DistinguishedName(pair.1)
        #expect(left == right, "\(left.canonical) and \(right.canonical)")
        #expect(left.hashValue == right.hashValue)
    }

    /// Names that a directory holds apart; a form that joined them would give one person another's groups.
    @Test(arguments: [
        ("cn=a,ou=b", "ou=b,cn=a"),
        ("cn=a", "sn=a"),
        ("cn=a,dc=b", "cn=a\\,dc\\=b"),
        ("cn=a+sn=b", "cn=a,sn=b"),
        ("cn=a+sn=b", "cn=a\\+sn\\=b"),
        ("cn=straße", "cn=strasse"),
        ("cn=a\u{200b}b", "cn=ab"),
        ("cn=a\u{ad}b", "cn=ab"),
        (#"cn=a\00b"#, "cn=ab"),
        (#"cn=a\00b"#, #"cn=a\01b"#),
        (#"cn=a\0Ab"#, "cn=a b"),
        (#"cn=\04"#, #"cn=\044"#),
        (#"cn=\FF"#, #"cn=\FE"#),
        (#"cn=\C0\AF"#, "cn=/"),
        (#"cn=\ED\A0\80"#, #"cn=\EF\BF\BD"#),
        ("cn=\u{456}van", "cn=ivan"),
        ("cn=ı", "cn=i"),
        ("cn=#020105", "cn=#020106"),
        ("cn=", #"cn=\20"#),
        ("cn=é", "cn=e"),
    ])
    func differentNamesStayApart(pair: (String, String)) throws {
        #expect(try DistinguishedName(pair.0) != DistinguishedName(pair.1))
    }

    @Test(arguments: [
        ("cn", DNSyntaxError.Reason.missingEquals, 2),
        ("=a", .missingType, 0),
        ("cn=a,", .missingType, 5),
        ("cn=a,,dc=x", .missingType, 5),
        ("cn=a+", .missingType, 5),
        ("c n=a", .missingEquals, 2),
        ("c_n=a", .badType, 1),
        ("cn=<x>", .unescapedSpecial, 3),
        ("cn=a;dc=x", .unescapedSpecial, 4),
        ("cn=a\u{0}", .unescapedSpecial, 4),
        ("cn=a\\", .badEscape, 4),
        ("cn=a\\4", .badEscape, 4),
        ("cn=a\\/b", .badEscape, 4),
        ("cn=#", .badHexString, 4),
        ("cn=#0", .badHexString, 4),
        ("cn=#04 x", .textAfterValue, 7),
        ("cn=\"a", .unclosedQuote, 5),
        ("cn=\"a\"b", .textAfterValue, 6),
        ("<GUID=2a86>;cn=x", .badType, 0),
    ])
    func wrongNamesAreRefusedWithTheirPlace(text: String, reason: DNSyntaxError.Reason, offset: Int) {
        #expect(throws: DNSyntaxError(reason: reason, offset: offset)) { try DistinguishedName(text) }
    }

    @Test func underIsDecidedAtTheEndOfAnRDN() throws {
        let base = try DistinguishedName("ou=People,dc=x")
        #expect(try DistinguishedName("uid=a, OU=people ,dc=X").isUnder(base))
        #expect(base.isUnder(base))
        #expect(try DistinguishedName("uid=a,ou=people,dc=x").isUnder(DistinguishedName("")))
        #expect(try !DistinguishedName("uid=a,cn=ou\\=people,dc=x").isUnder(base))
        #expect(try !DistinguishedName("xou=people,dc=x").isUnder(base))
        #expect(try !DistinguishedName("dc=x").isUnder(base))
    }

    @Test func parentsLeadToTheRoot() throws {
        let name = try DistinguishedName(#"CN=Doe\, Uwe+uid=\00,ou=A  b,dc=x"#)
        let parent = try #require(name.parent)
        #expect(parent.text == "ou=a b,dc=x")
        #expect(parent.parent?.parent?.isRoot == true)
        #expect(parent.parent?.parent?.parent == nil)
    }

    @Test func leafHoldsTypesAndFoldedValues() throws {
        let leaf = try DistinguishedName(#"UID=JS+CN=A\00B,dc=x"#).leaf
        #expect(leaf.map(\.type) == ["cn", "uid"])
        #expect(leaf.map(\.value) == [[0x61, 0, 0x62], Array("js".utf8)])
    }

    @Test func deepNamesAreParsed() throws {
        let text = Array(repeating: "ou=A\\2C", count: 8_000).joined(separator: ",")
        let name = try DistinguishedName(text)
        #expect(name.canonical.count == 8_000 * 6)
    }
}
