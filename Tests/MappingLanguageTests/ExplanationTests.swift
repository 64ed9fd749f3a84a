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
        let whyNot = explanation.rules(giving: .role("auditor"))
        #expect(
            whyNot.flatMap(\.condition.failures).map(\.text) == [
                "title equals \"Auditor\"", "not in group `leads`",
            ])
        #expect(
            explanation.rules[3].condition.note == "only through a nested group, and the rule counts direct members")
    }
    /// What is not any of some things is none of them: the one that is so stands in the way.
    @Test func whatIsUnderANotIsTakenApart() throws {
        let mapping = try SampleMappings.mapping(
            SamplePlatforms.desk(),
            rules: """
                  - name: others
                    when: {all: [{group: all}, {not: {any: [{group: leads}, {group: guests}]}}]}
                    give: {workspace: support, role: agent}
                  - {name: either, when: {any: [{group: guests}, {group: nobody}]}, give: {workspace: support, role: agent}}
                """)
        var directory = SampleDirectory()
        directory.add("ada")
        directory.group("all", people: ["ada"])
        directory.group("leads", people: ["ada"])
        directory.group("guests")
        directory.group("nobody")
        let (mirror, compiled, evaluation) = try EvaluationTests.night(mapping, directory)
        let explanation = Explainer(compiled, evaluation, mirror, MembershipGraph(mirror))
            .explain(try mirror.place("ada"))
        let condition = explanation.rules[0].condition
        #expect(condition.firstFailures.map(\.text) == ["not in group `leads`"])
        #expect(condition.parts[1].text == "all of")
        #expect(condition.parts[1].parts.map(\.isMet) == [false, true])
        #expect(
            explanation.rules[1].condition.firstFailures.map(\.text) == ["in group `guests`", "in group `nobody`"])
    }

    /// Of parts that are all needed only the first that failed is named, since the others may never come to matter.
    @Test func theFirstFailureIsNamed() throws {
        let mapping = try SampleMappings.mapping(
            SamplePlatforms.desk(),
            rules: """
                  - {name: both, when: {all: [{group: all}, {group: leads}, {group: guests}]}, give: {workspace: support, role: agent}}
                """)
        var directory = SampleDirectory()
        directory.add("ada")
        directory.group("all", people: ["ada"])
        directory.group("leads")
        directory.group("guests")
        let (mirror, compiled, evaluation) = try EvaluationTests.night(mapping, directory)
        let explanation = Explainer(compiled, evaluation, mirror, MembershipGraph(mirror))
            .explain(try mirror.place("ada"))
        #expect(explanation.rules[0].condition.firstFailures.map(\.text) == ["in group `leads`"])
        #expect(explanation.rules[0].condition.failures.count == 2)
        #expect(explanation.rules(giving: .workspace("support")).count == 1)
        #expect(explanation.rules(giving: .workspace("sales")).isEmpty)
        #expect(explanation.rules(giving: .template("x")).isEmpty)
        #expect(explanation.rules(giving: .anything).count == 1)
    }
}
