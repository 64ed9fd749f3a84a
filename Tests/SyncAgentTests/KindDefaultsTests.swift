import Diagnostics
import DirectoryModel
import Testing

@testable import SyncAgent

/// What a kind of directory calls things stands for what the file does not say.
struct KindDefaultsTests {
    private func read(_ kind: String, _ attributes: String = "") -> (file: AgentFile?, errors: [String]) {
        var sample = SampleConfiguration()
        sample.directory = sample.directory.replacing("kind: openldap", with: "kind: \(kind)")
        if !attributes.isEmpty { sample.directory += "\n    attributes: \(attributes)" }
        let (file, diagnostics) = SampleConfiguration.read(sample.text)
        return (file, diagnostics.errors)
    }

    @Test(arguments: [
        (
            "active-directory",
            DirectorySettings.Attributes(
                id: "objectGUID", login: "sAMAccountName", email: "mail", aliases: ["proxyAddresses"],
                lastSignIn: "lastLogonTimestamp", expires: "accountExpires")
        ),
        ("389ds", .init(id: "nsUniqueId", login: "uid", email: "mail", lastSignIn: "lastLoginTime")),
        (
            "freeipa",
            .init(
                id: "ipaUniqueID", login: "uid", email: "mail", lastSignIn: "krbLastSuccessfulAuth",
                expires: "krbPrincipalExpiration")
        ),
        ("openldap", .init(id: "entryUUID", login: "uid", email: "mail")),
    ])
    func everyKindHasItsOwnNames(kind: String, expected: DirectorySettings.Attributes) throws {
        let (file, errors) = read(kind)
        #expect(errors == [])
        let directory = try #require(file?.configuration.directories.first)
        #expect(directory.kind == DirectoryKind(rawValue: kind))
        #expect(directory.attributes == expected)
    }

    @Test func anyOfThemCanBeGivenOtherwise() throws {
        let (file, errors) = read(
            "active-directory",
            "{login: userPrincipalName, aliases: [otherMailbox], last_sign_in: lastLogon, expires: null}")
        #expect(errors == [])
        let attributes = try #require(file?.configuration.directories.first?.attributes)
        #expect(
            attributes
                == .init(
                    id: "objectGUID", login: "userPrincipalName", email: "mail", aliases: ["otherMailbox"],
                    lastSignIn: "lastLogon"))
    }

    /// Pages, the attributes that hold members, and the kind's own flag of disabled accounts.
    @Test(
        arguments: [
            ("", DirectorySettings.Pages.standard, nil, true), ("page_size: 500", .entries(500), nil, true),
            ("page_size: null", .none, nil, true), ("attributes: {disabled_flag: off}", .standard, nil, false),
            ("attributes: {disabled_flag: auto}", .standard, nil, true),
            (
                "groups: {bases: [\"ou=g,dc=x\"], members: [rosterMember, memberUid]}", .standard,
                ["rosterMember", "memberUid"], true
            ),
        ] as [(String, DirectorySettings.Pages, [String]?, Bool)])
    func waysOfReadingCanBeGivenOtherwise(
        line: String, pages: DirectorySettings.Pages, members: [String]?, usesFlag: Bool
    ) throws {
        var sample = SampleConfiguration()
        if line.hasPrefix("groups:") {
            sample.directory = sample.directory.split(separator: "\n").filter { !$0.contains("groups:") }
                .joined(separator: "\n")
        }
        if !line.isEmpty { sample.directory += "\n    \(line)" }
        let (file, diagnostics) = SampleConfiguration.read(sample.text)
        #expect(diagnostics.errors == [])
        let directory = try #require(file?.configuration.directories.first)
        #expect(directory.pages == pages)
        #expect(directory.groups.members == members)
        #expect(directory.attributes.usesFlag == usesFlag)
    }

    @Test(arguments: [
        ("page_size: 0", "expected a number from 1 to 1000000, found 0"),
        ("attributes: {disabled_flag: never}", "expected one of `auto`, `off`, found text: `never`"),
    ])
    func whatTheyCannotBeIsNamed(line: String, expected: String) {
        var sample = SampleConfiguration()
        sample.directory += "\n    \(line)"
        let errors = SampleConfiguration.read(sample.text).1.errors
        #expect(errors.count == 1 && errors.first?.hasSuffix(expected) == true, "\(errors)")
    }

    @Test func settingsShowWhereTheyComeFrom() throws {
        let (file, _) = read("active-directory", "{login: userPrincipalName, expires: null}")
        let shown = try #require(file).shared.filter { $0.key.hasPrefix("directories.corp.") }
        func line(_ key: String) -> String? {
            shown.first { $0.key == "directories.corp.\(key)" }.map { "\($0.value) \($0.originText)" }
        }
        #expect(line("attributes.id") == "objectGUID default")
        #expect(line("attributes.aliases") == "[proxyAddresses] default")
        #expect(line("attributes.login") == "userPrincipalName config/rollcall.yaml:9")
        #expect(line("attributes.expires") == "null config/rollcall.yaml:9")
        #expect(line("people.filter") == "(&(objectCategory=person)(objectClass=user)) default")
        #expect(line("groups.filter") == "(objectClass=group) default")
    }

    @Test func unknownKindNamesTheNearest() {
        #expect(
            read("activedirectory").errors == [
                "4:11: expected one of `openldap`, `active-directory`, `389ds`, `freeipa`, `ldif`, found text: `activedirectory`"
            ])
    }
}
