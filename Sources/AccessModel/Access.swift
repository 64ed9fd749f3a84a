/// What one person has on one target: a role per scope, templates, switches, grants on single assistants, permissions.
///
/// Everything is named, sorted and distinct, so equal access is equal text; the names are those of the platform file and
/// the topology. Values of this type are few (people share them) and are interned by number wherever there are many people.
package struct Access: Hashable, Sendable {
    /// At most one per scope, sorted by scope.
    package var roles: [ScopedRole]
    /// Names of templates, sorted.
    package var templates: [String]
    /// Switches that are on, sorted.
    package var switches: [String]
    /// Grants below a role (one assistant), sorted by scope.
    package var grants: [ScopedRole]
    /// Permissions given directly, sorted by area.
    package var permissions: [AreaSetting]

    package init(
        roles: [ScopedRole] = [], templates: [String] = [], switches: [String] = [], grants: [ScopedRole] = [],
        permissions: [AreaSetting] = []
    ) {
        self.roles = roles.sorted()
        self.templates = templates.sorted(by: precedes)
        self.switches = switches.sorted(by: precedes)
        self.grants = grants.sorted()
        self.permissions = permissions.sorted()
    }

    package static let none = Access()

    package var isEmpty: Bool { self == .none }

    /// The role in exactly this scope.
    package func role(in scope: ScopePath) -> String? {
        roles.first { $0.scope == scope }?.role
    }
}

/// A role, or a grant, in one scope.
package struct ScopedRole: Hashable, Sendable, Comparable {
    package var scope: ScopePath
    package var role: String

    package init(scope: ScopePath, role: String) {
        self.scope = scope
        self.role = role
    }

    package static func < (left: ScopedRole, right: ScopedRole) -> Bool {
        left.scope == right.scope ? precedes(left.role, right.role) : left.scope < right.scope
    }
}

/// One area set to a level, or to a set of actions.
package struct AreaSetting: Hashable, Sendable, Comparable {
    /// Path of the area: `build/knowledge`.
    package var area: String
    /// One level, or the actions in the order of the platform file.
    package var values: [String]

    package init(area: String, values: [String]) {
        self.area = area
        self.values = values
    }

    package static func < (left: AreaSetting, right: AreaSetting) -> Bool {
        left.area == right.area
            ? left.values.lexicographicallyPrecedes(right.values, by: precedes) : precedes(left.area, right.area)
    }
}

/// Bytewise order of names: the same on every machine and in SQLite.
package func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
}
