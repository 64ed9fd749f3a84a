import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import Testing

/// What is allowed and hardly meant is told once, with its place; what is meant is left alone.
struct LintTests {
    /// Codes of the warnings about rules, by line.
    private func codes(_ platform: Platform, _ rules: String) throws -> [String] {
        var diagnostics = DiagnosticList()
        let text = "version: 1\nplatform: \(platform.name)\nrules:\n" + rules
        let mapping = MappingFile.mapping(
            SourceFile(name: "m.yaml", text: text), in: SampleMappings.context(platform), into: &diagnostics)
        #expect(mapping != nil, "\(diagnostics.text)")
        return diagnostics.sorted.map { "\($0.position?.line ?? 0) \($0.code)" }
    }

    private func desk(_ when: String...) throws -> [String] {
        try codes(
            SamplePlatforms.desk(),
            when.map { "  - {when: \($0), give: {workspace: support, role: guest}}\n" }.joined())
    }

    @Test(arguments: [
        "{all: [{group: a}, {not: {group: a}}]}",
        "{all: [{group: a, nested: false}, {not: {group: a}}]}",
        "{all: [{group: A}, {not: {group: a}}]}",
        "{all: [{attribute: {name: title, equals: Boss}}, {not: {attribute: {name: title, present: true}}}]}",
        "{all: [{attribute: {name: title, in: [boss, chief]}}, {not: {attribute: {name: title, matches: \"*\u{3f}*\"}}}]}",
        "{all: [{under: \"ou=a,dc=org\"}, {under: \"ou=b,dc=org\"}]}",
        "{all: [{under: \"ou=x,ou=a,dc=org\"}, {not: {under: \"OU=A,DC=org\"}}]}",
        "{all: [{id: one}, {id: two}]}",
        "{all: [{any: [{group: a}, {group: b}]}, {not: {group: a}}, {not: {group: b}}]}",
    ]) func whatNobodyCanMeetIsTold(_ when: String) throws {
        #expect(try desk(when) == ["4 mapping.never-matches"], "\(when)")
    }

    @Test(arguments: [
        "{all: [{group: a}, {not: {group: b}}]}",
        "{all: [{group: a}, {not: {group: a, nested: false}}]}",
        // An attribute may have both values.
        "{all: [{attribute: {name: title, equals: a}}, {attribute: {name: title, equals: b}}]}",
        "{all: [{attribute: {name: title, equals: a}}, {not: {attribute: {name: title, equals: b}}}]}",
        "{all: [{under: \"ou=a,dc=org\"}, {under: \"dc=org\"}]}",
        "{any: [{group: a}, {group: b}]}",
    ]) func whatSomebodyCanMeetIsNot(_ when: String) throws {
        #expect(try desk(when) == [], "\(when)")
    }

    @Test func whatEverybodyMeetsIsTold() throws {
        #expect(try desk("{any: [{group: a}, {not: {group: a}}]}") == ["4 mapping.matches-everybody"])
    }

