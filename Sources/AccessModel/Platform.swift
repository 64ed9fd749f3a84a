/// An access model: scopes, roles, permissions, templates, switches, seat classes; complete and valid by construction.
package struct Platform: Sendable, Equatable {
    package var name: String
    package var title: String
    /// Kinds of scopes, outermost first: `[organization, workspace, assistant]`.
    package var scopes: [String]
    /// The tree of areas in pre-order; a parent stands before its children.
    package var areas: [Area]
    /// In order of rank, highest first.
    package var roles: [Role]
    /// What a rule without a role gives; nil where a rule must name one.
    package var defaultRole: String?
    package var templatesPerUser: TemplatesPerUser
    /// Templates that come with the platform, sorted by name.
    package var shippedTemplates: [Template]
    package var switches: [Switch]
    /// Grants below a role that the platform knows; sorted by scope, then role.
    package var grants: [GrantKind]
    /// What the platform itself knows; a suspension elsewhere is Rollcall's own.
    package var statuses: Set<UserStatus>
    package var seatClasses: [SeatClass]
    /// Least numbers of users per role; sorted by role.
    package var keepAtLeast: [RoleFloor]

    package init(
        name: String, title: String, scopes: [String], areas: [Area], roles: [Role], defaultRole: String?,
        templatesPerUser: TemplatesPerUser, shippedTemplates: [Template], switches: [Switch],
        grants: [GrantKind] = [], statuses: Set<UserStatus>, seatClasses: [SeatClass], keepAtLeast: [RoleFloor]
    ) {
        self.name = name
        self.title = title
        self.scopes = scopes
        self.areas = areas
        self.roles = roles
        self.defaultRole = defaultRole
        self.templatesPerUser = templatesPerUser
        self.shippedTemplates = shippedTemplates
        self.switches = switches
        self.grants = grants
        self.statuses = statuses
        self.seatClasses = seatClasses
        self.keepAtLeast = keepAtLeast
    }

    package func role(named name: String) -> Role? { roles.first { $0.name == name } }

    /// The place of a role in the order of rank; 0 is the highest.
    package func rank(of role: String) -> Int? { roles.firstIndex { $0.name == role } }

    package func seatClass(named name: String) -> SeatClass? { seatClasses.first { $0.name == name } }

    package func areaIndex(_ path: String) -> Int? { areas.firstIndex { $0.path == path } }
}

/// A node of the permission tree.
package struct Area: Sendable, Equatable {
    /// From the top of the tree: `build/knowledge`.
    package var path: String
    package var title: String
    /// Place of the parent in `Platform.areas`.
    package var parent: Int?
    package var scale: PermissionScale
    /// Levels or actions whose giving takes a privileged rule.
    package var privileged: [String]

    package init(path: String, title: String, parent: Int?, scale: PermissionScale, privileged: [String]) {
        self.path = path
        self.title = title
        self.parent = parent
        self.scale = scale
        self.privileged = privileged
    }
}

/// What an area's value may be.
package enum PermissionScale: Sendable, Equatable {
    /// Ordered, lowest first; the first means nothing. A value is the place of the level; merging takes the higher.
    case levels([String])
    /// A set; a value is a bit set by place; merging takes the union.
    case actions([String])

    package var names: [String] {
        switch self {
        case .levels(let names), .actions(let names): names
        }
    }
}

/// A role of a platform.
package struct Role: Sendable, Equatable {
    package var name: String
    package var title: String
    /// Kind of scope, as the place in `Platform.scopes`.
    package var scope: Int
    /// Giving it takes a privileged rule, and an approval.
    package var privileged: Bool
    /// Areas that the role sets.
    package var permissions: [AreaSetting]
    /// Switches that the role has on.
    package var switches: [String]

    package init(
        name: String, title: String, scope: Int, privileged: Bool, permissions: [AreaSetting], switches: [String]
    ) {
        self.name = name
        self.title = title
        self.scope = scope
        self.privileged = privileged
        self.permissions = permissions
        self.switches = switches
    }
}

/// How many templates one user may have.
package enum TemplatesPerUser: String, Sendable, Equatable { case none, one, many }

/// A named set of permissions, given in addition to the role.
package struct Template: Sendable, Equatable {
    package var name: String
    package var title: String
    package var permissions: [AreaSetting]
    /// Nobody new gets it; people are being moved off it.
    package var retired: Bool

    package init(name: String, title: String, permissions: [AreaSetting], retired: Bool = false) {
        self.name = name
        self.title = title
        self.permissions = permissions
        self.retired = retired
    }
}

/// A right that is on or off per user.
package struct Switch: Sendable, Equatable {
    package var name: String
    /// Roles for which it is always on.
    package var forcedOnFor: [String]

    package init(name: String, forcedOnFor: [String]) {
        self.name = name
        self.forcedOnFor = forcedOnFor
    }
}

/// A role that may be granted in one narrower scope: editor on a single assistant.
package struct GrantKind: Sendable, Equatable {
    /// Kind of scope in which it is granted, as the place in `Platform.scopes`.
    package var scope: Int
    /// The role whose permissions the grant gives there; a role of a wider kind of scope.
    package var role: String
    /// Roles of that wider scope on which the grant has an effect; the others have its permissions anyway, or none at all.
    package var on: [String]

    package init(scope: Int, role: String, on: [String]) {
        self.scope = scope
        self.role = role
        self.on = on
    }
}

/// The least number of users that must keep a role.
package struct RoleFloor: Sendable, Equatable {
    package var role: String
    package var count: Int

    package init(role: String, count: Int) {
        self.role = role
        self.count = count
    }
}

/// A kind of paid seat.
package struct SeatClass: Sendable, Equatable {
    package var name: String
    /// Kind of scope that has a pool of these, as the place in `Platform.scopes`.
    package var scope: Int
    /// Roles that hold one (in the pool's scope; an outer role where the topology says `owners: true`).
    package var roles: [String]
    /// Roles that hold one as soon as they have a grant below.
    package var rolesWithGrant: [String]
    /// Outer roles that hold one in the scopes whose topology says `owners: true`.
    package var ownerRoles: [String]
    /// Statuses in which a user holds it.
    package var heldWhile: Set<UserStatus>
    package var freedBy: SeatRelease

    package init(
        name: String, scope: Int, roles: [String], rolesWithGrant: [String], ownerRoles: [String],
        heldWhile: Set<UserStatus>, freedBy: SeatRelease
    ) {
        self.name = name
        self.scope = scope
        self.roles = roles
        self.rolesWithGrant = rolesWithGrant
        self.ownerRoles = ownerRoles
        self.heldWhile = heldWhile
        self.freedBy = freedBy
    }
}

/// The least that frees a seat.
package enum SeatRelease: String, Sendable, Equatable, CaseIterable { case suspend, leave, lower, remove }
