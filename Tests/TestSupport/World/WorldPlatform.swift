package import AccessModel

/// Small platforms, one of each kind, as values.
extension Platform {
    private static let levels = PermissionScale.levels(["none", "read", "full"])

    private static func area(_ path: String, privileged: [String] = []) -> Area {
        Area(path: path, title: path, parent: nil, scale: levels, privileged: privileged)
    }

    private static func role(
        _ name: String, _ scope: Int, privileged: Bool = false, _ permissions: [(String, String)]
    ) -> Role {
        Role(
            name: name, title: name, scope: scope, privileged: privileged,
            permissions: permissions.map { AreaSetting(area: $0.0, values: [$0.1]) }, switches: [])
    }

    /// An account with workspaces; everybody in a workspace holds a seat there, suspended or not; at least one account admin.
    package static let desk = Platform(
        name: "desk", title: "Desk", scopes: ["account", "workspace"],
        areas: [area("account"), area("agents"), area("chat")],
        roles: [
            role("account-admin", 0, privileged: true, [("account", "full"), ("agents", "full"), ("chat", "full")]),
            role("manager", 1, [("agents", "full"), ("chat", "full")]),
            role("agent", 1, [("agents", "read"), ("chat", "full")]),
            role("chatter", 1, [("chat", "full")]),
        ],
        defaultRole: nil, templatesPerUser: .none, shippedTemplates: [], switches: [], statuses: [.invited, .active],
        seatClasses: [
            SeatClass(
                name: "seat", scope: 1, roles: ["manager", "agent", "chatter"], rolesWithGrant: [], ownerRoles: [],
                heldWhile: [.invited, .active, .suspended], freedBy: .leave)
        ],
        keepAtLeast: [RoleFloor(role: "account-admin", count: 1)])

    /// One tenant; one template a user, a switch, one limit for everybody.
    package static let office = Platform(
        name: "office", title: "Office", scopes: ["tenant"],
        areas: [area("talks"), area("users", privileged: ["full"])],
        roles: [
            role("admin", 0, privileged: true, [("talks", "full"), ("users", "full")]),
            role("user", 0, []),
        ],
        defaultRole: "user", templatesPerUser: .one, shippedTemplates: [],
        switches: [Switch(name: "crm", forcedOnFor: ["admin"])], statuses: [.invited, .active, .suspended],
        seatClasses: [
            SeatClass(
                name: "user", scope: 0, roles: ["admin", "user"], rolesWithGrant: [], ownerRoles: [],
                heldWhile: [.invited, .active, .suspended], freedBy: .remove)
        ],
        keepAtLeast: [])

    /// An organization with workspaces; editor seats, which suspended people do not hold; owners hold one where told.
    package static let flow = Platform(
        name: "flow", title: "Flow", scopes: ["organization", "workspace", "assistant"],
        areas: [area("members"), area("assistants")],
        roles: [
            role("owner", 0, privileged: true, [("members", "full"), ("assistants", "full")]),
            role("editor", 1, [("assistants", "full")]),
            role("viewer", 1, [("assistants", "read")]),
        ],
        defaultRole: nil, templatesPerUser: .none, shippedTemplates: [], switches: [],
        grants: [GrantKind(scope: 2, role: "editor", on: ["viewer"])], statuses: [.invited, .active],
        seatClasses: [
            SeatClass(
                name: "editor", scope: 1, roles: ["editor"], rolesWithGrant: ["viewer"], ownerRoles: ["owner"],
                heldWhile: [.invited, .active], freedBy: .suspend)
        ],
        keepAtLeast: [RoleFloor(role: "owner", count: 1)])
}
