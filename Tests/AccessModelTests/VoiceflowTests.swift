import AccessModel
import Testing

struct VoiceflowTests {
    /// Role, kind of scope, then what it may do with the organization, the workspace, members, billing and assistants.
    static let capabilities: [(String, String, [String])] = [
        (
            "owner", "organization",
            [
                "all_workspaces settings create_workspaces", "settings", "invite remove permissions", "manage",
                "view comment edit settings canvas import export publish",
            ]
        ),
        (
            "admin", "workspace",
            [
                "-", "settings", "invite remove permissions", "manage",
                "view comment edit settings canvas import export publish",
            ]
        ),
        ("editor", "workspace", ["-", "-", "-", "-", "view comment edit settings canvas import export publish"]),
        ("billing", "workspace", ["-", "-", "invite remove", "manage", "view comment"]),
        ("viewer", "workspace", ["-", "-", "-", "-", "view comment"]),
    ]

    @Test(arguments: capabilities)
    func everyCapabilityIsAsTheTextSays(role: String, scope: String, cells: [String]) throws {
        let platform = try shipped("voiceflow")
        let have = try permissions(of: role, on: platform)
        let areas = ["organization", "workspace", "members", "billing", "assistants"]
        #expect(platform.areas.map(\.path) == areas)
        for (area, cell) in zip(areas, cells) { #expect(have[area] == cell, "\(role), \(area)") }
        #expect(platform.role(named: role).map { platform.scopes[$0.scope] } == scope)
    }

    @Test func rolesScopesAndFloorsAreThoseOfTheText() throws {
        let platform = try shipped("voiceflow")
        #expect(platform.scopes == ["organization", "workspace", "assistant"])
        #expect(platform.roles.map(\.name) == VoiceflowTests.capabilities.map(\.0))
        #expect(platform.roles.filter(\.privileged).map(\.name) == ["owner", "admin", "billing"])
        #expect(platform.keepAtLeast == [RoleFloor(role: "owner", count: 1)])
        #expect(platform.grants == [GrantKind(scope: 2, role: "editor", on: ["billing", "viewer"])])
        for role in ["admin", "editor", "billing", "viewer"] { #expect(platform.covers("owner", role)) }
        #expect(!platform.covers("admin", "viewer"))
    }

    @Test(arguments: ["viewer", "billing"])
    func aGrantGivesAllEditorRightsOnOneAssistantOnly(role: String) throws {
        let platform = try shipped("voiceflow")
        let book = TemplateBook(shipped: [])
        let access = Access(roles: [at("support", role)], grants: [at("support/order-bot", "editor")])
        func assistants(_ scope: String) -> String? {
            let all = platform.effectivePermissions(of: access, templates: book, in: ScopePath(scope))
            return table(all, on: platform)["assistants"]
        }
        #expect(assistants("support/order-bot") == "view comment edit settings canvas import export publish")
        #expect(assistants("support/faq-bot") == "view comment")
        #expect(assistants("support") == "view comment")
        #expect(platform.grantsWithoutEffect(in: access) == [])
    }

    /// Roles, grants, and those of the grants that change nothing.
    static let idle: [([ScopedRole], [ScopedRole], Int)] = [
        ([at("support", "editor")], [at("support/order-bot", "editor")], 1),
        ([at("support", "admin")], [at("support/order-bot", "editor")], 1),
        ([at("", "owner")], [at("support/order-bot", "editor")], 1),
        ([at("", "owner"), at("support", "viewer")], [at("support/order-bot", "editor")], 1),
        ([], [at("support/order-bot", "editor")], 1),
        ([at("sales", "viewer")], [at("support/order-bot", "editor")], 1),
        ([at("support", "viewer")], [at("support/order-bot", "viewer")], 1),
        ([at("support", "viewer")], [at("support/order-bot", "no-such-role")], 1),
        ([at("support", "viewer")], [at("support", "editor")], 1),
        ([at("support", "viewer")], [at("support/order-bot", "editor"), at("support/faq-bot", "editor")], 0),
        ([at("support", "billing")], [at("support/order-bot", "editor"), at("sales/faq-bot", "editor")], 1),
    ]

    @Test(arguments: idle)
    func grantsWhereTheyMeanNothingAreFound(roles: [ScopedRole], grants: [ScopedRole], count: Int) throws {
        let access = Access(roles: roles, grants: grants)
        #expect(try shipped("voiceflow").grantsWithoutEffect(in: access).count == count)
    }

    static let topology = Topology(
        scopes: [
            ScopeInstance(path: .root), ScopeInstance(path: ScopePath("sales")),
            ScopeInstance(path: ScopePath("support"), ownersHoldSeats: true),
            ScopeInstance(path: ScopePath("support/faq-bot")), ScopeInstance(path: ScopePath("support/order-bot")),
        ],
        pools: [
            SeatPool(scope: ScopePath("sales"), seatClass: "editor", limit: 5),
            SeatPool(scope: ScopePath("support"), seatClass: "editor", limit: 5),
        ])

    static let seats: [(Access, UserStatus, [Int])] = [
        (Access(roles: [at("sales", "admin")]), .active, [0]),
        (Access(roles: [at("sales", "editor")]), .active, [0]),
        (Access(roles: [at("sales", "editor")]), .invited, [0]),
        (Access(roles: [at("sales", "editor")]), .suspended, []),
        (Access(roles: [at("sales", "editor"), at("support", "editor")]), .active, [0, 1]),
        (Access(roles: [at("sales", "viewer")]), .active, []),
        (Access(roles: [at("sales", "billing")]), .active, []),
        (Access(roles: [at("", "owner")]), .active, [1]),
        (Access(roles: [at("", "owner")]), .suspended, []),
        (Access(roles: [at("support", "viewer")], grants: [at("support/order-bot", "editor")]), .active, [1]),
        (Access(roles: [at("support", "billing")], grants: [at("support/order-bot", "editor")]), .active, [1]),
        (
            Access(
                roles: [at("support", "viewer")],
                grants: [at("support/faq-bot", "editor"), at("support/order-bot", "editor")]), .active, [1]
        ),
        (Access(roles: [at("sales", "viewer")], grants: [at("support/order-bot", "editor")]), .active, []),
    ]

    @Test(arguments: seats)
    func seatsAreHeldAsTheTextSays(access: Access, status: UserStatus, pools: [Int]) throws {
        #expect(try shipped("voiceflow").seatsHeld(by: access, status: status, in: VoiceflowTests.topology) == pools)
    }

    @Test func theEditorSeatIsFreedBySuspending() throws {
        #expect(try shipped("voiceflow").seatClass(named: "editor")?.freedBy == .suspend)
    }
}
