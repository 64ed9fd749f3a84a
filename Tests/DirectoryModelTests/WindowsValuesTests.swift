import DirectoryModel
import Testing

/// Times, identifiers and ids as Active Directory writes them.
struct WindowsValuesTests {
    @Test(arguments: [
        ("0", FileTime.Reading.never), ("9223372036854775807", .never), ("-1", .garbage), ("", .garbage),
        ("9223372036854775808", .garbage), ("99999999999999999999999", .garbage), ("1e18", .garbage),
        (" 133000000000000000", .garbage), ("+133000000000000000", .garbage), ("0x10", .garbage), ("-", .garbage),
        ("116444736000000000", .seconds(0)), ("133000000000000000", .seconds(1_655_526_400)),
        ("116444735990000000", .seconds(-1)), ("1", .seconds(-11_644_473_600)),
        ("9223372036854775806", .seconds(910_692_730_085)), ("00", .never),
    ])
    func fileTime(text: String, expected: FileTime.Reading) {
        #expect(FileTime.read(Array(text.utf8)) == expected)
    }

    @Test(arguments: [
        ("accountExpires", "116444736000000000", FileTime.Reading.seconds(0)), ("LASTLOGONTIMESTAMP", "0", .never),
        ("accountExpires", "20261120222120Z", .garbage), ("shadowExpire", "0", .never), ("shadowExpire", "-1", .never),
        ("shadowExpire", "1", .seconds(86_400)), ("shadowExpire", "never", .garbage),
        ("shadowExpire", "9000000000000000000", .never), ("krbPrincipalExpiration", "19700101000001Z", .seconds(1)),
        ("krbPrincipalExpiration", "116444736000000000", .garbage),
        ("lastLoginTime", "19700102000000Z", .seconds(86_400)),
    ])
    func timeSyntaxFollowsTheAttribute(attribute: String, text: String, expected: FileTime.Reading) {
        #expect(TimeSyntax(attribute: attribute).read(Array(text.utf8)) == expected)
    }

    @Test(arguments: [
        ("-9223372036854775808", Int64.min as Int64?), ("9223372036854775807", .max), ("-0", 0), ("007", 7),
        ("9223372036854775808", nil), ("-9223372036854775809", nil), ("--1", nil), ("1-", nil), ("", nil), ("٣", nil),
    ])
    func wireNumbers(text: String, expected: Int64?) {
        #expect(WireNumber.signed(Array(text.utf8)) == expected)
    }

    @Test func securityIDsAreReadAndWritten() throws {
        let bytes: [UInt8] =
            [1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0] + [0x15, 0xcd, 0x5b, 0x07] + [1, 0, 0, 0] + [0xff, 0xff, 0xff, 0xff]
            + [0x01, 0x02, 0, 0]
        let sid = try #require(SecurityID(bytes: bytes))
        #expect(sid.description == "S-1-5-21-123456789-1-4294967295-513")
        #expect(SecurityID(text: sid.description.utf8) == sid)
        #expect(sid.bytes == bytes)
        #expect(sid.relativeID == 513)
        #expect(sid.domain?.description == "S-1-5-21-123456789-1-4294967295")
        #expect(sid.isOfDomain)
        #expect(SecurityID(text: "S-1-5-32-544".utf8)?.isOfDomain == false)
        #expect(SecurityID(text: "S-1-5-11".utf8)?.bytes == [1, 1, 0, 0, 0, 0, 0, 5, 11, 0, 0, 0])
    }

    @Test(
        arguments: [
            [], [1], [1, 0, 0, 0, 0, 0, 0], [2, 0, 0, 0, 0, 0, 0, 5], [1, 1, 0, 0, 0, 0, 0, 5, 11, 0, 0],
            [1, 1, 0, 0, 0, 0, 0, 5, 11, 0, 0, 0, 0], [1, 16, 0, 0, 0, 0, 0, 5] + [UInt8](repeating: 0, count: 64),
        ] as [[UInt8]])
    func damagedSecurityIDsAreNone(bytes: [UInt8]) { #expect(SecurityID(bytes: bytes) == nil) }

    @Test(arguments: [
        "", "S", "S-1", "S-2-5-21", "S-1-5-", "S-1-5-4294967296", "S-1-5--1", "S-1-281474976710656-1", "X-1-5-21",
        "S-1-5-21-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15",
    ])
    func wrongTextOfSecurityIDsIsNone(text: String) { #expect(SecurityID(text: text.utf8) == nil) }

    /// MS-DTYP §2.3.4: the bytes `4a 33 86 2a 43 19 …` are written `2a86334a-1943-…`.
    @Test func objectGUIDReadsAsItsOwnToolsWriteIt() throws {
        let bytes: [UInt8] = [
            0x4a, 0x33, 0x86, 0x2a, 0x43, 0x19, 0xc7, 0x48, 0xa1, 0x11, 0x70, 0x96, 0x5c, 0x6c, 0x46, 0x8c,
        ]
        let id = try #require(bytes.withUnsafeBytes { IDSyntax(attribute: "objectGUID").id($0) })
        #expect(id.description == "2a86334a-1943-48c7-a111-70965c6c468c")
        #expect(ImmutableID(written: id.description) == id)
        #expect(id.objectGUID == bytes)
        #expect(IDSyntax.objectGUID.spellings(id) == [bytes])
    }

    @Test(arguments: [0, 1, 15, 17, 32, 36])
    func objectGUIDHasSixteenBytes(count: Int) {
        let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: count)
        #expect(bytes.withUnsafeBytes { IDSyntax.objectGUID.id($0) } == nil)
    }

    @Test func idsAreSpelledAsTheAttributeWantsThem() throws {
        let id = try #require(ImmutableID(text: "586e23a3-e53011f1-8f09b406-41ded835"))
        func texts(_ attribute: String) -> [String] {
            IDSyntax(attribute: attribute).spellings(id).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(texts("nsUniqueId") == ["586e23a3-e53011f1-8f09b406-41ded835"])
        #expect(texts("ENTRYUUID") == ["586e23a3-e530-11f1-8f09-b40641ded835"])
        #expect(texts("ipaUniqueID") == texts("entryUUID"))
        #expect(IDSyntax(attribute: "employeeNumber").spellings(id).count == 3)
        let short = try #require(ImmutableID(text: "4711"))
        #expect(IDSyntax(attribute: "employeeNumber").spellings(short) == [Array("4711".utf8)])
    }
}
