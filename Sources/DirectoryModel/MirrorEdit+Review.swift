extension MirrorEdit {
    /// What a group's members are called, as far as some names of interest go: each with the number of values before and after.
    private struct Names {
        var before: [MemberName: UInt32] = [:]
        var after: [MemberName: UInt32] = [:]
        var people: Set<ImmutableID> = []
        var groups: Set<ImmutableID> = []
    }

    /// Looks again at those members of a group that these names can lead to; its other members are not looked at.
    mutating func review(
        _ known: MirroredGroup, as change: GroupDelta, _ touching: Set<MemberName>, _ edits: MemberEdits
    ) throws {
        let id = known.row.id
        let names = try gather(touching, edits, in: id)
        var row = change.row
        row.unresolvedMembers = try unresolved(known.row.unresolvedMembers, names)
        var hash = known.row.contentHash &- ContentHash.of(groupNamed: known.row.name, dn: known.row.dn)
        hash &+= ContentHash.of(groupNamed: row.name, dn: row.dn)
        for person in names.people {
            let was = try lookup.isMember(person: person, of: id)
            let isNow = try self.names.names(ofPerson: person).map { try isReached(person, $0, names.after) } ?? false
            guard was != isNow else { continue }
            let membership = MirrorRowChanges.Membership(group: id, member: person)
            if isNow { changes.joinedPeople.append(membership) } else { changes.leftPeople.append(membership) }
            hash = isNow ? hash &+ ContentHash.of(member: person) : hash &- ContentHash.of(member: person)
        }
        for group in names.groups {
            let was = try lookup.isMember(group: group, of: id)
            let name = try self.names.name(ofGroup: group)
            let isNow = name.map { (names.after[MemberName(.dn, $0)] ?? 0) > 0 } ?? false
            guard was != isNow else { continue }
            let membership = MirrorRowChanges.Membership(group: id, member: group)
            if isNow { changes.joinedGroups.append(membership) } else { changes.leftGroups.append(membership) }
            hash = isNow ? hash &+ ContentHash.of(memberGroup: group) : hash &- ContentHash.of(memberGroup: group)
        }
        row.contentHash = hash
        try setLoose(names, in: id)
        if row != known.row || change.name != known.name {
            changes.groups.append(MirrorRowChanges.Group(row: row, name: change.name))
        }
    }

    /// Everybody whom the names lead to, before or after, and all of their names.
    private func gather(
        _ touching: Set<MemberName>, _ edits: MemberEdits, in group: ImmutableID
    ) throws -> Names {
        var found = Names()
        let renamed = touching.compactMap { name in
            name.kind == .dn ? self.renamed[name.hash].flatMap { $0 }.map { MemberName(.dn, $0) } : nil
        }
        let touching = touching.union(renamed)
        for name in touching {
            for targets in [try names.targetsBefore(name), try names.targets(name)] {
                if let person = targets.person { found.people.insert(person) }
                if let group = targets.group { found.groups.insert(group) }
            }
        }
        var all = touching
        for person in found.people {
            all.insert(MemberName(own: person, lookup.key))
            for side in [try names.namesBefore(ofPerson: person), try names.names(ofPerson: person)] {
                guard let side else { continue }
                all.insert(MemberName(.dn, side.name))
                if let login = side.login { all.insert(MemberName(.login, login)) }
            }
        }
        for member in found.groups {
            for side in [try names.nameBefore(ofGroup: member), try names.name(ofGroup: member)] {
                if let side { all.insert(MemberName(.dn, side)) }
            }
        }
        for name in all {
            let count = try countBefore(name, in: group)
            guard count > 0 else { continue }
            found.before[name] = count
            if let name = nameNow(name) { found.after[name, default: 0] &+= count }
        }
        for person in found.people {
            guard let isOwn = try saysSo(person, group) else { continue }
            found.after[MemberName(own: person, lookup.key)] = isOwn ? 1 : nil
        }
        for name in edits.removed { found.after[name] = nil }
        for name in edits.added { found.after[name] = max(1, found.after[name] ?? 0) }
        return found
    }

    /// Whether a person's own entry says now that they are in the group; nil where it says what it said before.
    private func saysSo(_ person: ImmutableID, _ group: ImmutableID) throws -> Bool? {
        guard let touched = names.people[person] else { return nil }
        guard touched.after != nil else { return false }
        return ownGroups[person]?.contains(group)
    }

    /// What a value that said this name says now; nil where it is gone with its entry.
    private func nameNow(_ name: MemberName) -> MemberName? {
        guard name.kind == .dn, let new = renamed[name.hash] else { return name }
        return new.map { MemberName(.dn, $0) }
    }

    /// How many values of the group say this name, by what the mirror holds.
    private func countBefore(_ name: MemberName, in group: ImmutableID) throws -> UInt32 {
        let loose = try lookup.looseCount(of: name, in: group)
        guard loose == 0, name.kind == .dn else { return loose }
        if let person = try lookup.person(named: name.hash), try lookup.isMember(person: person, of: group) {
            return try isReachedOtherwise(person, in: group) ? 0 : 1
        }
        if let member = try lookup.group(named: name.hash), try lookup.isMember(group: member, of: group) { return 1 }
        return 0
    }

    /// Whether a login among the loose members, or the person's own word, says why somebody is a member.
    private func isReachedOtherwise(_ person: ImmutableID, in group: ImmutableID) throws -> Bool {
        if try lookup.looseCount(of: MemberName(own: person, lookup.key), in: group) > 0 { return true }
        guard let login = try names.namesBefore(ofPerson: person)?.login,
            try lookup.looseCount(of: MemberName(.login, login), in: group) > 0
        else { return false }
        return try names.personBefore(withLogin: login) == person
    }

    private func isReached(
        _ person: ImmutableID, _ own: NamesAfter<Lookup>.PersonNames, _ counts: [MemberName: UInt32]
    ) throws -> Bool {
        if (counts[MemberName(.dn, own.name)] ?? 0) > 0 { return true }
        if (counts[MemberName(own: person, lookup.key)] ?? 0) > 0 { return true }
        guard let login = own.login, (counts[MemberName(.login, login)] ?? 0) > 0 else { return false }
        return try names.person(withLogin: login) == person
    }

    private func unresolved(_ count: UInt32, _ names: Names) throws -> UInt32 {
        var count = count
        // Nobody's own word leads nowhere.
        for (name, values) in names.before where name.kind != .own {
            if try self.names.targetsBefore(name).isNobody { count &-= values }
        }
        for (name, values) in names.after where name.kind != .own {
            if try self.names.targets(name).isNobody { count &+= values }
        }
        return count
    }

    private mutating func setLoose(_ names: Names, in group: ImmutableID) throws {
        for name in Set(names.before.keys).union(names.after.keys) {
            let count = names.after[name] ?? 0
            let isLoose = try count > 0 && !isPlain(name, count, names.after)
            let was = try lookup.looseCount(of: name, in: group)
            let now = isLoose ? count : 0
            guard was != now else { continue }
            changes.loose.append(MirrorRowChanges.Loose(group: group, member: LooseMember(name: name, count: now)))
        }
    }

    /// Whether a membership tells the name: one DN that leads to somebody with no other name in the group.
    private func isPlain(_ name: MemberName, _ count: UInt32, _ counts: [MemberName: UInt32]) throws -> Bool {
        guard name.kind == .dn, count == 1 else { return false }
        let targets = try names.targets(name)
        guard let person = targets.person else { return targets.group != nil }
        if (counts[MemberName(own: person, lookup.key)] ?? 0) > 0 { return false }
        guard let login = try names.names(ofPerson: person)?.login,
            (counts[MemberName(.login, login)] ?? 0) > 0
        else { return true }
        return try names.person(withLogin: login) != person
    }
}