    @Test func aRuleThatAWiderOneCoversIsTold() throws {
        let rules = """
              - {name: wide, when: {any: [{group: a}, {group: b}]}, give: {workspace: support, role: agent}}
              - {name: same, when: {group: a}, give: {workspace: support, role: agent}}
              - {name: lower, when: {group: b}, give: {workspace: support, role: guest}}
              - {name: higher, when: {group: a}, give: {workspace: support, role: lead}}
              - {name: elsewhere, when: {group: a}, give: {workspace: sales, role: guest}}
              - {name: first in line, when: {group: b}, give: {workspace: support, role: agent}, seat_priority: 5}

            """
        #expect(
            try codes(SamplePlatforms.desk(), rules) == [
                "5 mapping.shadowed-rule", "6 mapping.shadowed-rule",
            ])
    }

    @Test func ofTwoEqualRulesTheLaterIsTold() throws {
        #expect(
            try desk("{all: [{group: a}, {group: b}]}", "{all: [{group: b}, {group: a}]}") == [
                "5 mapping.shadowed-rule"
            ])
    }

    @Test func rulesForOneWorkspaceAndForEachAreNotTakenForEachOther() throws {
        let rules = """
              - {when: {group: "desk-{workspace}", groups_under: "dc=org"}, give: {workspace: "{workspace}", role: agent}}
              - {when: {group: desk-support}, give: {workspace: support, role: guest}}

            """
        #expect(try codes(SamplePlatforms.desk(), rules) == [])
    }

    @Test func templatesThatAlwaysMeetAreTold() throws {
        let platform = try SamplePlatforms.shop()
        let templates = "templates:\n  one: {title: One, permissions: {}}\n  two: {title: Two, permissions: {}}\n"
        let rules = """
              - {name: wide, when: {group: a}, give: {template: one}}
              - {name: narrow, when: {all: [{group: a}, {group: b}]}, give: {template: two}}

            """
        #expect(
            try codes(platform, rules + templates).filter { $0.contains("contradicting") } == [
                "5 mapping.contradicting-templates"
            ])
        let ranked = rules.replacing("template: two}}", with: "template: two}, template_priority: 1}")
        #expect(try codes(platform, ranked + templates).filter { $0.contains("contradicting") } == [])
    }

    /// A template that is retired on purpose, and one that a rule gives, are left alone.
    @Test func aTemplateThatNoRuleGivesIsTold() throws {
        let templates = """
            templates:
              given: {title: Given, permissions: {}}
              idle: {title: Idle, permissions: {}}
              old: {title: Old, permissions: {}, retired: true}

            """
        #expect(
            try codes(SamplePlatforms.shop(), "  - {when: {group: a}, give: {template: given}}\n" + templates) == [
                "7 mapping.unused-template"
            ])
    }

    @Test func largeConditionsAreLeftAlone() throws {
        let many = (0..<60).map { "{any: [{group: a\($0)}, {not: {group: b\($0)}}]}" }.joined(separator: ", ")
        #expect(try desk("{all: [\(many)]}") == [])
    }

    // In view of a directory.

    private func mirrorCodes(_ rules: String, _ directory: SampleDirectory) throws -> [String] {
        let mapping = try SampleMappings.mapping(SamplePlatforms.desk(), rules: rules)
        return MirrorLint(mapping, mirror: try directory.mirror(), lock: nil).findings.map {
            "\($0.code) \($0.hint ?? "")"
        }
    }

    @Test func absentAndEmptyGroupsAreToldWithTheNearestName() throws {
        var directory = SampleDirectory()
        directory.add("ada")
        directory.group("support", people: ["ada"])
        directory.group("sales")
        directory.group("saless", people: ["ada"])
        let found = try mirrorCodes(
            """
              - {when: {group: suport}, give: {workspace: support, role: guest}}
              - {when: {group: sales}, give: {workspace: sales, role: guest}}
              - {when: {group: support}, give: {workspace: support, role: guest}}
            """, directory)
        #expect(
            found == [
                "mapping.group-absent did you mean `support`?", "mapping.group-empty there is a group `saless`, too",
            ])
    }

    @Test func aGroupOneLetterFromAnOpenNameIsTold() throws {
        var directory = SampleDirectory()
        directory.add("ada")
        directory.group("desk-support-managers", people: ["ada"])
        directory.group("desk-sales-manegers", people: ["ada"])
        directory.group("other", people: ["ada"])
        let found = try mirrorCodes(
            """
              - when: {group: "desk-{workspace}-managers", groups_under: "dc=example,dc=org"}
                give: {workspace: "{workspace}", role: agent}
            """, directory)
        #expect(found == ["mapping.group-near-miss rename the group, if it is meant"])
    }

    /// A rule for the groups of all workspaces, in a directory where these groups have a member each.
    private func openName(_ groups: String..., base: String = "dc=example,dc=org") throws -> [MappingFinding] {
        var directory = SampleDirectory()
        directory.add("ada")
        for group in groups { directory.group(group, people: ["ada"]) }
        let rules = """
              - name: desks
                when: {group: "desk-{workspace}", groups_under: "\(base)"}
                give: {workspace: "{workspace}", role: agent}
            """
        let mapping = try SampleMappings.mapping(SamplePlatforms.desk(), rules: rules)
        return MirrorLint(mapping, mirror: try directory.mirror(), lock: nil).findings
    }

    @Test func anOpenNameThatNoGroupFitsIsTold() throws {
        for found in [try openName("support"), try openName("desk-support", base: "ou=elsewhere,dc=org")] {
            #expect(found.map(\.code) == ["mapping.captured-nothing"])
            #expect(found.first?.message.hasPrefix("no group matches `desk-{workspace} under ") == true)
            #expect(found.first?.position?.line == 5)
        }
        #expect(try openName("desk-support").isEmpty)
    }

    @Test func aWordThatTheTopologyLacksIsToldWithItsGroup() throws {
        let found = try openName("desk-suport", "desk-support", "desk-legal")
        #expect(
            found.map(\.message) == [
                "group `desk-legal` fits rule `desks`, but `legal` is not in the topology: it gives nothing",
                "group `desk-suport` fits rule `desks`, but `suport` is not in the topology: it gives nothing",
            ])
        #expect(found.map(\.code) == Array(repeating: "mapping.captured-word-unknown", count: 2))
        #expect(found.last?.hint == "did you mean `support`?")
        #expect(found.allSatisfy { $0.position?.line == 4 })
    }

    @Test(arguments: [(["ada"], ["ben"], true), (["ada", "ben"], ["ben"], false)])
    func aRuleThatNobodyFitsIsTold(_ support: [String], _ sales: [String], isTold: Bool) throws {
        var directory = SampleDirectory()
        for name in ["ada", "ben"] { directory.add(name) }
        directory.group("support", people: support)
        directory.group("sales", people: sales)
        let found = try mirrorCodes(
            "  - {when: {all: [{group: support}, {group: sales}]}, give: {workspace: support, role: guest}}", directory)
        #expect(found == (isTold ? ["mapping.rule-matches-nobody "] : []))
    }

    @Test func aDirectoryAsTheRulesWantItHasNothingOdd() throws {
        var directory = SampleDirectory()
        directory.add("ada")
        directory.group("support", people: ["ada"])
        #expect(
            try mirrorCodes("  - {when: {group: support}, give: {workspace: support, role: guest}}", directory) == [])
    }
}
