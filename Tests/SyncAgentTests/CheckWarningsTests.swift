import AccessModel
import Diagnostics
import Glibc
import Testing

@testable import SyncAgent

/// What `check` finds odd in view of the roster: templates and the people who have them, roles that nobody can lose.
struct CheckWarningsTests {
    /// Everybody of `staff` is a user, with what else is given.
    private static func mapping(_ templates: String = "", giving more: String = "") -> String {
        """
        version: 1
        platform: tenant
        \(templates.isEmpty ? "" : "templates:\n  \(templates)\n")rules:
          - name: Staff
            when: {group: staff}
            give: {role: user\(more)}
        """
    }

    private static let clerk = "clerk: {title: Clerk, permissions: {conversations: [view]}"
    private static let given = mapping(clerk + "}", giving: ", template: clerk")

    /// So many people of group `staff`, all of them clerks.
    private func clerks(_ count: Int) throws -> SmallCompany {
        let company = try SmallCompany()
        company.people = (1...count).map { "p\($0)" }
        company.config = "    limits: {suspend_disabled: {count: 20}}"
        try company.directory.write("mapping.yaml", Self.given)
        try company.sync()
        return company
    }

    private func warnings(_ company: SmallCompany, mapping: String? = nil) throws -> [Diagnostic] {
        if let mapping { try company.directory.write("mapping.yaml", mapping) }
        let report = try company.agent().check(.files)
        #expect(report.status == .done && report.failures.isEmpty, "\(report.diagnostics.text)")
        return report.diagnostics.sorted
    }

    @Test func theFileOfADirectoryIsLookedAt() throws {
        let company = try SmallCompany()
        let agent = try company.agent()
        #expect(agent.check(.files).status == .done)
        #expect(unlink(company.directory.path("people.ldif")) == 0)
        let report = agent.check(.files)
        #expect(report.status == .missingFile)
        #expect(report.diagnostics.sorted.map(\.code) == ["file.missing"], "\(report.diagnostics.text)")
        #expect(report.diagnostics.text.contains("rollcall.yaml:6:"))
    }

    /// A section whose name is mistyped is read all the same: nothing is said of what rests on it, and of what is wrong in it.
    @Test(arguments: [("directories:", "directoris:"), ("targets:", "target:"), ("targets:", "tragets:")])
    func aMistypedSectionIsOneError(_ right: String, _ typed: String) throws {
        let company = try SmallCompany()
        company.edit = { $0.replacing(right, with: typed) }
        let report = try company.agent().check(.files)
        #expect(report.diagnostics.sorted.map(\.code) == ["file.unknown-key"], "\(report.diagnostics.text)")
        company.edit = { $0.replacing(right, with: typed).replacing("mode: manage", with: "mode: manag") }
        #expect(try company.agent().check(.files).diagnostics.errorCount == 2)
    }

    @Test(arguments: [
        ("version: 1", "version: 2", "hint: this Rollcall reads version 1 of the file: "),
        (
            "{seats: 100}", "{seats: eighty}",
            "expected a number, or an object with seats and price, for `seats`, found `eighty`"
        ),
    ]) func whatWasExpectedIsTold(_ right: String, _ wrong: String, _ words: String) throws {
        let company = try SmallCompany()
        company.edit = { $0.replacing(right, with: wrong) }
        let text = try company.agent().check(.files).diagnostics.text
        #expect(text.contains(words), "\(text)")
    }

    @Test func aConfigurationThatIsNotThereIsOneError() throws {
        let company = try SmallCompany()
        let agent = try company.agent()
        #expect(unlink(company.directory.path("rollcall.yaml")) == 0)
        for failure in [
            #expect(throws: AgentFailure.self) { _ = try agent.plan(RunRequest(command: "plan")) },
            #expect(throws: AgentFailure.self) { _ = try agent.status(StatusRequest(seed: 1)) },
        ] {
            #expect(failure?.status == .missingFile && failure?.message == "" && failure?.diagnostics.errorCount == 1)
        }
    }

