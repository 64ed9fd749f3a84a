import AccessModel
import DirectoryModel
import MappingLanguage
import Testing

struct ExplanationTests {
    @Test func everyRuleTellsWhatItDidAndWhyNot() throws {
        let mapping = try SampleMappings.mapping(
            SamplePlatforms.desk(),
            rules: """
                  - {name: desk, when: {group: all}, give: {workspace: support, role: agent}}
                  - {name: leads, when: {group: leads}, give: {workspace: support, role: lead}}
                  - name: audit
                    when: {all: [{group: all}, {attribute: {name: title, equals: Auditor}}, {not: {group: leads}}]}
                    give: {workspace: sales, role: auditor}
                  - {name: direct, when: {group: all, nested: false}, give: {workspace: sales, role: guest}}
                """)
        var directory = SampleDirectory()
        directory.add("ada", [("title", ["Boss"])])
        directory.group("all", groups: ["middle"])
        directory.group("middle", groups: ["leads"])
        directory.group("leads", people: ["ada"])
        let (mirror, compiled, evaluation) = try EvaluationTests.night(mapping, directory)
        let explainer = Explainer(compiled, evaluation, mirror, MembershipGraph(mirror))
        let explanation = explainer.explain(try mirror.place("ada"))
        #expect(explanation.matched.map(\.rule.name) == ["desk", "leads"])
        #expect(explanation.rules[0].condition.chain == ["leads", "middle", "all"])
        #expect(
            explanation.rules[0].outcomes == ["role `agent` in `support` loses to the higher `lead` of rule `leads`"])
        #expect(explanation.rules[1].outcomes == ["gives role `lead` in `support`"])
        let whyNot = explanation.rules(giving: "auditor")
        #expect(
            whyNot.flatMap(\.condition.failures).map(\.text) == [
                "title equals \"Auditor\"", "not in group `leads`",
            ])
        #expect(
            explanation.rules[3].condition.note == "only through a nested group, and the rule counts direct members")
    }
}
