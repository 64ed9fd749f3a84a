package import AccessModel

/// Access that a human gave beside the directory; the agent does not take it back before it expires.
package struct ManualGrant: Sendable, Equatable, Hashable {
    /// One part of an access.
    package enum Part: Sendable, Equatable, Hashable {
        case role(String, scope: ScopePath)
        case template(String)
        case switchOn(String)
        /// A grant below a role, on one assistant.
        case grant(String, scope: ScopePath)
        case permission(area: String, values: [String])
    }

    package var part: Part
    /// Name of the human, and what they said.
    package var by: String
    package var reason: String
    /// Seconds since 1970.
    package var since: Int64
    /// When it expires, seconds since 1970; nil never.
    package var until: Int64?

    package init(part: Part, by: String, reason: String, since: Int64, until: Int64? = nil) {
        self.part = part
        self.by = by
        self.reason = reason
        self.since = since
        self.until = until
    }

    package func isExpired(at now: Int64) -> Bool { until.map { $0 <= now } ?? false }
}

extension ManualGrant.Part {
    /// The part as an access of its own.
    package var access: Access {
        switch self {
        case .role(let role, let scope): Access(roles: [ScopedRole(scope: scope, role: role)])
        case .template(let name): Access(templates: [name])
        case .switchOn(let name): Access(switches: [name])
        case .grant(let role, let scope): Access(grants: [ScopedRole(scope: scope, role: role)])
        case .permission(let area, let values): Access(permissions: [AreaSetting(area: area, values: values)])
        }
    }

    /// The part as people say it: `support: agent-manager`, `template qa`, `crm_access on`.
    package var words: String {
        func placed(_ what: String, _ scope: ScopePath) -> String { scope == .root ? what : "\(scope): \(what)" }
        return switch self {
        case .role(let role, let scope): placed(role, scope)
        case .template(let name): "template \(name)"
        case .switchOn(let name): "\(name) on"
        case .grant(let role, let scope): placed("grant \(role)", scope)
        case .permission(let area, let values): "\(area) \(values.joined(separator: "+"))"
        }
    }

    /// The options of `grant` and `revoke` that name it: `--role agent-manager --workspace support`.
    package var options: String {
        func placed(_ role: String, _ scope: ScopePath) -> String {
            zip(["--workspace", "--assistant"], scope.components)
                .reduce("--role \(role)") { "\($0) \($1.0) \($1.1)" }
        }
        return switch self {
        case .role(let role, let scope), .grant(let role, let scope): placed(role, scope)
        case .template(let name): "--template \(name)"
        case .switchOn(let name): "--switch \(name)"
        case .permission(let area, let values): "--permission \(area)=\(values.joined(separator: ","))"
        }
    }

    /// The role, template, switch or area, wherever and however much of it.
    private var name: [String] {
        switch self {
        case .role(let role, _), .grant(let role, _): ["role", role]
        case .template(let name): ["template", name]
        case .switchOn(let name): ["switch", name]
        case .permission(let area, _): ["permission", area]
        }
    }

    /// Whether it is the same role in another place, or the same area with other values.
    func isNamed(like other: ManualGrant.Part) -> Bool { name == other.name }

    /// The one-line form in which a part is stored, ordered and compared.
    package var canonicalText: String { access.canonicalText }

    /// Nil unless the text is the canonical text of exactly one part.
    package init?(canonicalText text: String) {
        guard let access = Access(canonicalText: text), let part = access.manualParts.first,
            access.manualParts.count == 1
        else { return nil }
        self = part
    }
}

extension ManualGrant: Comparable {
    /// By the part's canonical text, then by when it expires, never last.
    package static func < (left: ManualGrant, right: ManualGrant) -> Bool {
        let (one, other) = (left.part.canonicalText, right.part.canonicalText)
        if one != other { return precedes(one, other) }
        if left.until != right.until { return (left.until ?? Int64.max) < (right.until ?? Int64.max) }
        if left.since != right.since { return left.since < right.since }
        return left.by == right.by ? precedes(left.reason, right.reason) : precedes(left.by, right.by)
    }
}

extension Access {
    /// The access taken apart, in the order of its canonical text.
    package var manualParts: [ManualGrant.Part] {
        roles.map { .role($0.role, scope: $0.scope) } + templates.map { .template($0) }
            + switches.map { .switchOn($0) } + grants.map { .grant($0.role, scope: $0.scope) }
            + permissions.map { .permission(area: $0.area, values: $0.values) }
    }
}
