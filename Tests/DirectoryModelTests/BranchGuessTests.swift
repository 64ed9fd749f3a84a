import DirectoryModel
import Testing

/// Where people stand, by their names.
struct BranchGuessTests {
    private static let suffix = "dc=example,dc=org"

    struct Case: Sendable {
        var dns: [String]
        var branches: [String]

        init(_ dns: [String], _ branches: [String]) {
            self.dns = dns
            self.branches = branches
        }
    }

    @Test(arguments: [
        Case([], []),
        Case(
            ["uid=a,ou=people,dc=example,dc=org", "uid=b,OU=People,DC=example,dc=org"], ["ou=people,dc=example,dc=org"]),
        Case(
            ["uid=a,ou=berlin,ou=people,dc=example,dc=org", "uid=b,ou=bonn,ou=people,dc=example,dc=org"],
            ["ou=people,dc=example,dc=org"]),
        Case(
            ["uid=a,ou=berlin,ou=people,dc=example,dc=org", "uid=b,ou=berlin,ou=people,dc=example,dc=org"],
            ["ou=berlin,ou=people,dc=example,dc=org"]),
        Case(
            ["uid=a,ou=people,dc=example,dc=org", "uid=b,ou=extern,dc=example,dc=org"],
            ["ou=people,dc=example,dc=org", "ou=extern,dc=example,dc=org"]),
        Case(["uid=a,dc=example,dc=org", "uid=b,ou=people,dc=example,dc=org"], ["dc=example,dc=org"]),
        Case((0..<6).map { "uid=a,ou=o\($0),dc=example,dc=org" }, ["dc=example,dc=org"]),
        Case([#"uid=a,ou=people\, all,dc=example,dc=org"#], [#"ou=people\, all,dc=example,dc=org"#]),
        Case([#"uid=a,ou="people, all",dc=example,dc=org"#], [#"ou="people, all",dc=example,dc=org"#]),
        Case(["uid=a,ou=people,dc=other,dc=org", "not a name", "dc=example,dc=org"], []),
    ])
    func branchesHoldEverybody(_ example: Case) {
        #expect(BranchGuess.branches(of: example.dns, below: BranchGuessTests.suffix) == example.branches)
    }

    @Test(arguments: [
        ("ada@example.org", "example.org"), ("Ada@EXAMPLE.Org", "example.org"), ("ada@localhost", nil), ("ada", nil),
        ("@example.org", nil), ("ada@", nil), ("ada@exa mple.org", nil), ("\"a@b\"@example.org", "example.org"),
    ])
    func domainsOfEmails(email: String, domain: String?) {
        #expect(EmailDomain.of(Array(email.utf8)) == domain)
    }
}
