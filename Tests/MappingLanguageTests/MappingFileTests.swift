import AccessModel
import Diagnostics
import MappingLanguage
import Testing

/// Each fixture carries what must be said of a line at the end of that line, after `#!`.
struct MappingFileTests {
    @Test func everyMistakeInWorkspacesIsNamed() throws {
        try check(
            SamplePlatforms.desk(),
            """
            version: 1
            platform: desk
            rules:
              - when: {group: a}
                give: {workspace: suport, role: agent}  #! 23 error mapping.unknown-workspace: there is no workspace `suport` in the topology | did you mean `support`?
              - when: {group: b}
                give: {workspace: support, role: agnet}  #! 38 error mapping.unknown-role: there is no role `agnet` on platform `desk` | did you mean `agent`?
              - when: {group: c}
                give: {role: agent}  #! 18 error mapping.no-workspace: role `agent` is given in one workspace, and the rule does not say which | add `workspace:`
              - when: {group: d, nested: false}
                give: {workspace: support, role: owner}  #! 38 error mapping.wrong-scope: role `owner` is one of the whole account, not of one workspace | leave out `workspace`
                privileged: true
              - when: {group: e}
                give: {workspace: support}  #! 11 error mapping.no-role: the rule names no role, and platform `desk` has no default role | the roles are: `owner`, `lead`, `auditor`, `agent`, `guest`
              - when: {group: f}
                give: {workspace: support, role: guest, assistants: {ordr-bot: lead}}  #! 58 error mapping.unknown-assistant: there is no assistant `ordr-bot` in the topology of this workspace | did you mean `order-bot`?
              - when: {group: g}
                give: {workspace: support, role: guest, assistants: {order-bot: agent}}  #! 69 error mapping.unknown-grant: role `agent` cannot be given on one assistant | possible: `lead`
              - when: {group: h}
                give: {workspace: support, role: lead, assistants: {order-bot: lead}}  #! 57 warning mapping.grant-without-effect: `lead` on one assistant adds nothing to role `lead` | leave it out
              - when: {group: i}
                give: {workspace: support, role: guest, template: x}  #! 55 error mapping.no-templates: platform `desk` has no templates | give a role, or permissions
              - when: {group: j}
                give: {workspace: support, role: guest, permissions: {bots: full}}  #! 45 error mapping.permissions-in-workspace: permissions are given for the whole account, not for one workspace | write them in a rule of their own, without `workspace`
              - when: {group: k}
                give: {workspace: support, role: agent}
                otherwise: {role: auditor}  #! 23 error mapping.otherwise-needs-seat: `auditor` needs a seat of class `seat` just like `agent` | name a role that needs none, or leave out `otherwise`
              - when: {group: l}
                give: {workspace: support, role: agent}
                otherwise: {role: owner}  #! 23 error mapping.otherwise-scope: `owner` is not given where `agent` is, so it cannot stand in for it | name a role of the same kind of scope
              - when: {group: m}
                give: {workspace: support, role: guest}
                otherwise: {role: guest}  #! 23 warning mapping.otherwise-unused: `guest` needs no seat, so `otherwise` is never used | leave it out
            """)
    }

