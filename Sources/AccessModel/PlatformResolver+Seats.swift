import Diagnostics

/// Grants in narrower scopes, and paid seats.
extension PlatformResolver {
    mutating func grants(_ platform: Platform) -> [GrantKind] {
        var kinds: [GrantKind] = []
        for scopeField in root["grants"]?.fields ?? [] {
            guard check(Located(scopeField.key, at: scopeField.keyPosition), in: scopes, "scope"),
                let scope = scopes.firstIndex(of: scopeField.key)
            else { continue }
            for field in scopeField.value.fields ?? [] {
                guard check(Located(field.key, at: field.keyPosition), in: roleNames, "role"),
                    let role = platform.role(named: field.key)
                else { continue }
                if role.scope >= scope {
                    diagnostics.error(
                        "platform.grant-scope", at: field.keyPosition,
                        "role `\(role.name)` is given in \(platform.scopes[role.scope]) scope and cannot be granted in"
                            + " \(scopeField.key) scope", hint: "grant a role of a wider kind of scope")
                }
                let on = references(field.value.object?["for"], to: roleNames, "role")
                for name in on where platform.role(named: name)?.scope != role.scope {
                    diagnostics.error(
                        "platform.grant-scope", at: field.value.position,
                        "role `\(name)` is not given in the same kind of scope as `\(role.name)`")
                }
                kinds.append(GrantKind(scope: scope, role: role.name, on: on.sorted(by: precedes)))
            }
        }
        return kinds.sorted { $0.scope == $1.scope ? precedes($0.role, $1.role) : $0.scope < $1.scope }
    }

    mutating func seatClasses(_ platform: Platform) -> [SeatClass] {
        var classes: [SeatClass] = []
        for field in root["seats"]?.fields ?? [] {
            guard let object = field.value.object else { continue }
            let per = reference(object["per"]?.locatedText, to: scopes, "scope")
            guard let scope = per.flatMap({ scopes.firstIndex(of: $0) }) else { continue }
            let holders = object["held_by"]?.object
            let here = roles(holders?["roles"], platform) { $0 == scope }
            let withGrant = roles(holders?["roles_with_grant"], platform) { $0 == scope }
            let owners = roles(holders?["owners"], platform) { $0 < scope }
            if !withGrant.isEmpty, !platform.grants.contains(where: { $0.scope > scope }) {
                diagnostics.error(
                    "platform.no-grants", at: holders?.position(of: "roles_with_grant"),
                    "seats go to roles with a grant, but the platform has no grants below its `\(scopes[scope])`",
                    hint: "add `grants:`, or remove `roles_with_grant`")
            }
            classes.append(
                SeatClass(
                    name: field.key, scope: scope, roles: here, rolesWithGrant: withGrant, ownerRoles: owners,
                    heldWhile: statuses(object["while"]) ?? [.invited, .active, .suspended],
                    freedBy: object["freed_by"]?.word.flatMap(SeatRelease.init(rawValue:)) ?? .remove))
        }
        return classes
    }

    /// The roles of a list, which must be given in the right kind of scope.
    private mutating func roles(_ list: YAMLNode?, _ platform: Platform, where fits: (Int) -> Bool) -> [String] {
        let names = references(list, to: roleNames, "role")
        for name in list?.texts ?? [] {
            guard let role = platform.role(named: name.value), !fits(role.scope) else { continue }
            diagnostics.error(
                "platform.seat-scope", at: name.position,
                "role `\(role.name)` is given in \(platform.scopes[role.scope]) scope and holds no such seat",
                hint: "list outer roles under `owners`, roles of the pool's own scope under `roles`")
        }
        return names.sorted(by: precedes)
    }
}
