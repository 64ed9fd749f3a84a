/// An access model in tables: ranks, what covers what, who takes a seat.
struct ModelPlatform: Sendable {
    struct Role: Sendable {
        var name: String
        /// 0 for the outermost scope, 1 for a workspace.
        var depth: Int
        var isPrivileged = false
        /// Roles in narrower scopes that add nothing to this one.
        var covers: Set<String> = []
    }

    var name: String
    /// Highest first.
    var roles: [Role]
    /// Roles that take a seat in the pool of their scope; with a grant below; of the whole where owners hold seats.
    var seated: Set<String> = []
    var seatedWithGrant: Set<String> = []
    var seatedOwners: Set<String> = []
    /// Whether the seat is kept while suspended.
    var keepsSeatWhileSuspended = true
    /// Whether a seat is freed by leaving its scope.
    var isFreedByLeaving = false
    var hasOneTemplate = false
    var floors: [String: Int] = [:]

    func rank(_ role: String) -> Int { roles.firstIndex { $0.name == role } ?? roles.count }

    func isPrivileged(_ role: String) -> Bool { roles.contains { $0.name == role && $0.isPrivileged } }

    func covers(_ outer: String, _ inner: String) -> Bool {
        roles.contains { $0.name == outer && $0.covers.contains(inner) }
    }

    /// An account with workspaces: a member of a workspace holds a seat there, suspended or not.
    static let desk = ModelPlatform(
        name: "desk",
        roles: [
            Role(name: "account-admin", depth: 0, isPrivileged: true, covers: ["manager", "agent", "chatter"]),
            Role(name: "manager", depth: 1), Role(name: "agent", depth: 1), Role(name: "chatter", depth: 1),
        ],
        seated: ["manager", "agent", "chatter"], isFreedByLeaving: true, floors: ["account-admin": 1])

    /// One tenant: everybody holds a seat until removed; one template; a switch.
    static let office = ModelPlatform(
        name: "office", roles: [Role(name: "admin", depth: 0, isPrivileged: true), Role(name: "user", depth: 0)],
        seated: ["admin", "user"], hasOneTemplate: true)

    /// An organization with workspaces: editors hold seats, viewers only with a grant; nobody while suspended.
    static let flow = ModelPlatform(
        name: "flow",
        roles: [
            Role(name: "owner", depth: 0, isPrivileged: true, covers: ["editor", "viewer"]),
            Role(name: "editor", depth: 1), Role(name: "viewer", depth: 1),
        ],
        seated: ["editor"], seatedWithGrant: ["viewer"], seatedOwners: ["owner"], keepsSeatWhileSuspended: false,
        floors: ["owner": 1])
}

/// What somebody has on a target; scopes are paths, the empty one is the whole.
struct ModelAccess: Sendable, Hashable, CustomStringConvertible {
    var roles: [String: String] = [:]
    var templates: Set<String> = []
    var switches: Set<String> = []
    /// Paths of assistants on which editing is granted.
    var grants: Set<String> = []

    var isEmpty: Bool { self == ModelAccess() }

    func grants(in scope: String) -> Set<String> { grants.filter { $0.hasPrefix(scope + "/") } }

    var description: String {
        var parts = roles.sorted { $0.key < $1.key }.map { $0.key.isEmpty ? $0.value : "\($0.key):\($0.value)" }
        parts += templates.sorted().map { "template \($0)" } + switches.sorted().map { "switch \($0)" }
        parts += grants.sorted().map { "grant \($0)" }
        return "[" + parts.joined(separator: ", ") + "]"
    }
}

/// One seat pool; there is one class of seats.
struct ModelPool: Sendable, Equatable {
    var scope: String
    var limit: Int
}