    @Test func everyMistakeInConditionsIsNamed() throws {
        try check(
            SamplePlatforms.desk(),
            """
            version: 1
            platform: shop  #! 11 error mapping.other-platform: the mapping is for `shop`, but the target's platform is `desk` | name the same platform in both files
            rules:
              - name: same
                when: {group: "desk-{workspace}"}  #! 19 error mapping.captured-without-base: `desk-{workspace}` leaves a word open and needs a base, so that nobody can add a group elsewhere | add `groups_under:` with the DN above these groups
                give: {workspace: support, role: guest}
              - name: same  #! 11 warning mapping.duplicate-name: there is another rule `same`, in line 4 | give it a name of its own: reports go by it
                when: {group: support}
                give: {workspace: "{workspace}", role: guest}  #! 23 error mapping.not-captured: nothing in `when` captures `{workspace}` | leave a word open in the rule's group: `desk-{workspace}`, with `groups_under`
              - when: {group: "desk-{workspace}", groups_under: "ou=desk,dc=example,dc=org"}
                give: {workspace: "{team}", role: guest}  #! 23 error mapping.not-captured: nothing in `when` captures `{team}` | the rule captures `{workspace}`, which stands alone
              - when: {group: "{a}-{b}", groups_under: "ou=desk,dc=example,dc=org"}  #! 19 error mapping.malformed-capture: expected one open word in braces, lower-case, found `{a}-{b}` | write it like `desk-{workspace}`
                give: {workspace: support, role: guest}
              - when: {all: [{group: x}, {not: {group: "y-{w}", groups_under: "dc=org"}}]}  #! 44 error mapping.captured-in-not: `y-{w}` stands inside `not`, where no word may be left open | name the groups one by one
                give: {workspace: support, role: guest}
              - when: {group: "desk-*"}  #! 19 error mapping.glob-group: a group is named in full, `desk-*` is a pattern | name each group, or leave one word open: `desk-{workspace}` with `groups_under`
                give: {workspace: support, role: guest}
              - when: {group: "cn=a,,dc=org"}  #! 19 error mapping.malformed-dn: expected a DN, found `cn=a,,dc=org` | write it like `ou=groups,dc=example,dc=org`
                give: {workspace: support, role: guest}
              - when: {under: people}  #! 19 error mapping.malformed-dn: expected a DN, found `people` | write it like `ou=groups,dc=example,dc=org`
                give: {workspace: support, role: guest}
              - when: {attribute: {name: titel, equals: x}}  #! 30 error mapping.untrusted-attribute: attribute `titel` is not trusted: people may be able to edit it on themselves | did you mean `title`?
                give: {workspace: support, role: guest}
              - when: {attribute: {name: shoeSize, equals: x}}  #! 30 error mapping.untrusted-attribute: attribute `shoeSize` is not trusted: people may be able to edit it on themselves | add it to `trusted_attributes` of the directory if only administrators can write it
                give: {workspace: support, role: guest}
              - when: {attribute: {name: title, present: false}}  #! 46 error mapping.present-false: `present` can only be true | write `not: {attribute: {name: …, present: true}}`
                give: {workspace: support, role: guest}
              - when: {attribute: {name: title, starts: x}}  #! 37 error file.unknown-key: …
                give: {workspace: support, role: guest}
              - when: {attribute: {name: title, matches: "**"}}  #! 46 warning mapping.pattern-matches-all: `**` matches every value | write `present: true`, which says so
                give: {workspace: support, role: guest}
              - when: {id: "123456789012345678901234567890"}  #! 16 error mapping.malformed-id: expected an immutable id, found `123456789012345678901234567890` | `rollcall explain` and `rollcall groups` show ids
                give: {workspace: support, role: guest}
            """)
    }

    @Test func whatIsPrivilegedTakesAPrivilegedRule() throws {
        try check(
            SamplePlatforms.shop(),
            """
            version: 1
            platform: shop
            templates: {boss: {permissions: {users: [edit]}}}
            rules:
              - when: {group: a}
                give: {role: admin}  #! 11 error mapping.needs-privileged: role `admin` takes a privileged rule | add `privileged: true` to the rule, name one literal group and say `nested: true` or `false`
              - when: {group: b}
                give: {template: boss}  #! 11 error mapping.needs-privileged: template `boss` takes a privileged rule | add `privileged: true` to the rule, name one literal group and say `nested: true` or `false`
              - when: {group: c}
                give: {permissions: {users: [view, delete]}}  #! 11 error mapping.needs-privileged: permission `users: delete` takes a privileged rule | add `privileged: true` to the rule, name one literal group and say `nested: true` or `false`
              - when: {group: d}  #! 19 error mapping.privileged-nested: a privileged rule must say whether members of nested groups count | add `nested: false`, or `nested: true` if you mean it
                give: {role: admin}
                privileged: true
              - when: {attribute: {name: title, equals: boss}}
                give: {role: admin}
                privileged: true  #! 5 error mapping.privileged-needs-group: a privileged rule must need membership in a group, whatever else it asks | add `group:` to its `when`, with `all` around it and the rest
              - when: {any: [{group: e, nested: true}, {under: "dc=org"}]}
                give: {role: admin}
                privileged: true  #! 5 error mapping.privileged-needs-group: a privileged rule must need membership in a group, whatever else it asks | add `group:` to its `when`, with `all` around it and the rest
              - when: {group: "f-{word}", groups_under: "dc=org", nested: true}
                give: {role: admin}
                privileged: true  #! 5 error mapping.privileged-captured: a privileged rule may not leave a word of a group's name open | name the group in full
              - when: {all: [{group: g, nested: false}, {attribute: {name: title, equals: boss}}]}
                give: {role: admin}
                privileged: true
              - when: {group: h, nested: false}
                give: {permissions: {users: [view]}}
                privileged: true  #! 5 warning mapping.needlessly-privileged: nothing that this rule gives is privileged | leave out `privileged: true`
            """)
    }

