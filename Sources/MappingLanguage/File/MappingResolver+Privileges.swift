import AccessModel
import Diagnostics

/// What privileged rules must say, and what `otherwise` may.
extension MappingResolver {
    /// Refuses whatever takes a privileged rule.
    mutating func requirePrivileged(_ give: ObjectNode, _ gift: Gift) {
        for what in privileges(of: gift) {
            diagnostics.error(
                "mapping.needs-privileged", at: give.position, "\(what) takes a privileged rule",
                hint: "add `privileged: true` to the rule, name one literal group and say `nested: true` or `false`")
        }
    }

    private func privileges(of gift: Gift) -> [String] {
        var found: [String] = []
        if platform.role(named: gift.role)?.privileged == true { found.append("role `\(gift.role)`") }
        for role in Set(gift.grants.map(\.role)).sorted(by: precedes)
        where platform.role(named: role)?.privileged == true {
            found.append("role `\(role)`")
        }
        for name in gift.templates {
            guard let template = templates.template(named: name) else { continue }
            let set = platform.effectivePermissions(of: template)
            if !platform.privileges(in: set, from: .template(name)).isEmpty { found.append("template `\(name)`") }
        }
        let direct = platform.privileges(in: PermissionSet(gift.permissions, on: platform), from: .direct)
        return found + direct.map { "permission `\($0)`" }
    }

    mutating func checkPrivileged(_ rule: ObjectNode, _ condition: Condition, _ gift: Gift) {
        let position = rule.position(of: "privileged")
        if privileges(of: gift).isEmpty {
            diagnostics.warning(
                "mapping.needlessly-privileged", at: position, "nothing that this rule gives is privileged",
                hint: "leave out `privileged: true`")
        }
        if condition.groups.contains(where: { $0.reference.captured != nil }) {
            diagnostics.error(
                "mapping.privileged-captured", at: position,
                "a privileged rule may not leave a word of a group's name open",
                hint: "name the group in full")
        } else if !condition.needsLiteralGroup {
            diagnostics.error(
                "mapping.privileged-needs-group", at: position,
                "a privileged rule must need membership in a group, whatever else it asks",
                hint: "add `group:` to its `when`, with `all` around it and the rest")
        }
        if let when = rule["when"] { requireNested(when) }
    }

    /// Every group of a privileged rule must say whether nested members count.
    private mutating func requireNested(_ node: YAMLNode) {
        guard let object = node.object else { return }
        if let group = object["group"], !object.has("nested") {
            diagnostics.error(
                "mapping.privileged-nested", at: group.position,
                "a privileged rule must say whether members of nested groups count",
                hint: "add `nested: false`, or `nested: true` if you mean it")
        }
        for part in (object["all"]?.items ?? []) + (object["any"]?.items ?? []) { requireNested(part) }
        if let not = object["not"] { requireNested(not) }
    }

    mutating func otherwise(_ node: YAMLNode, gift: Gift, isPrivileged: Bool) -> String? {
        guard let name = node.locatedText, let role = knownRole(name), let given = platform.role(named: gift.role)
        else { return nil }
        if role.scope != given.scope {
            diagnostics.error(
                "mapping.otherwise-scope", at: name.position,
                "`\(role.name)` is not given where `\(given.name)` is, so it cannot stand in for it",
                hint: "name a role of the same kind of scope")
            return nil
        }
        let needed = seatClasses(of: given.name, hasGrant: !gift.grants.isEmpty)
        let same = seatClasses(of: role.name, hasGrant: false).filter(needed.contains)
        if let seat = same.first {
            diagnostics.error(
                "mapping.otherwise-needs-seat", at: name.position,
                "`\(role.name)` needs a seat of class `\(seat)` just like `\(given.name)`",
                hint: "name a role that needs none, or leave out `otherwise`")
            return nil
        }
        if role.privileged, !isPrivileged {
            diagnostics.error(
                "mapping.needs-privileged", at: name.position, "role `\(role.name)` takes a privileged rule",
                hint: "name a role that is not privileged")
            return nil
        }
        if needed.isEmpty {
            diagnostics.warning(
                "mapping.otherwise-unused", at: name.position,
                "`\(given.name)` needs no seat, so `otherwise` is never used",
                hint: "leave it out")
        }
        return role.name
    }

    private func seatClasses(of role: String, hasGrant: Bool) -> [String] {
        platform.seatClasses.filter { seats in
            seats.roles.contains(role) || (hasGrant && seats.rolesWithGrant.contains(role))
        }.map(\.name)
    }
}

extension Condition {
    /// Whether nobody meets it without being in a group that is named in full.
    var needsLiteralGroup: Bool {
        switch self {
        case .group(let reference): reference.captured == nil
        case .attribute, .under, .person, .not: false
        case .all(let parts): parts.contains(where: \.needsLiteralGroup)
        case .any(let parts): !parts.isEmpty && parts.allSatisfy(\.needsLiteralGroup)
        }
    }
}
