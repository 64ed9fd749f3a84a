import Diagnostics
import DirectoryModel
import TestSupport
import Testing

@testable import SyncAgent

/// Sections that an examination ends with.
enum SampleStarters {
    static func directory(
        _ kind: DirectoryKind, bind: DirectorySettings.Bind? = nil, bases: [String] = ["ou=people,dc=example,dc=org"],
        groups: [String] = ["ou=groups,dc=example,dc=org"], url: String = "ldaps://ldap.example.org"
    ) -> StarterDirectory {
        let nothing = DirectorySettings.Search(bases: [])
        let mode: DirectorySettings.TLS.Mode = url.hasPrefix("ldapi") ? .none : .ldaps
        let settings = DirectorySettings(
            name: "directory", kind: .openldap, location: .servers([url]),
            bind: bind ?? .simple(dn: "cn=rollcall,dc=example,dc=org", secret: .file("bind.password")),
            tls: DirectorySettings.TLS(
                mode: mode, caFile: mode == .none ? nil : "/etc/ssl/certs/ca-certificates.crt"),
            people: nothing, groups: nothing, attributes: DirectorySettings.Attributes(id: "", login: "", email: ""))
        return StarterDirectory(
            settings,
            DirectoryProposal(kind: kind, peopleBases: bases, groupBases: groups, emailDomains: ["example.org"]))
    }
}

/// The section that `doctor` prints and `init` writes is read by the very reader that runs use.
struct StarterDirectoryTests {
    private func read(_ starter: StarterDirectory) -> (settings: DirectorySettings?, problems: [String]) {
        let section = starter.text.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
        let text = """
            version: 1
            state: state
            directories:
            \(section)
            targets:
              - name: acme
                platform: platforms/vivi.yaml
                mapping: mappings/vivi.yaml
                topology: {workspaces: {support: {seats: 40}}}

            """
        var problems = DiagnosticList()
        let file = AgentFile(SourceFile(name: "/etc/rollcall/rollcall.yaml", text: text), into: &problems)
        return (file?.configuration.directories.first, problems.sorted.map(\.text))
    }

    @Test(arguments: [DirectoryKind.openldap, .activeDirectory, .ds389, .freeipa])
    func sectionSaysWhatWasFound(kind: DirectoryKind) throws {
        let (settings, problems) = read(SampleStarters.directory(kind))
        #expect(problems == [])
        let read = try #require(settings)
        #expect(read.kind == kind)
        #expect(read.location == .servers(["ldaps://ldap.example.org"]))
        #expect(
            read.bind
                == .simple(dn: "cn=rollcall,dc=example,dc=org", secret: .file("/etc/rollcall/bind.password")))
        #expect(read.people.bases == ["ou=people,dc=example,dc=org"])
        #expect(read.groups.bases == ["ou=groups,dc=example,dc=org"])
        #expect(read.emailDomains == ["example.org"])
        #expect(read.attributes.id == kind.attributes.id)
    }

    @Test func namesThatNeedQuotingComeThrough() throws {
        let base = #"ou=Ünits\, "all" 'of' them: #1,dc=example,dc=org"#
        let (settings, problems) = read(SampleStarters.directory(.openldap, bases: [base, "ou=two,dc=example,dc=org"]))
        #expect(problems == [])
        #expect(settings?.people.bases == [base, "ou=two,dc=example,dc=org"])
    }

    @Test func withoutGroupsTheyAreLookedForWherePeopleAre() throws {
        let (settings, problems) = read(SampleStarters.directory(.openldap, groups: []))
        #expect(problems == [])
        #expect(settings?.groups.bases == ["ou=people,dc=example,dc=org"])
    }

    @Test(arguments: [
        DirectorySettings.Bind.anonymous, .external,
        .keytab(path: "/etc/rollcall/sync.keytab", principal: "sync@EXAMPLE.ORG"),
        .ticketCache("FILE:/tmp/krb5cc_0"), .simple(dn: "cn=x,dc=y", secret: .command(["/usr/bin/pass", "ldap"])),
        .simple(dn: "cn=x,dc=y", secret: .credential("bind")),
    ])
    func everyWayToBindIsSaid(bind: DirectorySettings.Bind) throws {
        let url = bind == .external ? "ldapi://%2Frun%2Fslapd.sock" : "ldaps://ldap.example.org"
        let (settings, problems) = read(SampleStarters.directory(.openldap, bind: bind, url: url))
        #expect(problems == [])
        #expect(settings?.bind == bind)
    }
}