    @Test func everyMistakeInGiftsIsNamed() throws {
        try check(
            SamplePlatforms.shop(),
            """
            version: 1
            platform: shop
            templates:
              old: {permissions: {orders: [view]}, retired: true}
              odd: {permissions: {ordres: [view], prices: [look]}}  #! 23 error platform.unknown-area: there is no area `ordres` on this platform | did you mean `orders`? #! 48 error platform.unknown-value: expected one of `view`, `edit`, `delete` for area `prices`, found `look`
            rules:
              - when: {group: a}
                give: {workspace: x, role: user}  #! 23 error mapping.no-workspaces: platform `shop` has no workspaces | leave out `workspace`
              - when: {group: b}
                give: {templates: [old, clerk]}  #! 24 warning mapping.retired-template: template `old` is retired | give another one, so that nobody new gets it #! 29 error mapping.several-templates: a user of platform `shop` has one template, not 2 | keep one of them
              - when: {group: c}
                give: {template: clark}  #! 22 error mapping.unknown-template: there is no template `clark` | did you mean `clerk`?
              - when: {group: d}
                give: {switches: {vip_acess: true}}  #! 23 error mapping.unknown-switch: there is no switch `vip_acess` on platform `shop` | did you mean `vip_access`?
              - when: {group: e}
                give: {switches: {vip_access: false}}  #! 35 error mapping.switch-off: `vip_access: false` gives nothing, and there is no way to deny | remove the line; what no rule gives, nobody has
            """)
    }

    @Test func noneIsNotGiven() throws {
        try check(
            SamplePlatforms.studio(),
            """
            version: 1
            platform: studio
            rules:
              - when: {group: a}
                give: {permissions: {build/flows: none}}  #! 39 error platform.nothing-given: `none` gives nothing, and there is no way to deny | remove the line; what no rule gives, nobody has
            """)
    }

    @Test func aMappingWithoutRulesIsRefused() throws {
        try check(
            SamplePlatforms.shop(),
            """
            version: 1
            platform: shop
            rules: []  #! 8 error mapping.no-rules: a mapping without rules would take everything from everybody | write at least one rule; to stop managing a target, set its `mode: observe`
            """)
    }

    @Test func whatIsHardlyMeantIsPointedOut() throws {
        try check(
            SamplePlatforms.desk(),
            """
            version: 1
            platform: desk
            rules:
              - when: {group: a}
                give: {workspace: support, role: agent}
              - when: {group: a}  #! 5 warning mapping.duplicate-rule: rule `rule 2` asks and gives the same as rule `rule 1` in line 4 | remove one of them
                give: {workspace: support, role: agent}
              - when: {group: "b-{team}", groups_under: "dc=org"}  #! 5 warning mapping.unused-capture: rule `rule 3` captures `{team}` and does not use it | give `workspace: "{team}"`, or name the groups in full
                give: {workspace: support, role: agent}
            tests:
              - person: {groups: [aa], attributes: {title: x}}  #! 23 warning mapping.test-group-unused: no rule asks for group `aa` | did you mean `a`? #! 41 warning mapping.test-attribute-unused: no rule asks for attribute `title`
                expect: {}
            """)
    }

    /// Compares what is said, by line, with what the fixture wants; a message of `…` stands for any.
    private func check(_ platform: Platform, _ fixture: String) throws {
        var diagnostics = DiagnosticList()
        let source = SourceFile(name: "m.yaml", text: fixture)
        _ = MappingFile.mapping(source, in: SampleMappings.context(platform), into: &diagnostics)
        var wanted: [String] = []
        for (number, line) in fixture.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            wanted += line.components(after: "#!").map { "\(number + 1): \($0)" }
        }
        let said = diagnostics.sorted.map { diagnostic -> String in
            let position = diagnostic.position ?? SourcePosition(file: "", line: 0, column: 0)
            let head = "\(position.line): \(position.column) \(diagnostic.severity.rawValue) \(diagnostic.code): "
            if wanted.contains(head + "…") { return head + "…" }
            return head + diagnostic.message + (diagnostic.hint.map { " | " + $0 } ?? "")
        }
        #expect(said.joined(separator: "\n") == wanted.joined(separator: "\n"))
    }
}

extension Substring {
    /// What stands after each mark, without spaces around it.
    fileprivate func components(after mark: String) -> [String] {
        let bytes = Array(utf8)
        let mark = Array(mark.utf8)
        let starts = bytes.indices.filter { bytes[$0...].starts(with: mark) }
        return starts.enumerated().map { place, start in
            let end = place + 1 < starts.count ? starts[place + 1] : bytes.count
            var part = bytes[(start + mark.count)..<end]
            while part.first == 0x20 { part.removeFirst() }
            while part.last == 0x20 { part.removeLast() }
            return String(decoding: part, as: UTF8.self)
        }
    }
}
