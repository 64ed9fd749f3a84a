import AccessModel
import Testing

struct AgentStudioTests {
    /// Area and children, then the level that each template gives; `X/Y` in a cell is one level per child in order.
    static let areas: [(area: String, children: String, templates: [String])] = [
        ("analytics", "smart-analyst conversations agent-analysis", ["read", "edit", "read"]),
        (
            "build",
            "agent knowledge flows tools variant-management call-handoffs sms configuration-builder test-suite",
            ["- - edit - read - - - - -", "read", "read"]
        ),
        ("channels", "voice-configuration chat-configuration widget", ["read", "read", "- edit - -"]),
        (
            "configure", "general numbers apis integrations metrics dashboards csat",
            ["-", "- - - - - - edit -", "read"]
        ),
        ("deployments", "environments project-history", ["-", "read", "read"]),
    ]

    static let templates = ["content-editor", "qa-analyst", "voice-specialist"]

    @Test func theTreeIsThatOfTheTable() throws {
        let platform = try shipped("agent-studio")
        var paths: [String] = []
        for row in AgentStudioTests.areas {
            paths.append(row.area)
            paths += row.children.split(separator: " ").map { "\(row.area)/\($0)" }
        }
        #expect(platform.areas.map(\.path) == paths + ["user-management", "billing"])
        for area in platform.areas { #expect(area.scale == .levels(["none", "read", "edit"])) }
    }

    @Test(arguments: [0, 1, 2])
    func everyCellOfTheTemplatesHolds(place: Int) throws {
        let platform = try shipped("agent-studio")
        let book = TemplateBook(shipped: platform.shippedTemplates)
        let template = try #require(book.template(named: AgentStudioTests.templates[place]))
        let have = table(platform.effectivePermissions(of: template), on: platform)
        for row in AgentStudioTests.areas {
            let paths = [row.area] + row.children.split(separator: " ").map { "\(row.area)/\($0)" }
            let cells = row.templates[place].split(separator: " ").map(String.init)
            for (index, path) in paths.enumerated() {
                let level = cells.count == 1 ? cells[0] : cells[index]
                #expect(have[path] == level, "\(template.name), \(path)")
            }
        }
        #expect(have["user-management"] == "-")
        #expect(have["billing"] == "-")
    }

    @Test func adminHasEverythingAndMemberNothing() throws {
        let platform = try shipped("agent-studio")
        for area in platform.areas {
            #expect(try permissions(of: "admin", on: platform)[area.path] == "edit")
            #expect(try permissions(of: "member", on: platform)[area.path] == "-")
        }
        #expect(platform.roles.map(\.name) == ["admin", "member"])
        #expect(platform.roles.map(\.privileged) == [true, false])
        #expect(platform.defaultRole == "member")
        #expect(platform.keepAtLeast == [RoleFloor(role: "admin", count: 1)])
        #expect(platform.shippedTemplates.map(\.name) == AgentStudioTests.templates)
    }

    @Test func severalTemplatesMergeByTheHigherLevel() throws {
        let platform = try shipped("agent-studio")
        #expect(platform.templatesPerUser == .many)
        let book = TemplateBook(shipped: platform.shippedTemplates)
        let access = Access(roles: [at("", "member")], templates: ["voice-specialist", "content-editor"])
        let have = table(platform.effectivePermissions(of: access, templates: book, in: .root), on: platform)
        #expect(have["channels/voice-configuration"] == "edit")
        #expect(have["channels/chat-configuration"] == "read")
        #expect(have["build/knowledge"] == "edit")
        #expect(have["build/tools"] == "read")
        #expect(have["build/flows"] == "read")
        #expect(have["configure/csat"] == "read")
    }

    /// What is set where, and what the parent, the child set apart and its sibling then have.
    static let inheritance: [([String: String], String, String, String)] = [
        ([:], "-", "-", "-"),
        (["build": "read"], "read", "read", "read"),
        (["build": "read", "build/knowledge": "edit"], "read", "edit", "read"),
        (["build": "edit", "build/knowledge": "none"], "edit", "-", "edit"),
        (["build/knowledge": "edit"], "-", "edit", "-"),
        (["build": "none", "build/knowledge": "read"], "-", "read", "-"),
    ]

    @Test(arguments: inheritance)
    func aChildThatIsNotSetHasItsParentsLevel(
        settings: [String: String], parent: String, child: String, sibling: String
    ) throws {
        let platform = try shipped("agent-studio")
        let set = PermissionSet(settings.map { AreaSetting(area: $0.key, values: [$0.value]) }, on: platform)
        let have = table(set, on: platform)
        #expect(have["build"] == parent)
        #expect(have["build/knowledge"] == child)
        #expect(have["build/flows"] == sibling)
    }

    @Test func seatsAreUnlimited() throws {
        let platform = try shipped("agent-studio")
        #expect(platform.seatClasses.isEmpty)
        let topology = Topology(scopes: [ScopeInstance(path: .root)], pools: [])
        #expect(platform.seatsHeld(by: Access(roles: [at("", "admin")]), status: .active, in: topology) == [])
    }

    @Test(arguments: ["read", "edit"], ["user-management", "billing"])
    func adminOnlyAreasArePrivilegedOnAMember(level: String, area: String) throws {
        let platform = try shipped("agent-studio")
        let access = Access(roles: [at("", "member")], permissions: [AreaSetting(area: area, values: [level])])
        let found = platform.privileges(in: access, templates: TemplateBook(shipped: []))
        let levels = level == "read" ? ["read"] : ["edit", "read"]
        #expect(found == levels.map { Privilege(.permission(area: area, value: $0), in: .root, from: .direct) })
    }
}
