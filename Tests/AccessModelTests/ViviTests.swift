import AccessModel
import Testing

struct ViviTests {
    /// The columns of the table, in its order.
    static let roles = [
        "account-admin", "workspace-admin", "agent-manager", "content-manager", "agent-viewer", "campaign-manager",
        "report-manager", "billing-admin", "chat-user",
    ]

    /// F is full, R is read, - is none; the account admin's level over a workspace comes from the one over workspaces.
    static let levels: [(String, String)] = [
        ("account", "F - - - - - - - -"),
        ("workspaces", "F - - - - - - - -"),
        ("workspaces/workspace", "F F R R R R R R R"),
        ("knowledge-bases", "F F F F R - - - -"),
        ("integrations", "F F F F R - - - -"),
        ("agents", "F F F R R R R - R"),
        ("prompts", "F F F R R - - - -"),
        ("skills", "F F F R R - - - -"),
        ("channels", "F F F R R R - - -"),
        ("campaigns", "F F F - R F - - -"),
        ("scheduled-tasks", "F F F R R - - - -"),
        ("evaluations", "F F F R R - R - -"),
        ("reports-insights", "F F F R R R F - -"),
        ("tags", "F F F F R - - - -"),
        ("billing", "F F - - - - - F -"),
        ("chat", "F F F F F - F - F"),
    ]

    @Test(arguments: levels)
    func everyCellOfTheTableHolds(area: String, row: String) throws {
        let platform = try shipped("vivi")
        let long = ["F": "full", "R": "read", "-": "-"]
        for (role, cell) in zip(ViviTests.roles, row.split(separator: " ")) {
            #expect(try permissions(of: role, on: platform)[area] == long[String(cell)], "\(role), \(area)")
        }
    }

    @Test func areasRolesAndRanksAreThoseOfTheTable() throws {
        let platform = try shipped("vivi")
        #expect(platform.areas.map(\.path) == ViviTests.levels.map(\.0))
        #expect(
            platform.roles.map(\.name) == [
                "account-admin", "workspace-admin", "agent-manager", "content-manager", "campaign-manager",
                "report-manager", "agent-viewer", "billing-admin", "chat-user",
            ])
        #expect(platform.scopes == ["account", "workspace"])
        #expect(platform.roles.map { $0.scope } == [0, 1, 1, 1, 1, 1, 1, 1, 1])
        #expect(platform.roles.filter(\.privileged).map(\.name) == ["account-admin", "workspace-admin"])
        #expect(platform.defaultRole == nil)
        #expect(platform.templatesPerUser == .none)
        #expect(platform.switches.isEmpty)
        #expect(platform.statuses == [.invited, .active])
        #expect(platform.keepAtLeast == [RoleFloor(role: "account-admin", count: 2)])
    }

    @Test func onlyTheWorkspaceIsSetApartFromAnArea() throws {
        let platform = try shipped("vivi")
        let admin = try #require(platform.role(named: "account-admin"))
        #expect(!admin.permissions.contains { $0.area == "workspaces/workspace" })
    }

    @Test func accountAdminCoversEveryWorkspaceRole() throws {
        let platform = try shipped("vivi")
        for role in platform.roles.dropFirst() {
            #expect(platform.covers("account-admin", role.name))
            #expect(!platform.covers(role.name, "account-admin"))
            #expect(!platform.covers("workspace-admin", role.name))
        }
    }

    @Test func rolesHoldInTheirOwnWorkspaceOnly() throws {
        let platform = try shipped("vivi")
        let book = TemplateBook(shipped: platform.shippedTemplates)
        let access = Access(roles: [at("sales", "chat-user"), at("support", "agent-manager")])
        func agents(_ scope: String) -> String? {
            let all = platform.effectivePermissions(of: access, templates: book, in: ScopePath(scope))
            return table(all, on: platform)["agents"]
        }
        #expect(agents("support") == "full")
        #expect(agents("sales") == "read")
        #expect(agents("legal") == "-")
        #expect(agents("") == "-")
        let owner = Access(roles: [at("", "account-admin")])
        let inside = platform.effectivePermissions(of: owner, templates: book, in: ScopePath("legal"))
        #expect(table(inside, on: platform)["agents"] == "full")
    }

    @Test(arguments: ViviTests.roles.dropFirst(), [UserStatus.invited, .active, .suspended])
    func everyMemberHoldsASeatOfTheirWorkspace(role: String, status: UserStatus) throws {
        let platform = try shipped("vivi")
        let topology = ViviTests.topology
        #expect(platform.seatsHeld(by: Access(roles: [at("sales", role)]), status: status, in: topology) == [0])
        let both = Access(roles: [at("sales", role), at("support", role)])
        #expect(platform.seatsHeld(by: both, status: status, in: topology) == [0, 1])
        #expect(platform.seatClasses.map(\.freedBy) == [.leave])
    }

    @Test func nobodyElseHoldsASeat() throws {
        let platform = try shipped("vivi")
        let topology = ViviTests.topology
        let admin = Access(roles: [at("", "account-admin")])
        #expect(platform.seatsHeld(by: admin, status: .active, in: topology) == [])
        let member = Access(roles: [at("sales", "chat-user")])
        #expect(platform.seatsHeld(by: member, status: .removed, in: topology) == [])
        #expect(platform.seatsHeld(by: .none, status: .active, in: topology) == [])
    }

    static let topology = Topology(
        scopes: [.root, ScopePath("sales"), ScopePath("support")].map { ScopeInstance(path: $0) },
        pools: [
            SeatPool(scope: ScopePath("sales"), seatClass: "seat", limit: 10),
            SeatPool(scope: ScopePath("support"), seatClass: "seat", limit: 40),
        ])
}
