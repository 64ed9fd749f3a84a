internal import DirectoryModel

/// Memberships that stand on the person and not on the group: primary groups of Active Directory, roles of 389 Directory Server.
///
/// They change with the person's entry, of which the server tells. Two things change them without that, and are in doubt: a group that is new, and may
/// have had its people before; and the definition of a role, which the position of the last run holds (`LDAPSource.belongings`).
extension ChangePull {
    func settleOwnGroups(_ delta: inout MirrorDelta) throws {
        let dialect = settings.dialect
        guard dialect.primaryGroup != nil || dialect.roleAttribute != nil, !settings.groups.bases.isEmpty else {
            return
        }
        try checkNewGroups(delta)
        let byNumber = try server.groups(
            withRelativeIDs: Set(delta.people.compactMap { delta.said[$0.row.id]?.relativeID }))
        let byName = Dictionary(delta.groups.map { ($0.name, $0.row.id) }) { first, _ in first }
        let removed = Set(delta.removedGroups.map(\.id))
        for place in delta.people.indices {
            let id = delta.people[place].row.id
            let said = delta.said[id] ?? SaidGroups()
            if dialect.primaryGroup != nil, said.relativeID == 0 {
                throw ChangeDoubt(text: "the primary group of `\(id)` does not show")
            }
            var groups: Set<ImmutableID> = []
            if let group = byNumber[said.relativeID] { groups.insert(group) }
            for name in said.names {
                if let group = try byName[name] ?? mirror.group(named: name) { groups.insert(group) }
            }
            for group in groups where try removed.contains(group) || !isKnown(group, delta) {
                throw ChangeDoubt(text: "the group `\(group)` came or went meanwhile")
            }
            try checkRoles(id, left: groups)
            delta.people[place].ownGroups = groups.sorted()
        }
    }

    private func isKnown(_ group: ImmutableID, _ delta: MirrorDelta) throws -> Bool {
        if delta.groups.contains(id: group) { return true }
        return try mirror.group(group) != nil
    }

    /// People may have had a group before it was one of those that are read.
    private func checkNewGroups(_ delta: MirrorDelta) throws {
        let new = try delta.groups.map(\.row.id).filter { try mirror.group($0) == nil }
        guard !new.isEmpty else { return }
        let people = try server.people(ofPrimaryGroups: new)
        if let id = people.first(where: { !delta.people.contains(id: $0) }) {
            throw ChangeDoubt(text: "`\(id)` was in a group before that was read")
        }
    }

    /// A server that has just begun shows nobody's roles for a moment, and says nothing of it: a role is lost only where somebody else still has it.
    private func checkRoles(_ id: ImmutableID, left groups: Set<ImmutableID>) throws {
        guard settings.dialect.roleAttribute != nil else { return }
        for group in try mirror.groups(withLoose: MemberName(own: id, mirror.key)) where !groups.contains(group) {
            guard let role = try mirror.group(group) else { continue }
            guard try server.hasPeople(inRole: role.row.dn) else {
                throw ChangeDoubt(
                    text: "nobody shows the role `\(EntryText.shown(String(decoding: role.row.dn, as: UTF8.self)))`")
            }
        }
    }
}
