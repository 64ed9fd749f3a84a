import AccessModel
import MappingLanguage
import Testing

struct MappingTestRunTests {
    @Test func testsRunWithoutADirectory() throws {
        let mapping = try SampleMappings.mapping(
            SamplePlatforms.desk(),
            text: """
                version: 1
                platform: desk
                rules:
                  - {name: desk, when: {group: support}, give: {workspace: support, role: guest, assistants: {order-bot: lead}}}
                  - name: managers
                    when: {group: "desk-{workspace}-managers", groups_under: "ou=desk,dc=org"}
                    give: {workspace: "{workspace}", role: lead}
                  - name: on call
                    when:
                      all:
                        - group: "cn=Engineering,ou=groups,dc=org"
                        - attribute: {name: title, matches: "*on-call*"}
                        - not: {group: contractors}
                    give: {workspace: support, role: agent}
                  - {name: nobody asks, when: {under: "ou=berlin,dc=org"}, give: {workspace: sales, role: guest}}
                tests:
                  - name: a contractor gets nothing
                    person: {groups: [engineering, contractors], attributes: {title: On-Call Engineer}}
                    expect: {}
                  - person: {groups: [desk-sales-managers, desk-support-managers]}
                    expect: {workspaces: {sales: lead, support: lead}}
                  - name: wrong
                    person: {groups: [support, engineering], attributes: {title: [On-Call]}}
                    expect: {workspaces: {support: {role: guest, assistants: {order-bot: lead}}}}
                """)
        let run = MappingTestRun(mapping)
        #expect(run.results.map(\.passed) == [true, true, false])
        #expect(run.results.map(\.test.name) == ["a contractor gets nothing", "test 2", "wrong"])
        #expect(run.results[2].matched == ["desk", "on call"])
        #expect(run.results[2].unexpected == ["role `agent` in `support`"])
        #expect(run.results[2].lacking == ["role `guest` in `support`"])
        #expect(run.untouched == ["nobody asks"])
        #expect(!run.passed)
    }
}
