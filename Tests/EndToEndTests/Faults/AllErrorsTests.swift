import Foundation
import TestSupport
import Testing

/// An error in one place hides none in another.
struct AllErrorsTests {
    private func site() throws -> Site { try Site(ldif: Array(Company.firstNight(20).utf8)) }

    /// What `check` says, after edits of files.
    private func check(_ edits: (String, String, String)..., erasing: String? = nil) throws -> String {
        let site = try site()
        for (file, old, new) in edits { try site.replace(old, with: new, in: file) }
        if let erasing { try FileManager.default.removeItem(atPath: site.folder.path(erasing)) }
        let ended = try site.run(["check"])
        #expect(ended.status != 0)
        return ended.text
    }

    @Test func aTypoInKindHidesNothingInTheDirectory() throws {
        let said = try check(
            ("rollcall.yaml", "kind: ldif", "kind: ldiff"),
            ("rollcall.yaml", "\"ou=people,dc=example,dc=org\"", "\"people\""),
            ("rollcall.yaml", "\"(objectClass=inetOrgPerson)\"", "\"(objectClass=inetOrgPerson\""),
            ("rollcall.yaml", "[employeeType]", "[employeeType, employeetype]"))
        #expect(said.contains("`ldiff`"), "\(said)")
        #expect(said.contains("expected a DN, found `people`"), "\(said)")
        #expect(said.contains("expected an LDAP filter"), "\(said)")
        #expect(said.contains("the attribute `employeetype` stands here twice"), "\(said)")
        #expect(!said.contains("`file` is for kind"), "\(said)")
    }

    @Test func aMissingFileOfTheDirectoryHidesNothing() throws {
        let said = try check(
            ("rollcall.yaml", "    file: people.ldif\n", ""),
            ("rollcall.yaml", "\"ou=people,dc=example,dc=org\"", "\"people\""))
        #expect(said.contains("needs `file:`"), "\(said)")
        #expect(said.contains("expected a DN, found `people`"), "\(said)")
    }

    @Test func aMissingPlatformHidesNothingInTheMapping() throws {
        let said = try check(
            ("mapping.yaml", "when: {group: support}", "when: {attribute: {name: title, equals: x}}"),
            ("mapping.yaml", "when: {group: leads}", "when: {grup: leads}"), erasing: "vivi.yaml")
        #expect(said.contains("vivi.yaml"), "\(said)")
        #expect(said.contains("`grup` is not a key"), "\(said)")
        #expect(said.contains("`title`"), "\(said)")
    }

    @Test func aBrokenTargetHidesNothingInTheOthers() throws {
        let site = try site()
        try site.write(
            Array(
                """
                version: 1
                platform: vivi
                rules:
                  - {name: A, when: {group: support}, give: {workspace: support, role: chatuser}}

                """.utf8), to: "second.yaml")
        try site.replace(
            "approvals: approvals/",
            with: """
                  - name: second
                    platform: vivi.yaml
                    mapping: second.yaml
                    topology: {workspaces: {support: {seats: 5}}}
                  - name: third
                    platform: nowhere.yaml
                    mapping: mapping.yaml
                approvals: approvals/
                """)
        try site.replace("mapping: mapping.yaml\n    topology:", with: "mapping: gone.yaml\n    topology:")
        try site.write(Array("version: 1\nvalid: soon\n".utf8), to: "approvals/a.yaml")
        try site.write(Array("version: 1\ngroups: soon\n".utf8), to: "groups.lock.yaml")
        let said = try site.run(["check"]).text
        for words in ["gone.yaml", "nowhere.yaml", "`chatuser`", "a.yaml:2:8", "groups.lock.yaml:2:9"] {
            #expect(said.contains(words), "\(words) in: \(said)")
        }
    }

    @Test func aTargetWithoutANameHidesNothingInItsMapping() throws {
        let said = try check(
            ("rollcall.yaml", "- name: desk\n    platform", "- platform"),
            ("mapping.yaml", "role: chat-user", "role: chatuser"))
        #expect(said.contains("`name` is missing"), "\(said)")
        #expect(said.contains("`chatuser`"), "\(said)")
    }
}
