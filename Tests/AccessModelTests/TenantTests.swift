import AccessModel
import Testing

struct TenantTests {
    /// Category, its actions, and what an admin and a user have by their role alone.
    static let categories: [(String, String, String, String)] = [
        ("conversations", "view create edit delete manage", "view create edit delete manage", "-"),
        ("settings", "view create edit delete manage", "view create edit delete manage", "-"),
        ("users", "view create edit delete manage", "view create edit delete manage", "-"),
        ("analytics", "view create edit delete manage export", "view create edit delete manage export", "-"),
        ("integrations", "view create edit delete manage", "view create edit delete manage", "-"),
        ("experiments", "view create edit delete manage", "view create edit delete manage", "-"),
    ]

    @Test(arguments: categories)
    func everyCategoryIsAsTheTableSays(area: String, actions: String, admin: String, user: String) throws {
        let platform = try shipped("tenant")
        let index = try #require(platform.areaIndex(area))
        #expect(platform.areas[index].scale == .actions(actions.split(separator: " ").map(String.init)))
        #expect(try permissions(of: "admin", on: platform)[area] == admin)
        #expect(try permissions(of: "user", on: platform)[area] == user)
    }

    @Test func rolesStatusesAndLimitsAreThoseOfTheText() throws {
        let platform = try shipped("tenant")
        #expect(platform.areas.map(\.path) == TenantTests.categories.map(\.0))
        #expect(platform.scopes == ["tenant"])
        #expect(platform.roles.map(\.name) == ["admin", "user"])
        #expect(platform.roles.map(\.privileged) == [true, false])
        #expect(platform.defaultRole == "user")
        #expect(platform.templatesPerUser == .one)
        #expect(platform.shippedTemplates.isEmpty)
        #expect(platform.statuses == [.invited, .active, .suspended])
        #expect(platform.keepAtLeast == [RoleFloor(role: "admin", count: 1)])
    }

    @Test func crmAccessIsForcedOnForAdminsAndASwitchForOthers() throws {
        let platform = try shipped("tenant")
        #expect(platform.switches == [Switch(name: "crm_access", forcedOnFor: ["admin"])])
        #expect(platform.isForced("crm_access", by: ["admin"]))
        #expect(!platform.isForced("crm_access", by: ["user"]))
        #expect(platform.effectiveSwitches(of: Access(roles: [at("", "admin")])) == ["crm_access"])
        #expect(platform.effectiveSwitches(of: Access(roles: [at("", "user")])) == [])
        #expect(
            platform.effectiveSwitches(of: Access(roles: [at("", "user")], switches: ["crm_access"])) == ["crm_access"])
    }

    @Test func theSwitchChangesNoPermission() throws {
        let platform = try shipped("tenant")
        let book = TemplateBook(shipped: [])
        let off = Access(roles: [at("", "user")], permissions: [AreaSetting(area: "settings", values: ["view"])])
        var on = off
        on.switches = ["crm_access"]
        #expect(
            platform.effectivePermissions(of: off, templates: book, in: .root)
                == platform.effectivePermissions(of: on, templates: book, in: .root))
    }

    @Test func aTemplateAddsToTheRoleAndToDirectPermissions() throws {
        let platform = try shipped("tenant")
        let agent = Template(
            name: "support-agent", title: "Support agent",
            permissions: [AreaSetting(area: "conversations", values: ["view", "create", "edit"])])
        let access = Access(
            roles: [at("", "user")], templates: ["support-agent"],
            permissions: [
                AreaSetting(area: "analytics", values: ["export"]),
                AreaSetting(area: "conversations", values: ["delete"]),
            ])
        let book = TemplateBook(shipped: [], customer: [agent])
        let have = table(platform.effectivePermissions(of: access, templates: book, in: .root), on: platform)
        #expect(have["conversations"] == "view create edit delete")
        #expect(have["analytics"] == "export")
        #expect(have["settings"] == "-")
        let without = TemplateBook(shipped: [])
        let rest = table(platform.effectivePermissions(of: access, templates: without, in: .root), on: platform)
        #expect(rest["conversations"] == "delete")
    }

    @Test(arguments: ["admin", "user"], [UserStatus.invited, .active, .suspended])
    func everyUserInTheTableTakesASeat(role: String, status: UserStatus) throws {
        let platform = try shipped("tenant")
        let topology = Topology(
            scopes: [ScopeInstance(path: .root)], pools: [SeatPool(scope: .root, seatClass: "user", limit: 50)])
        let access = Access(roles: [at("", role)])
        #expect(platform.seatsHeld(by: access, status: status, in: topology) == [0])
        #expect(platform.seatsHeld(by: access, status: .removed, in: topology) == [])
        #expect(platform.seatClass(named: "user")?.freedBy == .remove)
    }

    @Test func permissionsOverUsersArePrivilegedWhereverTheyComeFrom() throws {
        let platform = try shipped("tenant")
        let manager = Template(
            name: "manager", title: "Manager",
            permissions: [
                AreaSetting(area: "analytics", values: ["view"]), AreaSetting(area: "users", values: ["edit"]),
            ])
        let access = Access(
            roles: [at("", "user")], templates: ["manager"],
            permissions: [AreaSetting(area: "users", values: ["view"])])
        let found = platform.privileges(in: access, templates: TemplateBook(shipped: [], customer: [manager]))
        #expect(
            found == [
                Privilege(.permission(area: "users", value: "edit"), in: .root, from: .template("manager")),
                Privilege(.permission(area: "users", value: "view"), in: .root, from: .direct),
            ])
        #expect(found.map(\.description) == ["users: edit by template manager", "users: view"])
        let admin = Access(roles: [at("", "admin")])
        #expect(
            platform.privileges(in: admin, templates: TemplateBook(shipped: []))
                == [Privilege(.role("admin"), in: .root, from: .role)])
    }
}
