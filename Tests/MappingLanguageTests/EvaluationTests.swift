import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import Testing

/// What people get on the sample platforms, rule by rule.
struct EvaluationTests {
    /// Everybody is in `all`; each name in the groups given.
    static func night(
        _ mapping: Mapping, _ directory: SampleDirectory, trust: GroupTrust = .pinned([]),
        frozen: (Mirror) throws -> FrozenMembers = { _ in [:] }
    ) throws -> (mirror: Mirror, compiled: CompiledMapping, evaluation: Evaluation) {
        let mirror = try directory.mirror(attributes: mapping.attributes)
        let compiled = try CompiledMapping(mapping, mirror: mirror, trust: trust)
        let population = compiled.population(in: MembershipGraph(mirror))
        let evaluation = compiled.evaluate(mirror, population: population, frozen: try frozen(mirror))
        return (mirror, compiled, evaluation)
    }

    static func lock(_ mapping: Mapping, _ directory: SampleDirectory) throws -> GroupTrust {
        let proposal = LockProposal([mapping], mirror: try directory.mirror(), current: nil, file: "groups.lock.yaml")
        #expect(proposal.problems == [])
        return .locked(proposal.lock)
    }

    static func access(_ person: String, _ mirror: Mirror, _ evaluation: Evaluation) throws -> [String] {
        let place = try mirror.place(person)
        return evaluation.desired[Int(evaluation.grantSet[Int(place)])].access.lines
    }