    /// With the code in front.
    private func texts(_ company: SmallCompany, mapping: String? = nil) throws -> [String] {
        try warnings(company, mapping: mapping).map { "\($0.code): \($0.message)" }
    }

    @Test(arguments: [
        (1, "1 user of `desk` has it: p1@example.org"),
        (
            5,
            "5 users of `desk` have it: p1@example.org, p2@example.org, p3@example.org, p4@example.org, p5@example.org"
        ),
        (
            7,
            "7 users of `desk` have it: p1@example.org, p2@example.org, p3@example.org, p4@example.org, p5@example.org and 2 more"
        ),
    ]) func aTemplateThatIsDeletedWhileInUseNamesThePeople(_ count: Int, _ people: String) throws {
        let company = try clerks(count)
        #expect(try texts(company) == [])
        let found = try warnings(company, mapping: Self.mapping())
        #expect(found.map(\.code) == ["mapping.template-in-use"])
        #expect(found.first?.message == "template `clerk` is gone from the files, and \(people)")
        #expect(found.first?.position?.line == 1)
        #expect(found.first?.hint?.hasPrefix("write it again with `retired: true` until nobody has it") == true)
    }

    /// A template that is to go stays in the files until nobody has it; then the files need it no longer.
    @Test func aTemplateThatIsRetiredIsToldOnceNobodyHasIt() throws {
        let company = try clerks(3)
        let retired = Self.mapping(Self.clerk + ", retired: true}")
        #expect(try texts(company, mapping: retired) == [])
        company.sleep()
        try company.sync()
        let found = try warnings(company)
        #expect(found.map(\.code) == ["mapping.retired-template-unused"])
        #expect(found.first?.message == "template `clerk` is retired, and nobody has it any more")
        #expect(found.first?.position?.line == 4)
        #expect(try texts(company, mapping: Self.mapping()) == [])
    }

