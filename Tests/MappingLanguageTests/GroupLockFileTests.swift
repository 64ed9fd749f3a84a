import Diagnostics
import DirectoryModel
import MappingLanguage
import Testing

struct GroupLockFileTests {
    @Test func whatIsWrittenReadsBackTheSame() throws {
        let ids = [
            try #require(ImmutableID(text: "550e8400-e29b-41d4-a716-446655440000")),
            try #require(ImmutableID(text: "support-1")), try #require(ImmutableID(bytes: [0, 255, 7])),
            try #require(ImmutableID(text: "0x41")),
        ]
        let names = ["Über \"uns\"", "back\\slash", "turned\u{202E}", "plain: yes #no"]
        let groups = zip(ids, names).map { id, name in
            KnownGroup(key: GroupKey(directory: "corp", id: id), name: name, dn: "cn=\(name),dc=org")
        }
        for directories in [["corp"], ["corp", "other"]] {
            let lock = GroupLock(file: "l.yaml", groups: groups)
            let text = GroupLockFile.text(lock, directories: directories)
            #expect(
                text
                    == GroupLockFile.text(
                        GroupLock(file: "l.yaml", groups: groups.reversed()), directories: directories))
            var diagnostics = DiagnosticList()
            let read = GroupLockFile.lock(
                SourceFile(name: "l.yaml", text: text), directories: directories, into: &diagnostics)
            #expect(diagnostics.text == "")
            #expect(read == lock)
        }
    }

    @Test func namesThatNoFileCanHoldAreLockedAllTheSame() throws {
        let mapping = try SampleMappings.mapping(
            SamplePlatforms.desk(), rules: "  - {when: {group: {id: b1}}, give: {workspace: support, role: agent}}\n")
        var directory = SampleDirectory()
        directory.add("ada")
        directory.group("bell\u{7}", people: ["ada"], identity: "b1")
        let proposal = LockProposal([mapping], mirror: try directory.mirror(), current: nil, file: "l.yaml")
        let text = GroupLockFile.text(proposal.lock, directories: ["corp"])
        var diagnostics = DiagnosticList()
        let read = GroupLockFile.lock(SourceFile(name: "l.yaml", text: text), directories: ["corp"], into: &diagnostics)
        let lock = try #require(read)
        let (mirror, compiled, evaluation) = try EvaluationTests.night(mapping, directory, trust: .locked(lock))
        #expect(compiled.groups.map(\.standing) == [.found])
        #expect(try EvaluationTests.access("ada", mirror, evaluation) == ["role `agent` in `support`"])
    }

    @Test func theFileIsMadeForReview() throws {
        let id = try #require(ImmutableID(text: "550e8400-e29b-41d4-a716-446655440000"))
        let lock = GroupLock(
            file: "l",
            groups: [KnownGroup(key: GroupKey(directory: "corp", id: id), name: "support", dn: "cn=support,dc=org")])
        #expect(
            GroupLockFile.text(lock, directories: ["corp"]) == """
                # yaml-language-server: $schema=../config/schema/groups.lock.schema.json
                # Written by `rollcall lock`. Only these groups give anything, by id. Review changes like code.
                version: 1
                groups:
                  - name: "support"
                    id: "550e8400-e29b-41d4-a716-446655440000"
                    dn: "cn=support,dc=org"

                """)
    }

    @Test func mistakesAreNamed() {
        let text = """
            version: 1
            groups:
              - {name: a, id: same, dn: "cn=a"}
              - {name: b, id: same, dn: "cn=b"}
              - {name: c, id: "1234567890123456789", dn: "cn=c"}
              - {name: d, id: d, dn: "cn=d", directory: crop}
            """
        var diagnostics = DiagnosticList()
        let lock = GroupLockFile.lock(SourceFile(name: "l", text: text), directories: ["corp"], into: &diagnostics)
        #expect(lock == nil)
        #expect(
            diagnostics.sorted.map { "\($0.position?.line ?? 0): \($0.message) | \($0.hint ?? "")" } == [
                "4: group `b` stands here with the id of the one in line 3 | remove one of them, or run `rollcall lock`",
                "5: expected an immutable id, found `1234567890123456789` | run `rollcall lock`, which writes it",
                "6: there is no directory `crop` | did you mean `corp`?",
            ])
    }
}
