extension MirrorEdit {
    /// Puts a group that was read whole in the place of what the mirror holds of it.
    ///
    /// Members that it has kept are recognized by the names of those it had; only others are looked up.
    mutating func replace(_ change: GroupDelta, members: [MemberName]) throws {
        let id = change.row.id
        let known = try lookup.group(id)
        let before = known == nil ? MirroredMembers() : try lookup.members(of: id)
        var members = members
        let counted = MemberJoin.counted(&members)
        let resolved = try resolve(counted, ownNames(of: id, before), keptFrom: before)

        var row = change.row
        row.unresolvedMembers &+= resolved.unresolved
        row.contentHash = ContentHash.of(groupNamed: row.name, dn: row.dn)
        for person in resolved.people { row.contentHash &+= ContentHash.of(member: person) }
        for group in resolved.groups { row.contentHash &+= ContentHash.of(memberGroup: group) }
        if row != known?.row || change.name != known?.name {
            changes.groups.append(MirrorRowChanges.Group(row: row, name: change.name))
        }
        let people = Set(before.people.map(\.id))
        let groups = Set(before.groups.map(\.id))
        changes.joinedPeople += memberships(id, resolved.people.subtracting(people))
        changes.leftPeople += memberships(id, people.subtracting(resolved.people))
        changes.joinedGroups += memberships(id, resolved.groups.subtracting(groups))
        changes.leftGroups += memberships(id, groups.subtracting(resolved.groups))
        exchange(before.loose, resolved.loose, in: id)
    }

    /// The members of a group.
    private struct Resolved {
        var people: Set<ImmutableID> = []
        var groups: Set<ImmutableID> = []
        var loose: [LooseMember] = []
        var unresolved: UInt32 = 0
    }

    private func resolve(
        _ members: [LooseMember], _ own: [MemberName: ImmutableID], keptFrom before: MirroredMembers
    ) throws -> Resolved {
        let kept = kept(before)
        var resolved = Resolved()
        resolved.people.reserveCapacity(members.count + own.count)
        var otherwise = Set(own.values)
        resolved.people.formUnion(otherwise)
        resolved.loose = own.keys.map { LooseMember(name: $0, count: 1) }
        var byName: [(member: LooseMember, person: ImmutableID?)] = []
        for member in members {
            let targets = try kept[member.name] ?? names.targets(member.name)
            if let person = targets.person { resolved.people.insert(person) }
            if let group = targets.group { resolved.groups.insert(group) }
            if targets.isNobody { resolved.unresolved &+= member.count }
            if member.name.kind == .login {
                if let person = targets.person { otherwise.insert(person) }
                resolved.loose.append(member)
            } else if member.count > 1 || targets.isNobody {
                resolved.loose.append(member)
            } else {
                byName.append((member, targets.person))
            }
        }
        guard !otherwise.isEmpty else { return resolved }
        for (member, person) in byName {
            if let person, otherwise.contains(person) { resolved.loose.append(member) }
        }
        return resolved
    }

    /// People whose own entries say that they are in the group: as before, but for those of the delta who say otherwise.
    private func ownNames(of group: ImmutableID, _ before: MirroredMembers) throws -> [MemberName: ImmutableID] {
        var found: [MemberName: ImmutableID] = [:]
        let stored = Set(before.loose.lazy.map(\.name).filter { $0.kind == .own })
        if !stored.isEmpty {
            for person in before.people where ownGroups[person.id] == nil {
                if let touched = names.people[person.id], touched.after == nil { continue }
                let name = MemberName(own: person.id, lookup.key)
                if stored.contains(name) { found[name] = person.id }
            }
        }
        for (person, groups) in ownGroups where groups.contains(group) {
            found[MemberName(own: person, lookup.key)] = person
        }
        return found
    }

    /// The members whose names the delta leaves alone, by DN.
    private func kept(_ before: MirroredMembers) -> [MemberName: MemberTargets] {
        // Whoever came in another way than by DN may share that with a group that is no member.
        guard !before.loose.contains(where: { $0.name.kind != .dn }) else { return [:] }
        var kept: [MemberName: MemberTargets] = [:]
        kept.reserveCapacity(before.people.count)
        // An entry that is both is looked up, as is one that has become both.
        let both = Set(names.people.keys).union(names.groups.keys)
        let groupNames = Set(before.groups.map(\.name))
        for person in before.people where !both.contains(person.id) && !groupNames.contains(person.name) {
            guard !names.isNewGroup(person.name) else { continue }
            kept[MemberName(.dn, person.name)] = MemberTargets(person: person.id, group: nil)
        }
        return kept
    }

    private func memberships(_ group: ImmutableID, _ members: Set<ImmutableID>) -> [MirrorRowChanges.Membership] {
        members.map { MirrorRowChanges.Membership(group: group, member: $0) }
    }

    private mutating func exchange(_ before: [LooseMember], _ after: [LooseMember], in group: ImmutableID) {
        let known = Dictionary(before.map { ($0.name, $0.count) }) { first, _ in first }
        let now = Set(after.map(\.name))
        for member in after where known[member.name] != member.count {
            changes.loose.append(MirrorRowChanges.Loose(group: group, member: member))
        }
        for member in before where !now.contains(member.name) {
            changes.loose.append(
                MirrorRowChanges.Loose(group: group, member: LooseMember(name: member.name, count: 0)))
        }
    }
}
