import DirectoryModel
import LDAPClient
import Testing

@testable import DirectorySources

/// What attributes of accounts say, and what they do not.
struct AccountFlagTests {
    @Test(arguments: [
        ("512", false as Bool?), ("514", true), ("66048", false), ("66050", true), ("544", false), ("546", true),
        ("4096", false), ("2080", false), ("-2147483136", false), ("-2147483134", true),
        // No type of account, several types, too large, not a number.
        ("0", nil), ("2", nil), ("-1", nil), ("4608", nil), ("4294967296", nil), ("2147483648", nil), ("514 ", nil),
        (" 514", nil), ("0x202", nil), ("", nil), ("TRUE", nil), ("+514", nil), ("514.0", nil),
    ])
    func userAccountControl(text: String, expected: Bool?) {
        let flag = AccountFlag("userAccountControl", .userAccountControl)
        #expect(flag.isDisabled(Array(text.utf8)) == expected)
    }

    @Test(arguments: [
        ("TRUE", true as Bool?), ("true", true), ("True", true), ("FALSE", false), ("false", false), ("1", nil),
        ("0", nil), ("yes", nil), ("", nil), ("TRUE ", nil), ("TRUES", nil),
    ])
    func nsAccountLock(text: String, expected: Bool?) {
        #expect(AccountFlag("nsAccountLock", .truth).isDisabled(Array(text.utf8)) == expected)
    }

    @Test(arguments: [("000001010000Z", true), ("20261120222120Z", false), ("", false)])
    func pwdAccountLockedTime(text: String, expected: Bool) {
        let flag = Dialect.openLDAP.flags[0]
        #expect(flag.isDisabled(Array(text.utf8)) == expected)
    }

    @Test(arguments: [
        ("SMTP:ann@example.org", "ann@example.org" as String?, true), ("smtp:a@example.org", "a@example.org", false),
        ("Smtp:a@example.org", "a@example.org", false), ("plain@example.org", "plain@example.org", false),
        ("X500:/o=Example/cn=ann", nil, false), ("SIP:ann@example.org", nil, false), ("x400:c=de;a= ;", nil, false),
        ("smtp:", nil, false), (":a@example.org", nil, false), ("smtp:smtp:a@b", "smtp:a@b", false), ("", "", false),
    ])
    func addressesAfterTheirPrefix(text: String, address: String?, isPrimary: Bool) {
        Array(text.utf8).withUnsafeBytes { value in
            let read = MailAddressValue(value)
            #expect(read.map { String(decoding: $0.address, as: UTF8.self) } == address)
            #expect((read?.isPrimary ?? false) == isPrimary)
        }
    }

    /// The filters that `rollcall config` shows are those that are sent.
    @Test(arguments: DirectoryKind.allCases)
    func kindsAndDialectsAgree(kind: DirectoryKind) {
        let dialect = Dialect.of(kind)
        #expect(dialect.kind == kind || kind == .ldif)
        #expect(dialect.peopleFilter.text == kind.peopleFilter)
        #expect(dialect.attributes == AttributeSettings(kind))
        #expect(dialect.groupFilter.text == kind.groupFilter)
    }
}
