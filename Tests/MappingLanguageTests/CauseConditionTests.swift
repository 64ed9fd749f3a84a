import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import Testing

/// Causes of one's own and pilots name groups as rules do: bound, pinned, locked and frozen in the same way.
struct CauseConditionTests {
    private static let rule = "  - {name: desk, when: {group: support}, give: {workspace: support, role: agent}}\n"
    private static let place = SourcePosition(file: "rollcall.yaml", line: 9, column: 3)

    private func group(_ name: String) -> GroupReference {
        GroupReference(name: .name(name), directory: nil, base: nil, nested: true, position: CauseConditionTests.place)
    }

    private func mapping() throws -> Mapping {
        var mapping = try SampleMappings.mapping(SamplePlatforms.desk(), rules: CauseConditionTests.rule)
        mapping.causes = [
            CauseCondition(
                name: "leave", position: CauseConditionTests.place,
                condition: .all([.group(group("leave")), .not(.group(group("office")))]))
        ]
        mapping.pilot = group("pilot")
        return mapping
    }

    private func directory(_ names: [String] = ["support", "leave", "office", "pilot"]) -> SampleDirectory {
        var directory = SampleDirectory()
        for name in ["ada", "ben", "cem"] { directory.add(name) }
        let people = ["support": ["ada", "ben", "cem"], "leave": ["ada", "ben"], "office": ["ben"], "pilot": ["cem"]]
        for name in names { directory.group(name, people: people[name] ?? []) }
        return directory
    }

    @Test func conditionsOfThePolicySeeTheGroupsOfTheRules() throws {
        let (mirror, compiled, evaluation) = try EvaluationTests.night(
            try mapping(), directory(), trust: .pinned([]))
        #expect(evaluation.causes.map { mirror.names($0) } == [["ada"]])
        let pilot = try #require(evaluation.pilot)
        #expect(evaluation.groups[pilot].name == "pilot")
        #expect(mirror.names(evaluation.effectivePeople[pilot]) == ["cem"])
        #expect(compiled.pins.map(\.reference) == ["leave", "office", "pilot", "support"])
    }

    @Test func anExplanationTellsWhichHoldsAndWhy() throws {
        let (mirror, compiled, evaluation) = try EvaluationTests.night(
            try mapping(), directory(), trust: .pinned([]))
        let explainer = Explainer(compiled, evaluation, mirror, MembershipGraph(mirror))
        let causes = try ["ada", "ben", "cem"].map { explainer.explain(try mirror.place($0)).causes }
        #expect(causes.map { $0.map(\.name) } == [["leave"], ["leave"], ["leave"]])
        #expect(causes.map { $0.map(\.holds) } == [[true], [false], [false]])
        #expect(causes[1][0].condition.failures.map(\.text) == ["not in group `office`"])
        #expect(causes[2][0].condition.failures.map(\.text) == ["in group `leave`"])
    }

    @Test func anAbsentGroupStopsTheRun() throws {
        let mapping = try mapping()
        let mirror = try directory(["support", "leave", "office"]).mirror()
        #expect(throws: MappingRunError.self) { try CompiledMapping(mapping, mirror: mirror, trust: .pinned([])) }
    }

    @Test func theLockHoldsTheirGroupsToo() throws {
        let proposal = LockProposal([try mapping()], mirror: try directory().mirror(), current: nil, file: "lock")
        #expect(proposal.lock.groups.map(\.name).sorted() == ["leave", "office", "pilot", "support"])
    }

    @Test func aGroupThatIsNotLockedMeansNobody() throws {
        var mapping = try mapping()
        let rules = try SampleMappings.mapping(SamplePlatforms.desk(), rules: CauseConditionTests.rule)
        mapping.causes[0].condition = .group(group("leave"))
        let trust = try EvaluationTests.lock(rules, directory())
        let (_, compiled, evaluation) = try EvaluationTests.night(mapping, directory(), trust: trust)
        #expect(evaluation.causes.map(\.count) == [0])
        #expect(evaluation.pilot == compiled.groups.count)
    }
}
