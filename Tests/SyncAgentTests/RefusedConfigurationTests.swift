import Diagnostics
import Testing

@testable import SyncAgent

/// Each wrong configuration is refused with its place, what is wrong, and nothing else.
struct RefusedConfigurationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var part: String
        var errors: [String]

        init(_ part: String, _ errors: String...) {
            self.part = part
            self.errors = errors
        }

        var testDescription: String { part }
    }

    @Test(arguments: [
        Case(
            "reports: {formats: [pdf]}",
            "14:21: expected one of `text`, `json`, `html`, `markdown`, `csv`, found text: `pdf`"),
        Case("reports: {metrics_file: 12}", "14:25: expected a path, found a number: `12`"),
        Case(
            "notify: {command: [mail, admin@x.example]}",
            "14:20: expected the path of a program, found `mail`"),
        Case(
            "notify: {on: [held, holds]}",
            "14:21: expected one of `failed`, `held`, `unread`, `findings`, found text: `holds`"),
        Case(
            "deliver: {command: [curl, \"https://x.example\"]}",
            "14:21: expected the path of a program, found `curl`"),
        Case(
            "same_person: {by: employeeNumber, prefer: [corp]}",
            "14:19: attribute `employeeNumber` is not trusted in directory `corp`: people may be able to edit it on themselves",
            "14:43: expected at least 2 in this list, found 1"),
        Case(
            "schedule: {cron: \"15 25 * * *\"}",
            "14:18: expected 0 to 23, `*`, lists, ranges or steps for the hour, found `25`"),
        Case("schedule: {cron: \"15 2 * *\"}", "14:18: expected five fields, found 4: `15 2 * *`"),
        Case("schedule: {cron: \"0 0 30 2 *\"}", "14:18: no year has such a day: `0 0 30 2 *`"),
        Case("schedule: {timezone: berlin!}", "14:22: expected a time zone like `Europe/Berlin`, found `berlin!`"),
        Case("aprovals: x", "14:1: `aprovals` is not a key of the agent configuration"),
        Case("reports: {keep: 0}", "14:17: expected a number from 1 to 100000, found 0"),
    ])
    func atTheTop(_ example: Case) {
        var sample = SampleConfiguration()
        sample.rest = example.part
        #expect(SampleConfiguration.read(sample.text).diagnostics.errors == example.errors)
    }

    @Test(arguments: [
        Case(
            "  policy: {suspend_when: [{name: inactive, when: {group: leave}}]}",
            "10:34: `inactive` is the name of a cause that every target has"),
        Case(
            "  policy: {suspend_when: [{name: leave, when: {grp: leave}}]}",
            "10:48: `grp` is not a key of a condition"),
        Case(
            "  policy: {reclaim_seats: {inactive_for: 3h}}",
            "10:42: expected a time from 1d to 36600d, found `3h`"),
        Case("  policy: {remove_after: {disabld: 30d}}", "10:27: there is no cause `disabld`"),
        Case(
            "  policy: {remove_after: {manual: 30d}}",
            "10:27: nobody is removed for having been suspended by hand"),
        Case("  limits: {per: 30m}", "10:17: expected a time from 1h to 31d, found `30m`"),
        Case(
            "  limits: {week: {privileged_gain: {count: 1}}}",
            "10:19: `privileged_gain` is not a key of the limits of a week"),
        Case("  limits: {suspend_other: {percent: 101}}", "10:37: expected a number from 0 to 100, found 101"),
        Case("  limits: {suspend_othr: {count: 1}}", "10:12: `suspend_othr` is not a key of the limits"),
        Case(
            "  policy: {unmapped: {settle: 24}}",
            "10:31: expected a length of time like `10s`, `30m`, `24h`, `90d`, found a number: `24`"),
        Case("  policy: {missing: {do: delete}}", "10:26: expected one of `suspend`, `report`, found text: `delete`"),
        Case("  policy: {protect: [{email: nobody}]}", "10:30: expected an email, found `nobody`"),
        Case(
            "  policy: {protect: [{email: a@b.c, group: x}]}",
            "10:37: `group` cannot stand beside `email` in somebody protected"),
        Case(
            "  policy: {protect: [{id: 12345678901234567}]}",
            "10:27: expected text, found a number: `12345678901234567`"),
    ])
    func inTheDefaults(_ example: Case) {
        var sample = SampleConfiguration()
        sample.defaults = example.part
        #expect(SampleConfiguration.read(sample.text).diagnostics.errors == example.errors)
    }

    @Test(arguments: [
        Case(
            "urls: [ldap://ldap.example.org]\n    tls: {mode: none}",
            "5:12: `tls: {mode: none}` is for loopback and `ldapi` only, and `ldap://ldap.example.org` is neither"),
        Case(
            "urls: [ldap://ldap.example.org]\n    tls: {mode: ldaps}",
            "5:12: `ldap://ldap.example.org` does not go with `tls: {mode: ldaps}`"),
        Case(
            "urls: [ldaps://a.example.org, ldap://b.example.org]",
            "5:35: `ldap://b.example.org` does not go with `tls: {mode: ldaps}`"),
        Case(
            "urls: [http://a.example.org]",
            "5:12: expected a URL of a directory server, found `http://a.example.org`"),
        Case(
            "urls: [\"ldaps://a.example.org:70000\"]",
            "5:12: expected a URL of a directory server, found `ldaps://a.example.org:70000`"),
        Case("srv: nonsense", "5:10: expected a domain like `example.org`, found `nonsense`"),
        Case(
            "srv: example.org\n    tls: {mode: none}",
            "6:17: `tls: {mode: none}` is for loopback and `ldapi` only, and the servers of `srv` are neither"),
        Case(
            "srv: example.org\n    urls: [ldaps://a.example.org]",
            "6:5: `urls` cannot stand beside `srv` in a directory"),
        Case("file: people.ldif", "6:5: `bind` means nothing for an LDIF file"),
        Case(
            "urls: [ldapi:///]\n    file: people.ldif",
            "6:5: `file` cannot stand beside `urls` in a directory"),
        Case(
            "urls: [ldapi:///]\n    tls: {pin_sha256: short}",
            "6:23: expected base64 of a SHA-256: 43 characters and `=`, found `short`",
            "6:23: `pin_sha256` means nothing without TLS"),
    ])
    func whereADirectoryAnswers(_ example: Case) {
        var sample = SampleConfiguration()
        sample.directory = sample.directory.replacing("urls: [ldaps://ldap1.example.org]", with: example.part)
        #expect(SampleConfiguration.read(sample.text).diagnostics.errors == example.errors)
    }

    @Test(arguments: [
        Case(
            "{method: gssapi}",
            "6:11: a bind with `method: gssapi` needs to know where the keys or the ticket are"),
        Case(
            "{method: gssapi, keytab: k, ccache: c}", "6:39: `ccache` cannot stand beside `keytab` in a bind"),
        Case("{method: gssapi, keytab: k, principal: x}", "6:39: expected a Kerberos principal, found `x`"),
        Case(
            "{method: gssapi, ccache: c, principal: r@E}",
            "6:39: `principal` means nothing beside `ccache`: a cache has the principal of its ticket"),
        Case("{method: gssapi, keytab: k, dn: cn=x}", "6:39: `dn` means nothing with `method: gssapi`"),
        Case(
            "{dn: cn=x, password_file: p, keytab: k}", "6:40: `keytab` means nothing with `method: simple`"),
        Case("{dn: cn=x}", "6:11: a bind with `method: simple` needs to know where the password is"),
        Case("{password_file: p}", "6:11: `dn` is missing in a bind with `method: simple`"),
        Case(
            "{dn: cn=x, password_file: p, password_credential: q}",
            "6:40: `password_credential` cannot stand beside `password_file` in a bind"),
        Case(
            "{dn: cn=x, password: hunter2}",
            "6:11: a bind with `method: simple` needs to know where the password is",
            "6:22: `password` is not a key of a bind"),
        Case(
            "{dn: cn=x, password_command: [pass, show]}",
            "6:41: expected the absolute path of a program, found `pass`"),
        Case("{method: anonymous, dn: cn=x}", "6:31: `dn` means nothing with `method: anonymous`"),
        Case("{method: external}", "6:12: `method: external` needs `ldapi://` or a certificate of our own"),
    ])
    func howToBind(_ example: Case) {
        var sample = SampleConfiguration()
        sample.directory = sample.directory.replacing("{method: anonymous}", with: example.part)
        #expect(SampleConfiguration.read(sample.text).diagnostics.errors == example.errors)
    }

    @Test func kerberosNeedsTheNameOfAHost() {
        var sample = SampleConfiguration()
        sample.directory = sample.directory
            .replacing("{method: anonymous}", with: "{method: gssapi, keytab: k}")
            .replacing("ldaps://ldap1.example.org", with: "ldaps://192.0.2.1, \"ldaps://[2001:db8::1]\"")
        #expect(
            SampleConfiguration.read(sample.text).diagnostics.errors == [
                "5:12: `method: gssapi` needs the host name that the server has in Kerberos, and `ldaps://192.0.2.1` has none",
                "5:31: `method: gssapi` needs the host name that the server has in Kerberos, and `ldaps://[2001:db8::1]` has none",
            ])
    }

    @Test(arguments: [
        Case("    trusted_attributes: [title, Title]", "9:33: the attribute `Title` stands here twice"),
        Case(
            "    sentinels: [\"a name that is too long\"]",
            "9:17: expected an immutable id, found `a name that is too long`"),
        Case("    email_domains: [example]", "9:21: expected a domain like `example.org`, found `example`"),
        Case("    timeouts: {connect: 0s}", "9:25: expected a time from 1s to 10m, found `0s`"),
        Case("    incremental: sometimes", "9:18: expected one of `auto`, `off`, found text: `sometimes`"),
        Case(
            "  - name: corp\n    kind: ldif\n    file: x.ldif\n    people: {bases: [o=x]}\n    groups: {bases: [o=x]}",
            "9:11: two directories are named `corp`, the first on line 3"),
        Case(
            "  - name: other\n    kind: ldif\n    file: x.ldif\n    bind: {method: anonymous}\n    people: {bases: [o=x]}\n    groups: {bases: [o=x]}",
            "12:5: `bind` means nothing for an LDIF file"),
        Case(
            "  - name: other\n    kind: active-directory\n    urls: [ldapi:///]\n    people: {}\n    groups: {}",
            "9:5: `bind` is missing in a directory",
            "12:13: `bases` is missing in `people`", "13:13: `bases` is missing in `groups`"),
    ])
    func theRestOfADirectory(_ example: Case) {
        var sample = SampleConfiguration()
        sample.directory += "\n" + example.part
        #expect(SampleConfiguration.read(sample.text).diagnostics.errors == example.errors)
    }

    @Test func everythingWrongIsToldAtOnce() {
        var sample = SampleConfiguration()
        sample.defaults = "  policy: {new: welcome}"
        sample.target = sample.target.replacing("acme-desk", with: "Acme Desk")
        sample.rest = "reports: {keep: none}"
        #expect(
            SampleConfiguration.read(sample.text).diagnostics.errors == [
                "10:17: expected one of `invite`, `activate`, found text: `welcome`",
                "12:11: expected lower-case letters and digits, with `-` between them, found `Acme Desk`",
                "16:17: expected a whole number, found text: `none`",
            ])
    }

    @Test func oneNameForTwoTargetsIsRefused() {
        var sample = SampleConfiguration()
        sample.target += "\n" + sample.target
        #expect(
            SampleConfiguration.read(sample.text).diagnostics.errors == [
                "14:11: two targets are named `acme-desk`, the first on line 10"
            ])
    }
}
