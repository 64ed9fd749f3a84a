import AccessModel
import Diagnostics

extension TargetSettings {
    /// Why nobody can be given a part on this target, and what to do; nil when it can be given.
    package func problem(with part: ManualGrant.Part) -> (message: String, hint: String)? {
        switch part {
        case .role(let role, let scope): return problem(role: role, in: scope)
        case .template(let name):
            if platform.templatesPerUser == .none {
                return ("platform `\(platform.name)` has no templates for users", "give a role instead")
            }
            if templates.contains(where: { $0.name == name }) { return nil }
            return ("there is no template `\(name)`", TargetSettings.choice(name, templates.map(\.name)))
        case .switchOn(let name):
            if platform.switches.contains(where: { $0.name == name }) { return nil }
            return (
                "platform `\(platform.name)` has no switch `\(name)`",
                TargetSettings.choice(name, platform.switches.map(\.name))
            )
        case .grant(let role, let scope): return problem(grant: role, in: scope)
        case .permission(let area, let values): return problem(area: area, values)
        }
    }

    private func problem(role name: String, in scope: ScopePath) -> (message: String, hint: String)? {
        guard let role = platform.role(named: name) else {
            return (
                "platform `\(platform.name)` has no role `\(name)`",
                TargetSettings.choice(name, platform.roles.map(\.name))
            )
        }
        let kind = platform.scopes.indices.contains(role.scope) ? platform.scopes[role.scope] : "scope"
        guard role.scope == scope.depth else {
            let fitting = topology.scopes.filter { $0.path.depth == role.scope }.map { "\($0.path)" }
            return role.scope == 0
                ? ("role `\(name)` is given in the whole \(kind), not in `\(scope)`", "leave `--workspace` out")
                : (
                    "role `\(name)` is given in one \(kind)",
                    "say which with `--workspace`; \(TargetSettings.all(fitting))"
                )
        }
        return problem(scope)
    }

    private func problem(grant role: String, in scope: ScopePath) -> (message: String, hint: String)? {
        if let problem = problem(scope) { return problem }
        let kinds = platform.grants.filter { $0.scope == scope.depth }
        if kinds.contains(where: { $0.role == role }) { return nil }
        return ("`\(role)` cannot be granted in `\(scope)`", TargetSettings.choice(role, kinds.map(\.role)))
    }

    private func problem(_ scope: ScopePath) -> (message: String, hint: String)? {
        if topology.scope(at: scope) != nil || scope == .root { return nil }
        let fitting = topology.scopes.filter { $0.path.depth == scope.depth }.map { "\($0.path)" }
        return ("target `\(name)` has no `\(scope)`", TargetSettings.choice("\(scope)", fitting))
    }

    private func problem(area path: String, _ values: [String]) -> (message: String, hint: String)? {
        guard let area = platform.areas.first(where: { $0.path == path }) else {
            return (
                "platform `\(platform.name)` has no area `\(path)`",
                TargetSettings.choice(path, platform.areas.map(\.path))
            )
        }
        let unknown = values.first { !area.scale.names.contains($0) }
        if unknown == nil, area.scale.value(of: values) != 0 { return nil }
        return (
            "area `\(path)` has no `\(unknown ?? values.joined(separator: ","))` to give",
            TargetSettings.choice(unknown ?? "", area.scale.names)
        )
    }

    /// The nearest name, or all that there are.
    private static func choice(_ name: String, _ names: [String]) -> String {
        NearestName.of(name, in: names).map { "did you mean `\($0)`?" } ?? all(names)
    }

    private static func all(_ names: [String]) -> String {
        names.isEmpty ? "there is none" : "there are \(names.prefix(20).joined(separator: ", "))"
    }
}
