import Testing

@testable import DirectorySources

struct LDIFReaderTests {
    private func read(_ text: String) throws -> [String] { try read(Array(text.utf8)) }

    /// Records as `dn|name=value|…`.
    private func read(_ bytes: [UInt8]) throws -> [String] {
        try bytes.withUnsafeBytes { buffer in
            var reader = LDIFReader(buffer)
            defer { reader.finish() }
            var record = LDIFRecord()
            var found: [String] = []
            while try reader.next(&record) {
                func text(_ range: Range<Int>) -> String { String(decoding: record.bytes[range], as: UTF8.self) }
                let values = record.attributes.map { text($0.name) + "=" + text($0.value) }
                found.append(([text(record.dn)] + values).joined(separator: "|"))
            }
            return found
        }
    }

    @Test(
        arguments: [
            ("", []),
            ("\n\n# nothing\n folded comment\n\n", []),
            ("dn: cn=a\ncn: a\n", ["cn=a|cn=a"]),
            ("dn: cn=a\ncn: a", ["cn=a|cn=a"]),
            ("version: 1\ndn: cn=a\ncn: a\n\n\n\ndn: cn=b\n", ["cn=a|cn=a", "cn=b"]),
            ("Version:1\n\ndn: cn=a\n", ["cn=a"]),
            ("\u{feff}version: 1\ndn: cn=a\n", ["cn=a"]),
            ("dn: cn=a\r\ncn: a\r\n\r\ndn: cn=b\r\n", ["cn=a|cn=a", "cn=b"]),
            ("dn: cn=a\n b\ncn: x\n  y\n", ["cn=ab|cn=x y"]),
            ("dn: cn=a\nc\n n: x\n", ["cn=a|cn=x"]),
            ("# c\n c\ndn: cn=a\n# in between\n folded\ncn: x\n", ["cn=a|cn=x"]),
            ("dn:: Y249w6k=\ncn:: w6k=\n", ["cn=é|cn=é"]),
            ("dn: cn=a\ncn:: Y\n Q==\n", ["cn=a|cn=a"]),
            ("dn: cn=a\ncn::\n", ["cn=a|cn="]),
            ("dn: cn=a\ncn:\nsn:x\nst:   y \n", ["cn=a|cn=|sn=x|st=y "]),
            ("dn:\nobjectClass: top\n", ["|objectClass=top"]),
            ("dn: cn=a\ncn;lang-en: x\nversion: 2\n", ["cn=a|cn;lang-en=x|version=2"]),
            ("dn: cn=a\ncn: #no comment\n", ["cn=a|cn=#no comment"]),
            ("dn: cn=a\ncn: \t tab\n", ["cn=a|cn=\t tab"]),
        ] as [(String, [String])])
    func contentIsRead(text: String, records: [String]) throws {
        #expect(try read(text) == records)
    }

    @Test(arguments: [
        (" a\n", LDIFError.Reason.orphanContinuation, 1),
        ("dn: cn=a\n\n b\n", .orphanContinuation, 3),
        ("version: 2\n", .badVersion, 1),
        ("cn: a\n", .missingDN, 1),
        ("dn: cn=a\n\ncn: a\n", .missingDN, 3),
        ("dn: cn=a\n\nsearch: 2\nresult: 0 Success\n", .searchResult, 3),
        ("dn: cn=a\n\n# refldap://x\nref: ldap://x\n", .referral, 4),
        ("dn: cn=a\ncn\n", .missingColon, 2),
        ("dn: cn=a\n: b\n", .badName, 2),
        ("dn: cn=a\nc n: b\n", .badName, 2),
        ("dn: cn=a\nmember;range=0-1499: cn=b\n", .partOfValues, 2),
        ("dn: cn=a\nmember;Range=1500-*: cn=b\n", .partOfValues, 2),
        ("dn: cn=a\nmember;rang=0: cn=b\n", .badName, 2),
        ("dn: cn=a\ncn:: a\n", .badBase64, 2),
        ("dn: cn=a\ncn:: YQ=a\n", .badBase64, 2),
        ("dn: cn=a\ncn:: ====\n", .badBase64, 2),
        ("dn: cn=a\nphoto:< file:///etc/passwd\n", .fileReference, 2),
        ("dn:< file:///etc/passwd\n", .fileReference, 1),
        ("dn: cn=a\nchangetype: delete\n", .changeRecord, 2),
        ("dn: cn=a\ncontrol: 1.2.3\nchangetype: add\n", .changeRecord, 2),
        ("dn: cn=a\ncn: a\rb\n", .controlCharacter, 2),
        ("dn: cn=a\ncn: a\0b\n", .controlCharacter, 2),
        ("dn: cn=a\n# c\nsn: a\n b\ncn:: a\n", .badBase64, 5),
    ])
    func wrongFilesAreRefusedWithTheLine(text: String, reason: LDIFError.Reason, line: Int) {
        #expect(throws: LDIFError(reason: reason, line: line)) { try read(text) }
    }

    @Test func longFoldedValuesAreRead() throws {
        let folded = Array(repeating: String(repeating: "x", count: 70), count: 15_000).joined(separator: "\n ")
        let found = try read("dn: cn=a\ncn: " + folded + "\n")
        #expect(found == ["cn=a|cn=" + String(repeating: "x", count: 70 * 15_000)])
    }

    @Test(arguments: [31, 32, 33] as [UInt64])
    func damagedFilesEndInRecordsOrAnError(seed: UInt64) {
        let sample = Array("version: 1\r\ndn: cn=a\ncn:: w6k=\n# c\nsn: x\n  y\nphoto:< z\n\ndn:: Y249\n".utf8)
        let letters = Array(":< \n\r#\0=Yd-\u{e9}".utf8)
        var state = seed
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        var whole = 0
        for _ in 0..<20_000 {
            var bytes = sample
            for _ in 0...next(4) { bytes[next(bytes.count)] = letters[next(letters.count)] }
            bytes.removeLast(next(bytes.count))
            if let records = try? read(bytes) {
                whole += 1
                #expect(records.joined().utf8.count <= bytes.count * 3 + 64, "seed \(seed)")
            }
        }
        #expect(whole > 0)
    }
}
