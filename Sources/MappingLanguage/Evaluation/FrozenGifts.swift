import AccessModel
import DirectoryModel

/// Holds what is given through frozen groups to what each person had after the last applied run.
///
/// Whoever had less than the rules give now, since a file or an attribute changed in the same night, keeps that; who had
/// nothing gets nothing. People with the same rules and the same access are worked out once.
struct FrozenGifts {
    private struct Case: Hashable {
        var set: UInt32
        var held: UInt32
        var awaited: [ScopedRole]
        var isKeptWhole: Bool
        var byRules: Access?
    }

    private let mapping: Mapping
    private let gifts: [InstanceGift?]
    private let held: HeldAccess
    /// By instance, whether its condition names a frozen group.
    private let isThroughFrozen: [Bool]
    /// By person, whether they are on record as a member of a frozen group.
    private let isMember: [Bool]
    private var places: [Case: UInt32] = [:]

    init?(_ compiled: CompiledMapping, _ frozen: FrozenMembers, people: Int) {
        guard !frozen.isEmpty, let held = frozen.held else { return nil }
        mapping = compiled.mapping
        gifts = compiled.gifts
        self.held = held
        isThroughFrozen = compiled.conditions.map { condition in
            condition.groups.contains { frozen[compiled.groups[$0].key] != nil }
        }
        var isMember = [Bool](repeating: false, count: people)
        for members in frozen.members.values { members.forEach { isMember[Int($0)] = true } }
        self.isMember = isMember
    }

    /// Gives everybody concerned a grant set of their own kind.
    mutating func narrow(_ evaluation: inout Evaluation) {
        let isConcerned = evaluation.grantSets.map { set in set.contains { isThroughFrozen[Int($0)] } }
        for person in evaluation.grantSet.indices {
            let set = evaluation.grantSet[person]
            let concerned = isConcerned[Int(set)]
            guard concerned || (held.isKeptWhole && isMember[person]) else { continue }
            let found = Case(
                set: set, held: held.ofPerson.indices.contains(person) ? held.ofPerson[person] : UInt32.max,
                awaited: held.awaited.isEmpty ? [] : held.awaited[PersonIndex(person)] ?? [],
                isKeptWhole: held.isKeptWhole,
                byRules: held.byRules.isEmpty ? nil : held.byRules[PersonIndex(person)])
            if let place = places[found] {
                evaluation.grantSet[person] = place
                continue
            }
            let place = place(of: found, held.access(of: person), &evaluation)
            places[found] = place
            evaluation.grantSet[person] = place
        }
    }

    private func place(of found: Case, _ access: Access?, _ evaluation: inout Evaluation) -> UInt32 {
        var kept: [UInt32] = []
        var narrowed: [InstanceGift?] = []
        for instance in evaluation.grantSets[Int(found.set)] {
            guard var gift = gifts[Int(instance)] else { continue }
            if isThroughFrozen[Int(instance)] {
                guard let access else { continue }
                gift = gift.limited(to: access, awaited: found.awaited, on: mapping.platform)
                if gift.isEmpty { continue }
            }
            kept.append(instance)
            narrowed.append(gift)
        }
        var builder = DesiredAccessBuilder(GiftBook(mapping, narrowed))
        var desired = builder.desired(kept.indices.map { UInt32($0) }).numbered(kept)
        if found.isKeptWhole, let access { desired.keep(found.byRules ?? access, on: mapping.platform) }
        if desired == .none { return 0 }
        evaluation.grantSets.append(kept)
        evaluation.desired.append(desired)
        return UInt32(evaluation.grantSets.count - 1)
    }
}

extension InstanceGift {
    /// As much of the gift as somebody has, or stands in line for.
    fileprivate func limited(to held: Access, awaited: [ScopedRole], on platform: Platform) -> InstanceGift {
        var gift = self
        gift.givesRole = (held.roles + awaited).contains { isEnough($0, on: platform) }
        gift.templates = templates.filter(held.templates.contains)
        gift.switches = switches.filter(held.switches.contains)
        if !awaited.contains(ScopedRole(scope: scope, role: role)) {
            gift.grants = grants.filter { grant in
                held.grants.contains {
                    $0.scope == grant.scope && platform.isAtLeast($0.role, grant.role)
                }
            }
        }
        if !permissions.isEmpty {
            gift.permissions = PermissionSet(permissions, on: platform)
                .limited(to: PermissionSet(held.permissions, on: platform), on: platform).settings(on: platform)
        }
        return gift
    }

    /// Whether a role is the gift's or more: a higher one of the scope, or an outer one that contains it.
    private func isEnough(_ held: ScopedRole, on platform: Platform) -> Bool {
        guard scope.isInside(held.scope) else { return false }
        return held.scope == scope ? platform.isAtLeast(held.role, role) : platform.covers(held.role, role)
    }

    fileprivate var isEmpty: Bool {
        !givesRole && templates.isEmpty && switches.isEmpty && grants.isEmpty && permissions.isEmpty
    }
}

extension Platform {
    /// Whether a role ranks at least as high as another; unknown ones rank lowest.
    fileprivate func isAtLeast(_ role: String, _ other: String) -> Bool {
        guard let place = rank(of: role) else { return role == other }
        return rank(of: other).map { place <= $0 } ?? true
    }
}

extension DesiredAccess {
    /// The same with instances by the numbers that stand in `instances` at their places.
    fileprivate func numbered(_ instances: [UInt32]) -> DesiredAccess {
        var desired = self
        desired.templateConflict = templateConflict.map { instances[Int($0)] }
        for place in sources.indices {
            desired.sources[place].instances = sources[place].instances.map { instances[Int($0)] }
        }
        for place in claims.indices {
            desired.claims[place].winner = instances[Int(claims[place].winner)]
            desired.claims[place].losers = claims[place].losers.map { instances[Int($0)] }
        }
        return desired
    }

    /// Adds whatever somebody had and would lose.
    fileprivate mutating func keep(_ held: Access, on platform: Platform) {
        var roles = access.roles
        for role in held.roles {
            let here = roles.first { $0.scope == role.scope }
            if let here, platform.isAtLeast(here.role, role.role) { continue }
            roles.removeAll { $0.scope == role.scope }
            roles.append(role)
        }
        let all = roles
        roles.removeAll { inner in
            all.contains { outer in
                outer.scope != inner.scope && inner.scope.isInside(outer.scope)
                    && platform.covers(outer.role, inner.role)
            }
        }
        var grants = access.grants
        for grant in held.grants {
            let here = grants.first { $0.scope == grant.scope }
            if let here, platform.isAtLeast(here.role, grant.role) { continue }
            grants.removeAll { $0.scope == grant.scope }
            grants.append(grant)
        }
        var templates = Array(Set(access.templates).union(held.templates))
        if platform.templatesPerUser == .one, !held.templates.isEmpty {
            templates = held.templates
            templateConflict = []
        }
        var permissions = PermissionSet(access.permissions, on: platform)
        permissions.merge(PermissionSet(held.permissions, on: platform), on: platform)
        access = Access(
            roles: roles, templates: templates, switches: Array(Set(access.switches).union(held.switches)),
            grants: grants, permissions: permissions.settings(on: platform))
        let idle = platform.grantsWithoutEffect(in: access)
        access.grants.removeAll(where: idle.contains)
        claims.removeAll { claim in !roles.contains(ScopedRole(scope: claim.scope, role: claim.role)) }
    }
}