    /// Somebody cannot be told not to have what was never asked for.
    @Test func anAttributeThatWasNotReadDecidesNothing() throws {
        let rules = """
              - {name: bosses, when: {all: [{group: staff}, {not: {attribute: {name: Title, equals: boss}}}]}, give: {workspace: support, role: agent}}
              - {name: staff, when: {group: staff}, give: {workspace: support, role: guest}}
            """
        let mapping = try SampleMappings.mapping(SamplePlatforms.desk(), rules: rules)
        var directory = SampleDirectory()
        directory.add("ada")
        directory.group("staff", people: ["ada"])
        let unread = #expect(throws: MappingRunError.self) {
            try CompiledMapping(mapping, mirror: try directory.mirror(), trust: .pinned([]))
        }
        #expect(unread?.problems.map(\.code) == ["mapping.attribute-not-read"])
        #expect(
            unread?.problems.first?.message
                == "attribute `title` was not read from the directory, so nobody can be tested by it")
        #expect(unread?.problems.first?.position?.line == 4)
        #expect(throws: Never.self) { try EvaluationTests.night(mapping, directory) }
    }

    @Test func theHighestRoleInAScopeWinsWhateverThePriority() throws {
        let mapping = try SampleMappings.mapping(
            SamplePlatforms.desk(),
            rules: """
                  - {name: low, when: {group: all}, give: {workspace: support, role: auditor}, seat_priority: 9}
                  - {name: high, when: {group: some}, give: {workspace: support, role: lead}, otherwise: {role: guest}}
                  - {name: higher seat, when: {group: some}, give: {workspace: support, role: lead}, seat_priority: 5}
                """)
        var directory = SampleDirectory()
        directory.add("ada")
        directory.add("ben")
        directory.group("all", people: ["ada", "ben"])
        directory.group("some", people: ["ada"])
        let (mirror, _, evaluation) = try EvaluationTests.night(mapping, directory)
        #expect(try EvaluationTests.access("ada", mirror, evaluation) == ["role `lead` in `support`"])
        #expect(try EvaluationTests.access("ben", mirror, evaluation) == ["role `auditor` in `support`"])
        let claim = evaluation.desired[Int(evaluation.grantSet[Int(try mirror.place("ada"))])].claims
        #expect(
            claim == [
                ScopeClaim(
                    scope: ScopePath("support"), role: "lead", winner: 1, otherwise: "guest", seatPriority: 5,
                    losers: [0])
            ])
        #expect(
            evaluation.findings.map(\.message) == [
                "rule `low` alone would also give `reports: read` in `support`; role `lead` of rule `high` wins (1 person)"
            ])
    }

    @Test func aRoleAroundCoversTheNarrowerOneAndItsGrants() throws {
        let mapping = try SampleMappings.mapping(
            SamplePlatforms.desk(),
            rules: """
                  - name: desk
                    when: {group: all}
                    give: {workspace: support, role: guest, assistants: {order-bot: lead}}
                  - {name: owners, when: {group: owners, nested: false}, give: {role: owner}, privileged: true}
                """)
        var directory = SampleDirectory()
        directory.add("ada")
        directory.add("ben")
        directory.group("all", people: ["ada", "ben"])
        directory.group("owners", people: ["ada"])
        let (mirror, _, evaluation) = try EvaluationTests.night(
            mapping, directory, trust: EvaluationTests.lock(mapping, directory))
        #expect(try EvaluationTests.access("ada", mirror, evaluation) == ["role `owner`"])
        #expect(
            try EvaluationTests.access("ben", mirror, evaluation) == [
                "role `guest` in `support`", "grant `lead` in `support/order-bot`",
            ])
        #expect(
            evaluation.findings.map(\.message) == [
                "rule `desk`: the grant on `support/order-bot` has no effect for 1 person whose role gives as much"
            ])
    }

    @Test func privilegedRulesDoNotWorkWithoutALockFile() throws {
        let mapping = try SampleMappings.mapping(
            SamplePlatforms.desk(),
            rules: "  - {name: owners, when: {group: owners, nested: false}, give: {role: owner}, privileged: true}\n")
        var directory = SampleDirectory()
        directory.add("ada")
        directory.group("owners", people: ["ada"])
        let (mirror, _, evaluation) = try EvaluationTests.night(mapping, directory)
        #expect(try EvaluationTests.access("ada", mirror, evaluation) == [])
        #expect(evaluation.findings.map(\.code) == ["mapping.privileged-needs-lock"])
    }

    @Test func aPrivilegeThatSlippedPastTheFileIsWithheld() throws {
        var mapping = try SampleMappings.mapping(
            SamplePlatforms.shop(), rules: "  - {name: sly, when: {group: all}, give: {template: clerk}}\n")
        mapping.rules[0].gift.role = "admin"
        mapping.rules[0].gift.permissions = [AreaSetting(area: "users", values: ["edit"])]
        var directory = SampleDirectory()
        directory.add("ada")
        directory.group("all", people: ["ada"])
        let (mirror, _, evaluation) = try EvaluationTests.night(mapping, directory)
        #expect(try EvaluationTests.access("ada", mirror, evaluation) == ["template `clerk`"])
        #expect(evaluation.desired[1].unprivileged == ["permission `users: edit`", "role `admin`"])
        #expect(evaluation.findings.map(\.code) == ["mapping.privileged-withheld", "mapping.privileged-withheld"])
    }

    @Test func templatesGoByPriorityAndEqualOnesConflict() throws {
        let mapping = try SampleMappings.mapping(
            SamplePlatforms.shop(),
            text: """
                version: 1
                platform: shop
                templates:
                  buyer: {permissions: {prices: [view]}}
                rules:
                  - {name: clerks, when: {group: clerks}, give: {template: clerk, switches: {vip_access: true}}}
                  - {name: buyers, when: {group: buyers}, give: {template: buyer}}
                  - {name: heads, when: {group: heads}, give: {template: buyer}, template_priority: 1}
                """)
        var directory = SampleDirectory()
        for name in ["ada", "ben", "cleo"] { directory.add(name) }
        directory.group("clerks", people: ["ada", "ben", "cleo"])
        directory.group("buyers", people: ["ada"])
        directory.group("heads", people: ["ben"])
        let (mirror, _, evaluation) = try EvaluationTests.night(mapping, directory)
        #expect(try EvaluationTests.access("ada", mirror, evaluation) == ["role `user`", "switch `vip_access`"])
        #expect(
            try EvaluationTests.access("ben", mirror, evaluation) == [
                "role `user`", "template `buyer`", "switch `vip_access`",
            ])
        #expect(
            try EvaluationTests.access("cleo", mirror, evaluation) == [
                "role `user`", "template `clerk`", "switch `vip_access`",
            ])
        #expect(evaluation.desired[Int(evaluation.grantSet[0])].templateConflict == [0, 1])
        #expect(
            evaluation.findings.map(\.message) == [
                "1 person would get templates `clerk` (rule `clerks`) and `buyer` (rule `buyers`), and may have one: "
                    + "they keep what they have"
            ])
    }

    @Test func permissionsOfSeveralRulesAddUpThroughTheTree() throws {
        let mapping = try SampleMappings.mapping(
            SamplePlatforms.studio(),
            rules: """
                  - {when: {group: all}, give: {permissions: {build: edit, build/flows: read}, templates: [writer, reader]}}
                  - {when: {group: some}, give: {permissions: {build/tools: read, data: read}}}
                """)
        var directory = SampleDirectory()
        directory.add("ada")
        directory.group("all", people: ["ada"])
        directory.group("some", people: ["ada"])
        let (mirror, _, evaluation) = try EvaluationTests.night(mapping, directory)
        #expect(
            try EvaluationTests.access("ada", mirror, evaluation) == [
                "role `member`", "template `reader`", "template `writer`", "permission `build: edit`",
                "permission `build/flows: read`", "permission `data: read`",
            ])
    }

    @Test func conditionsCombine() throws {
        let mapping = try SampleMappings.mapping(
            SamplePlatforms.desk(),
            rules: """
                  - name: on call
                    when:
                      all:
                        - group: engineering
                        - attribute: {name: Title, matches: "*ON-call*"}
                        - not: {group: contractors}
                    give: {workspace: support, role: agent}
                  - {name: by id, when: {id: [dan, nobody]}, give: {workspace: support, role: guest}}
                  - {name: below, when: {under: "OU=Berlin, dc=example,dc=org"}, give: {workspace: sales, role: guest}}
                  - {name: has one, when: {attribute: {name: departmentNumber, present: true}}, give: {workspace: sales, role: agent}}
                  - {name: one of, when: {attribute: {name: departmentNumber, in: ["a 1", B2]}}, give: {workspace: sales, role: lead}}
                """)
        var directory = SampleDirectory()
        directory.add("ada", [("title", ["Engineer", "SRE (on-call)"])])
        directory.add("ben", [("title", ["on-call"])])
        directory.add("cleo", under: "ou=team,ou=berlin,dc=example,dc=org", [("title", ["Engineer"])])
        directory.add("dan", under: "ou=xberlin,dc=example,dc=org", [("departmentnumber", ["b2"])])
        directory.add("eve", [("departmentnumber", ["C", "A  1"])])
        directory.add("fay", [("departmentnumber", ["c3"])])
        directory.group("engineering", people: ["ada", "ben", "cleo"])
        directory.group("contractors", groups: ["agency"])
        directory.group("agency", people: ["ben"])
        let (mirror, _, evaluation) = try EvaluationTests.night(mapping, directory)
        let giving = Set(evaluation.instances.flatMap(\.groups).map { evaluation.groups[$0].name })
        #expect(giving.contains("engineering") && !giving.contains("contractors"))
        let expected = [
            "ada": ["role `agent` in `support`"], "ben": [], "cleo": ["role `guest` in `sales`"],
            "dan": ["role `lead` in `sales`", "role `guest` in `support`"], "eve": ["role `lead` in `sales`"],
            "fay": ["role `agent` in `sales`"],
        ]
        for (name, lines) in expected {
            #expect(try EvaluationTests.access(name, mirror, evaluation) == lines, "\(name)")
        }
    }

    @Test func capturedWordsBecomeWorkspacesAndUnknownOnesFindings() throws {
        let mapping = try SampleMappings.mapping(
            SamplePlatforms.desk(),
            rules: """
                  - name: managers
                    when: {group: "desk-{workspace}-Managers", groups_under: "ou=desk,dc=example,dc=org"}
                    give: {workspace: "{workspace}", role: lead}
                """)
        var directory = SampleDirectory()
        for name in ["ada", "ben", "cleo", "dan"] { directory.add(name) }
        directory.group("desk-SALES-managers", under: "ou=desk,dc=example,dc=org", people: ["ada"])
        directory.group("desk-support-managers", under: "ou=x,ou=Desk,dc=example,dc=org", people: ["ada", "ben"])
        directory.group("desk-suport-managers", under: "ou=desk,dc=example,dc=org", people: ["cleo"], identity: "typo")
        directory.group("desk-sales-managers", under: "ou=else,dc=example,dc=org", people: ["dan"], identity: "outside")
        let (mirror, compiled, evaluation) = try EvaluationTests.night(mapping, directory)
        #expect(
            try EvaluationTests.access("ada", mirror, evaluation) == [
                "role `lead` in `sales`", "role `lead` in `support`",
            ])
        #expect(try EvaluationTests.access("ben", mirror, evaluation) == ["role `lead` in `support`"])
        #expect(try EvaluationTests.access("cleo", mirror, evaluation) == [])
        #expect(try EvaluationTests.access("dan", mirror, evaluation) == [])
        #expect(compiled.instances.map(\.captured) == ["sales", "suport", "support"])
        #expect(
            evaluation.findings.map { $0.message + " | " + ($0.hint ?? "") } == [
                "group `desk-suport-managers` fits rule `managers`, but `suport` is not in the topology: it gives nothing | "
                    + "did you mean `support`?"
            ])
    }

    @Test func frozenGroupsKeepTheirMembers() throws {
        let mapping = try SampleMappings.mapping(
            SamplePlatforms.desk(),
            rules: """
                  - {name: nested, when: {group: team}, give: {workspace: support, role: agent}}
                  - {name: direct, when: {group: team, nested: false}, give: {workspace: sales, role: agent}}
                """)
        var directory = SampleDirectory()
        for name in ["ada", "ben", "cleo", "dan"] { directory.add(name) }
        directory.group("team", people: ["ben", "dan"], groups: ["inner"])
        directory.group("inner", people: ["cleo"])
        let (mirror, compiled, evaluation) = try EvaluationTests.night(mapping, directory) { mirror in
            let key = GroupKey(directory: "corp", id: try SampleDirectory.id("team"))
            let members = try ["ada", "ben", "cleo"].map { try mirror.place($0) }
            return [key: .canonical(sorted: members.sorted(), people: mirror.people.count)]
        }
        let both = ["role `agent` in `sales`", "role `agent` in `support`"]
        #expect(try EvaluationTests.access("ada", mirror, evaluation) == both)
        #expect(try EvaluationTests.access("ben", mirror, evaluation) == both)
        #expect(try EvaluationTests.access("cleo", mirror, evaluation) == ["role `agent` in `support`"])
        #expect(try EvaluationTests.access("dan", mirror, evaluation) == [])
        #expect(compiled.population(in: MembershipGraph(mirror)).count(ofGroup: 0) == 3)
        #expect(mirror.names(evaluation.effectivePeople[0]) == ["ada", "ben", "cleo"])
    }

    @Test func absentAndAmbiguousReferencesAreToldAllAtOnce() throws {
        let mapping = try SampleMappings.mapping(
            SamplePlatforms.desk(),
            rules: """
                  - {when: {group: suport}, give: {workspace: support, role: agent}}
                  - {when: {group: twice}, give: {workspace: support, role: agent}}
                  - {when: {group: support}, give: {workspace: support, role: agent}}
                """)
        var directory = SampleDirectory()
        directory.group("support")
        directory.group("twice", under: "ou=a,dc=org")
        directory.group("twice", under: "ou=b,dc=org", identity: "second")
        let mirror = try directory.mirror()
        let error = #expect(throws: MappingRunError.self) {
            try CompiledMapping(mapping, mirror: mirror, trust: .pinned([]))
        }
        #expect(
            error?.problems.map { "\($0.position?.line ?? 0): \($0.message) | \($0.hint ?? "")" } == [
                "4: no group `suport` in the directory | did you mean `support`?",
                "5: group `twice` could be any of 2: `cn=twice,ou=b,dc=org`, `cn=twice,ou=a,dc=org` | "
                    + "write the full DN, or the directory in front: `corp:support`",
            ])
    }
}
