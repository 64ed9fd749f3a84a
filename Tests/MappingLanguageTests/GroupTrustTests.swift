import AccessModel
import DirectoryModel
import MappingLanguage
import Testing

/// Which group is meant, night after night: by the lock file, or by the pins of the roster.
struct GroupTrustTests {
    private static let rule = "  - {name: desk, when: {group: support}, give: {workspace: support, role: agent}}\n"
    private static let excluding =
        "  - {name: desk, when: {all: [{group: staff}, {not: {group: support}}]}, give: {workspace: support, role: agent}}\n"
    private static let captured =
        "  - {name: desk, when: {group: \"desk-{w}\", groups_under: \"dc=org\"}, give: {workspace: \"{w}\", role: agent}}\n"

    enum Kind: CaseIterable { case locked, pinned }

    private func directory(_ groups: [(name: String, identity: String, people: [String])]) -> SampleDirectory {
        var directory = SampleDirectory()
        for name in ["ada", "ben"] { directory.add(name) }
        for group in groups {
            directory.group(group.name, people: group.people, identity: group.identity)
        }
        return directory
    }

    /// Trust as the first night leaves it.
    private func trust(_ kind: Kind, _ mapping: Mapping, _ first: SampleDirectory) throws -> GroupTrust {
        switch kind {
        case .locked: return try EvaluationTests.lock(mapping, first)
        case .pinned:
            let compiled = try CompiledMapping(mapping, mirror: first.mirror(), trust: .pinned([]))
            return .pinned(compiled.pins)
        }
    }

    private func support(_ identity: String, _ name: String = "support") -> SampleDirectory {
        directory([(name, identity, ["ada"])])
    }

