import AccessModel
package import DirectoryModel
package import MappingLanguage
import Reconciliation

extension World {
    /// What this world's rules give: one group each, direct members only; the highest role wins in a scope, an outer one covers.
    package func evaluate(_ mirror: Mirror, frozen: FrozenMembers) -> Evaluation {
        let names = allGroups
        let sorted = sortedPeople
        var members: [String: Set<Int>] = [:]
        for name in names {
            let key = GroupKey(directory: directories[0], id: World.id("g-" + name))
            if let kept = frozen[key] {
                kept.forEach { members[name, default: []].insert(Int($0)) }
            } else if !vanished.contains(name) {
                members[name] = Set(sorted.indices.filter { sorted[$0].groups.contains(name) })
            }
        }
        var evaluation = Evaluation(
            instances: [], groups: [], effectivePeople: [], grantSet: [], grantSets: [[]], desired: [.none],
            groupSet: [], groupSets: [[]], findings: [])
        evaluation.groups = names.enumerated().map { place, name in
            MappedGroup(
                key: GroupKey(directory: directories[0], id: World.id("g-" + name)), name: name, dn: "cn=\(name)",
                index: vanished.contains(name) ? nil : GroupIndex(place),
                standing: vanished.contains(name) ? .vanished : .found, usedNested: false, usedDirect: true)
        }
        evaluation.effectivePeople = names.map { .sparse((members[$0] ?? []).sorted().map { PersonIndex($0) }) }
        evaluation.instances = rules.enumerated().map { place, rule in
            RuleInstance(rule: place, captured: nil, groups: [names.firstIndex(of: rule.group) ?? 0])
        }
        for place in sorted.indices {
            let given = rules.indices.filter { members[rules[$0].group]?.contains(place) == true }.map { UInt32($0) }
            evaluation.grantSet.append(UInt32(World.intern(given, &evaluation.grantSets)))
            let groups = names.indices.filter { members[names[$0]]?.contains(place) == true }.map { UInt32($0) }
            evaluation.groupSet.append(UInt32(World.intern(groups, &evaluation.groupSets)))
        }
        evaluation.desired = evaluation.grantSets.map(desired)
        evaluation.causes = causeGroups.map { group in
            .sparse((members[group] ?? []).sorted().map { PersonIndex($0) })
        }
        evaluation.pilot = pilotGroup.flatMap { names.firstIndex(of: $0) }
        return evaluation
    }

    private static func intern(_ set: [UInt32], _ sets: inout [[UInt32]]) -> Int {
        if let place = sets.firstIndex(of: set) { return place }
        sets.append(set)
        return sets.count - 1
    }

    private func desired(_ set: [UInt32]) -> DesiredAccess {
        let given = set.map { (place: $0, rule: rules[Int($0)]) }
        let platform = settings.platform
        var claims: [ScopeClaim] = []
        for scope in Set(given.map(\.rule.scope)).sorted() {
            let here = given.filter { $0.rule.scope == scope }.sorted { left, right in
                let (one, other) = (platform.rank(of: left.rule.role) ?? 99, platform.rank(of: right.rule.role) ?? 99)
                return one == other ? left.place < right.place : one < other
            }
            guard let winner = here.first else { continue }
            let covered = claims.contains {
                scope != $0.scope && scope.isInside($0.scope) && platform.covers($0.role, winner.rule.role)
            }
            if covered { continue }
            claims.append(
                ScopeClaim(
                    scope: scope, role: winner.rule.role, winner: winner.place, otherwise: winner.rule.otherwise,
                    seatPriority: here.filter { $0.rule.role == winner.rule.role }.map(\.rule.seatPriority).max() ?? 0,
                    losers: here.dropFirst().map(\.place)))
        }
        let templates = Set(given.compactMap(\.rule.template))
        let clash = templates.count > 1 && platform.templatesPerUser == .one
        let grants = given.compactMap { item in
            item.rule.assistant.map { ScopedRole(scope: ScopePath(item.rule.scope.components + [$0]), role: "editor") }
        }
        let access = Access(
            roles: claims.map { ScopedRole(scope: $0.scope, role: $0.role) }, templates: clash ? [] : Array(templates),
            switches: given.contains { $0.rule.crm } ? ["crm"] : [], grants: Array(Set(grants)))
        return DesiredAccess(
            access: access, claims: claims,
            templateConflict: clash ? given.filter { $0.rule.template != nil }.map(\.place) : [])
    }
}