    /// A suspended user comes back with what is on record; a removed one has nothing.
    @Test func whoIsSuspendedHasATemplateAndWhoIsRemovedHasNot() throws {
        let company = try clerks(2)
        company.disabled = ["p1"]
        company.config += "\n    policy: {remove_after: {disabled: 30d}}"
        company.sleep()
        try company.sync()
        #expect(try company.emails(.suspended) == ["p1@example.org"])
        #expect(
            try texts(company, mapping: Self.mapping()) == [
                "mapping.template-in-use: template `clerk` is gone from the files, and 2 users of `desk` have it: p1@example.org, p2@example.org"
            ])
        try company.directory.write("mapping.yaml", Self.given)
        company.sleep(hours: 31 * 24)
        try company.sync()
        #expect(try company.emails(.removed) == ["p1@example.org"])
        #expect(
            try texts(company, mapping: Self.mapping()) == [
                "mapping.template-in-use: template `clerk` is gone from the files, and 1 user of `desk` has it: p2@example.org"
            ])
    }

    /// Nobody can be found by id in a snapshot with pseudonyms: that is said, and nothing is held against the rule.
    @Test func aRuleByIDIsNotJudgedByPseudonyms() throws {
        let company = try SmallCompany()
        let rules = { (id: String) in
            """
            version: 1
            platform: tenant
            rules:
              - name: Staff
                when: {group: staff}
                give: {role: user}
              - name: One more
                when: {id: \(id)}
                give: {role: user, template: clerk}
            templates:
              \(Self.clerk)}
            """
        }
        try company.directory.write("mapping.yaml", rules(SmallCompany.id("p1")))
        try company.sync()
        func check(pseudonyms: Bool, _ id: String) throws -> CheckReport {
            let path = company.directory.path("people.snapshot")
            try company.directory.write("mapping.yaml", rules(id))
            _ = try company.agent().writeSnapshot(to: path, pseudonyms: pseudonyms)
            return try company.agent().check(.files, snapshot: path)
        }
        let read = try check(pseudonyms: false, SmallCompany.id("p1"))
        #expect(read.diagnostics.text == "" && read.notes == [])
        let hidden = try check(pseudonyms: true, SmallCompany.id("p1"))
        #expect(hidden.diagnostics.text == "")
        #expect(hidden.notes.first?.hasPrefix("people are pseudonyms: ") == true)
        let absent = try check(pseudonyms: false, SmallCompany.id("p777"))
        #expect(absent.diagnostics.sorted.map(\.code) == ["mapping.rule-matches-nobody"])
    }

    /// A condition of a target's settings, and what is said of it.
    struct Floor: Sendable, CustomTestStringConvertible {
        var policy: String
        var disabled: Set<String> = []
        var message: String?

        var testDescription: String { "\(policy), \(disabled.sorted()) disabled" }
    }

    private static let atLeast =
        "target `desk`: rules give role `user` to 3 people, and at least 3 must keep it: none of them can lose it, not even by leaving"
    private static let allProtected =
        "target `desk`: everybody to whom rules give role `user` is protected: none of them can lose it"

    @Test(arguments: [
        Floor(policy: "{keep_at_least: {user: 3}}", message: atLeast),
        Floor(policy: "{keep_at_least: {user: 2}}"),
        // Who is disabled holds nothing any more.
        Floor(
            policy: "{keep_at_least: {user: 2}}", disabled: ["p2"],
            message: atLeast.replacing("3 people", with: "2 people").replacing("least 3", with: "least 2")),
        Floor(
            policy: "{keep_at_least: {user: 1}}", disabled: ["p2", "p3"],
            message: atLeast.replacing("3 people", with: "1 person").replacing("least 3", with: "least 1")),
        Floor(policy: "{protect: [{group: STAFF}]}", message: allProtected),
        Floor(policy: "{protect: [{group: \"corp:staff\"}]}", message: allProtected),
        Floor(
            policy: "{protect: [{email: P1@example.org}, {email: p2@example.org}, {id: \(SmallCompany.id("p3"))}]}",
            message: allProtected),
        Floor(policy: "{protect: [{email: p1@example.org}, {email: p2@example.org}]}"),
        Floor(policy: "{keep_at_least: {user: 3}, protect: [{group: staff}]}", message: atLeast),
    ]) func aRoleThatNobodyCanLoseIsTold(_ floor: Floor) throws {
        let company = try SmallCompany()
        company.people = ["p1", "p2", "p3"]
        company.disabled = floor.disabled
        company.config = "    policy: \(floor.policy)"
        try company.sync()
        let found = try warnings(company)
        #expect(found.map(\.code) == (floor.message == nil ? [] : ["config.role-nobody-can-lose"]))
        #expect(found.first?.message == floor.message)
    }

    /// Before the first run nothing is known of anybody.
    @Test func withoutARosterNothingIsSaid() throws {
        let company = try SmallCompany()
        company.config = "    policy: {keep_at_least: {user: 100}}"
        #expect(try texts(company, mapping: Self.mapping(Self.clerk + ", retired: true}")) == [])
    }

    /// A seat that only a removal frees is not freed by a leave.
    @Test(arguments: [(", seat: release", true), ("", false)])
    func aCauseThatFreesNoSeatIsTold(_ seat: String, isTold: Bool) throws {
        let company = try SmallCompany()
        company.config = "    policy: {suspend_when: [{name: leave, when: {group: staff}\(seat)}]}"
        #expect(try warnings(company).map(\.code) == (isTold ? ["config.seat-not-released"] : []))
    }

    @Test(arguments: [("Europe/Berlin", false), ("Europe/Atlantis", true)])
    func aTimeZoneThatTheMachineLacksIsTold(_ zone: String, isTold: Bool) throws {
        let company = try SmallCompany()
        company.config = "schedule: {cron: \"15 2 * * *\", timezone: \(zone)}"
        #expect(try warnings(company).map(\.code) == (isTold ? ["config.unknown-timezone"] : []))
    }

    @Test(arguments: [(0o640, false), (0o660, true), (0o646, true)])
    func aFileThatOthersCanWriteIsTold(_ mode: UInt32, isTold: Bool) throws {
        let company = try SmallCompany()
        try company.directory.write("tenant.yaml", try SmallCompany.platform("tenant"), mode: mode)
        #expect(try warnings(company).map(\.code) == (isTold ? ["file.open-to-others"] : []))
    }
}
