import DirectoryModel
import Reports
import Testing

/// Commands that a human can paste.
struct SearchCommandTests {
    private static func access(_ bind: ExaminedAccess.Bind) -> ExaminedAccess {
        ExaminedAccess(url: "ldap://ldap.example.org:389", bind: bind, usesStartTLS: true, caFile: "/etc/ssl/my ca.pem")
    }

    @Test func everythingIsSaid() {
        var read = ExaminedRead(
            base: "ou=people,dc=example,dc=org", filter: "(&(objectClass=person)(!(uid=o'neil*)))",
            attributes: ["uid", "mail"], extensions: ["!pr=1000/noprompt"], typesOnly: true, sizeLimit: 10)
        let command = SearchCommand(
            SearchCommandTests.access(.simple(dn: "cn=sync, all,dc=x", passwordFile: "/etc/p w")))
        #expect(
            command.text(read)
                == "LDAPTLS_CACERT='/etc/ssl/my ca.pem' ldapsearch -LLL -o ldif-wrap=no -H ldap://ldap.example.org:389 -ZZ "
                + "-x -D 'cn=sync, all,dc=x' -y '/etc/p w' -E '!pr=1000/noprompt' -z 10 -A "
                + #"-b ou=people,dc=example,dc=org -s sub '(&(objectClass=person)(!(uid=o'\''neil*)))' uid mail"#)
        read.attributes = []
        #expect(command.text(read).hasSuffix(" 1.1"))
    }

    @Test(arguments: [
        (ExaminedAccess.Bind.anonymous, " -x -b "), (.simple(dn: "cn=x", passwordFile: nil), " -x -D cn=x -W -b "),
        (.external, " -Q -Y EXTERNAL -b "), (.gssapi, " -Q -Y GSSAPI -b "),
    ])
    func everyWayToBind(bind: ExaminedAccess.Bind, words: String) {
        #expect(SearchCommand(SearchCommandTests.access(bind)).text(ExaminedRead(base: "dc=x")).contains(words))
    }

    @Test func whoAmIIsAProgramOfItsOwn() {
        let access = ExaminedAccess(url: "ldapi://%2Frun%2Fslapd", bind: .external)
        #expect(SearchCommand(access).text(.whoAmI) == "ldapwhoami -H ldapi://%2Frun%2Fslapd -Q -Y EXTERNAL")
    }

    @Test(arguments: [
        ("plain", "plain"), ("", "''"), ("a b", "'a b'"), ("*", "'*'"), ("$HOME", "'$HOME'"), ("`id`", "'`id`'"),
        ("it's", #"'it'\''s'"#), ("ü", "'ü'"), ("a\nb'c", #"$'a\012b\047c'"#), ("-x", "-x"), ("!x", "'!x'"),
        ("\u{202E}", #"$'\342\200\256'"#), ("~/x", "'~/x'"), (";rm", "';rm'"),
    ])
    func wordsAreQuoted(text: String, word: String) {
        #expect(ShellWord.quoted(text) == word)
    }
}
