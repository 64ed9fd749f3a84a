/// One part of an access that a human gives beside the directory.
enum ModelPart: Sendable, Hashable, CustomStringConvertible {
    case role(String, scope: String)
    case template(String)
    case switchOn(String)
    /// Editing, on the assistant of this path.
    case assistant(String)

    var description: String {
        switch self {
        case .role(let role, let scope): "\(scope):\(role)"
        case .template(let name): "template \(name)"
        case .switchOn(let name): "switch \(name)"
        case .assistant(let path): "grant \(path)"
        }
    }
}

/// What a human gave, and until when.
struct ModelGrant: Sendable, Hashable {
    var part: ModelPart
    var until: Int64?

    func isOver(_ now: Int64) -> Bool { until.map { $0 <= now } ?? false }
}

extension ModelAccess {
    /// This access without what humans gave.
    func without(_ parts: [ModelPart]) -> ModelAccess {
        var access = self
        for part in parts {
            switch part {
            case .role(let role, let scope): if access.roles[scope] == role { access.roles[scope] = nil }
            case .template(let name): access.templates.remove(name)
            case .switchOn(let name): access.switches.remove(name)
            case .assistant(let path): access.grants.remove(path)
            }
        }
        return access
    }

    /// Rules and humans together: the higher role, the human's template where there may be one, the sum of the rest.
    func with(_ parts: [ModelPart], _ platform: ModelPlatform) -> ModelAccess {
        var access = self
        for part in parts {
            switch part {
            case .role(let role, let scope):
                if access.roles[scope].map({ platform.rank(role) < platform.rank($0) }) ?? true {
                    access.roles[scope] = role
                }
            case .template(let name):
                if platform.hasOneTemplate { access.templates = [] }
                access.templates.insert(name)
            case .switchOn(let name): access.switches.insert(name)
            case .assistant(let path): access.grants.insert(path)
            }
        }
        return access.withoutIdle(platform)
    }

    /// Without roles that an outer one contains, and grants on roles that have them anyway, or cannot.
    private func withoutIdle(_ platform: ModelPlatform) -> ModelAccess {
        var access = self
        if let outer = roles[""] {
            access.roles = roles.filter { $0.key == "" || !platform.covers(outer, $0.value) }
        }
        access.grants = grants.filter { path in
            access.roles[String(path.prefix { $0 != "/" })].map(platform.seatedWithGrant.contains) ?? false
        }
        return access
    }
}

extension ModelDesire {
    /// Adds what humans gave to what rules give; the line and stand-ins go by the rule where there is one.
    func with(_ grants: [ModelGrant], _ platform: ModelPlatform) -> ModelDesire {
        if grants.isEmpty { return self }
        var access = ModelAccess(
            roles: claims.mapValues(\.role), templates: templates, switches: switches,
            grants: claims.values.reduce(into: []) { $0.formUnion($1.grants) })
        access = access.with(grants.map(\.part), platform)
        var desire = self
        desire.claims = [:]
        for (scope, role) in access.roles {
            var claim = claims[scope] ?? ModelClaim(role: role, otherwise: nil, priority: 0, grants: [])
            claim.role = role
            claim.grants = access.grants(in: scope)
            desire.claims[scope] = claim
        }
        desire.templates = access.templates
        desire.switches = access.switches
        desire.hasTemplateConflict = hasTemplateConflict && templates == access.templates
        return desire
    }
}