    @Test(arguments: Kind.allCases) func aRenamedGroupKeepsWorking(kind: Kind) throws {
        let mapping = try SampleMappings.mapping(SamplePlatforms.desk(), rules: GroupTrustTests.rule)
        let trust = try trust(kind, mapping, support("s1"))
        let (mirror, compiled, evaluation) = try EvaluationTests.night(mapping, support("s1", "helpdesk"), trust: trust)
        #expect(try EvaluationTests.access("ada", mirror, evaluation) == ["role `agent` in `support`"])
        #expect(compiled.groups[0].standing == .renamed(from: "support"))
        #expect(
            evaluation.findings.map(\.message) == [
                "group `support` is now called `helpdesk`; it goes on giving what it gave"
            ])
    }

    @Test(arguments: Kind.allCases) func aGroupMadeAgainGivesNothing(kind: Kind) throws {
        let mapping = try SampleMappings.mapping(SamplePlatforms.desk(), rules: GroupTrustTests.rule)
        let trust = try trust(kind, mapping, support("s1"))
        let (mirror, compiled, evaluation) = try EvaluationTests.night(mapping, support("s2"), trust: trust)
        #expect(try EvaluationTests.access("ada", mirror, evaluation) == [])
        #expect(compiled.groups.map(\.standing) == [.recreated])
        #expect(compiled.groups[0].key.id == (try SampleDirectory.id("s1")))
        #expect(evaluation.findings.map(\.code) == ["mapping.group-recreated"])
    }

    @Test(arguments: Kind.allCases) func theNameOfARenamedGroupCannotBeTakenOver(kind: Kind) throws {
        let mapping = try SampleMappings.mapping(SamplePlatforms.desk(), rules: GroupTrustTests.rule)
        let trust = try trust(kind, mapping, support("s1"))
        let taken = directory([("helpdesk", "s1", ["ada"]), ("support", "s2", ["ben"])])
        let (mirror, _, evaluation) = try EvaluationTests.night(mapping, taken, trust: trust)
        #expect(try EvaluationTests.access("ada", mirror, evaluation) == ["role `agent` in `support`"])
        #expect(try EvaluationTests.access("ben", mirror, evaluation) == [])
    }

    @Test(arguments: Kind.allCases) func aVanishedGroupIsThereToBeFrozen(kind: Kind) throws {
        let mapping = try SampleMappings.mapping(SamplePlatforms.desk(), rules: GroupTrustTests.rule)
        let trust = try trust(kind, mapping, support("s1"))
        let (mirror, compiled, evaluation) = try EvaluationTests.night(mapping, directory([]), trust: trust) { mirror in
            [GroupKey(directory: "corp", id: try SampleDirectory.id("s1")): .sparse([try mirror.place("ada")])]
        }
        #expect(compiled.groups.map(\.standing) == [.vanished])
        #expect(compiled.groups[0].index == nil)
        #expect(try EvaluationTests.access("ada", mirror, evaluation) == ["role `agent` in `support`"])
    }

    @Test(arguments: Kind.allCases) func insideNotAGroupMustBeThere(kind: Kind) throws {
        let mapping = try SampleMappings.mapping(SamplePlatforms.desk(), rules: GroupTrustTests.excluding)
        let first = directory([("staff", "st", ["ada"]), ("support", "s1", ["ben"])])
        let trust = try trust(kind, mapping, first)
        let gone = try directory([("staff", "st", ["ada"])]).mirror()
        let error = #expect(throws: MappingRunError.self) {
            try CompiledMapping(mapping, mirror: gone, trust: trust)
        }
        #expect(error?.problems.map(\.code) == ["mapping.group-absent-in-not"])
    }

    @Test func whatIsNotLockedGivesNothing() throws {
        let mapping = try SampleMappings.mapping(SamplePlatforms.desk(), rules: GroupTrustTests.rule)
        let trust = GroupTrust.locked(GroupLock(file: "groups.lock.yaml", groups: []))
        let (mirror, compiled, evaluation) = try EvaluationTests.night(mapping, support("s1"), trust: trust)
        #expect(try EvaluationTests.access("ada", mirror, evaluation) == [])
        #expect(compiled.groups.map(\.standing) == [.notLocked])
        #expect(evaluation.findings.map(\.code) == ["mapping.group-not-locked"])
    }

    @Test func aNewMatchOfACapturedNameWaitsForTheLock() throws {
        let mapping = try SampleMappings.mapping(SamplePlatforms.desk(), rules: GroupTrustTests.captured)
        var first = SampleDirectory()
        for name in ["ada", "ben"] { first.add(name) }
        first.group("desk-sales", people: ["ada"])
        var second = first
        second.group("desk-support", people: ["ben"])
        let locked = try EvaluationTests.night(mapping, second, trust: EvaluationTests.lock(mapping, first))
        #expect(try EvaluationTests.access("ada", locked.mirror, locked.evaluation) == ["role `agent` in `sales`"])
        #expect(try EvaluationTests.access("ben", locked.mirror, locked.evaluation) == [])
        #expect(locked.evaluation.findings.map(\.code) == ["mapping.group-not-locked"])
        let pinned = try EvaluationTests.night(mapping, second, trust: trust(.pinned, mapping, first))
        #expect(try EvaluationTests.access("ben", pinned.mirror, pinned.evaluation) == ["role `agent` in `support`"])
        #expect(
            pinned.compiled.pins.map(\.reference) == ["desk-sales under dc=org", "desk-support under dc=org"])
    }

    @Test(arguments: Kind.allCases) func aCapturedGroupKeepsItsWordWhenRenamed(kind: Kind) throws {
        let mapping = try SampleMappings.mapping(SamplePlatforms.desk(), rules: GroupTrustTests.captured)
        let trust = try trust(kind, mapping, directory([("desk-sales", "d1", ["ada"])]))
        let renamed = directory([("desk-support", "d1", ["ada"])])
        let (mirror, _, evaluation) = try EvaluationTests.night(mapping, renamed, trust: trust)
        #expect(try EvaluationTests.access("ada", mirror, evaluation) == ["role `agent` in `sales`"])
        #expect(evaluation.findings.map(\.code) == ["mapping.group-renamed"])
    }

    @Test func theLockTellsWhatChanged() throws {
        let mapping = try SampleMappings.mapping(
            SamplePlatforms.desk(),
            rules: ["kept", "renamed", "remade", "gone", "new"].map {
                "  - {when: {group: \($0)}, give: {workspace: support, role: agent}}\n"
            }.joined())
        let group = { (name: String, identity: String) throws in
            KnownGroup(
                key: GroupKey(directory: "corp", id: try SampleDirectory.id(identity)), name: name,
                dn: "cn=\(name),ou=groups,dc=example,dc=org")
        }
        let before = GroupLock(
            file: "l",
            groups: [
                try group("kept", "k"), try group("renamed", "r"), try group("remade", "m1"), try group("gone", "g"),
                try group("unused", "u"),
            ])
        let today = directory([
            ("kept", "k", []), ("other", "r", []), ("remade", "m2", []), ("new", "n", []), ("unused", "u", []),
        ])
        let proposal = LockProposal([mapping], mirror: try today.mirror(), current: before, file: "l")
        #expect(proposal.problems == [])
        #expect(
            proposal.changes == [
                .vanished(try group("gone", "g")), .added(try group("new", "n")),
                .replaced(locked: try group("remade", "m1"), by: try group("remade", "m2")),
                .removed(try group("unused", "u")),
            ])
        #expect(proposal.lock.groups.map(\.name) == ["gone", "kept", "new", "remade", "renamed"])
    }
}
