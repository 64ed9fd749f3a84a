/// Turns a delta into changes of rows, asking the mirror only about entries that the delta can affect.
///
/// The rows afterwards are those of the mirror that a full pull of the same state would make. What a group's members are called is
/// known from its memberships and its loose members (`LooseMember`), so the names of every group that is not in the delta can be looked at
/// again where somebody else has them now.
package struct MirrorEdit<Lookup: MirrorLookup> {
    let lookup: Lookup
    let delta: MirrorDelta
    var names: NamesAfter<Lookup>
    var changes = MirrorRowChanges()
    /// Where links follow entries: for the old name of each entry the new one, or none.
    var renamed: [DNHash: DNHash?] = [:]
    /// For people of the delta whose entries say which groups they are in, those groups.
    private(set) var ownGroups: [ImmutableID: Set<ImmutableID>] = [:]
    /// Groups whose members must be looked at again, and by which names.
    var concerned: [ImmutableID: Set<MemberName>] = [:]

    private init(_ delta: MirrorDelta, _ lookup: Lookup) {
        self.delta = delta
        self.lookup = lookup
        names = NamesAfter(lookup)
    }

    /// The changes that the delta makes to the rows of the mirror behind `lookup`.
    ///
    /// Throws a `DeltaDoubt` when only a full pull can tell, or what the lookup throws.
    package static func changes(_ delta: MirrorDelta, _ lookup: Lookup) throws -> MirrorRowChanges {
        guard delta.attributes == lookup.attributes, delta.key == lookup.key else { throw DeltaDoubt.otherShape }
        var edit = MirrorEdit(delta, lookup)
        let people = try edit.takePeople()
        let groups = try edit.takeGroups()
        try edit.names.checkNames()
        try edit.noteRenamed()
        for id in people { try edit.concern(person: id) }
        for id in groups { try edit.concern(group: id) }
        try edit.concernOwnGroups()
        try edit.editGroups()
        edit.sort()
        return edit.changes
    }

    // MARK: Entries of the delta

    /// Notes the people of the delta; returns those whose names changed.
    private mutating func takePeople() throws -> [ImmutableID] {
        var touched: [ImmutableID] = []
        for change in delta.people {
            let id = change.row.id
            let known = try lookup.person(id)
            try names.touch(person: id, before: known, after: change)
            if known?.contentHash != change.row.contentHash || known?.name != change.name {
                var row = change
                row.ownGroups = nil
                changes.people.append(row)
            }
            if let own = change.ownGroups { ownGroups[id] = Set(own) }
            if known?.name != change.name || known?.login != change.login { touched.append(id) }
        }
        for entry in delta.removedPeople {
            let known = try lookup.person(entry.id)
            try names.touch(person: entry.id, before: known, after: nil)
            guard known != nil else { continue }
            changes.removedPeople.append(entry.id)
            touched.append(entry.id)
        }
        return touched
    }

    private mutating func takeGroups() throws -> [ImmutableID] {
        var touched: [ImmutableID] = []
        for change in delta.groups {
            let id = change.row.id
            let known = try lookup.group(id)
            try names.touch(group: id, before: known, after: change)
            if known?.name != change.name { touched.append(id) }
        }
        for entry in delta.removedGroups {
            let known = try lookup.group(entry.id)
            try names.touch(group: entry.id, before: known, after: nil)
            guard known != nil else { continue }
            changes.removedGroups.append(entry.id)
            touched.append(entry.id)
        }
        return touched
    }

    /// Where links follow entries, notes what each old name became.
    private mutating func noteRenamed() throws {
        guard delta.links == .followsEntry else { return }
        let entries = delta.removedPeople + delta.removedGroups
        let moved = Dictionary(entries.map { ($0.id, $0.movedTo) }) { first, second in first ?? second }
        for (id, touched) in names.people {
            guard let old = touched.before?.name else { continue }
            let new = try touched.after?.name ?? names.name(ofGroup: id) ?? moved[id] ?? nil
            if new != old { renamed.updateValue(new, forKey: old) }
        }
        for (id, touched) in names.groups {
            guard let old = touched.before else { continue }
            let new = try touched.after ?? names.names(ofPerson: id)?.name ?? moved[id] ?? nil
            if new != old { renamed.updateValue(new, forKey: old) }
        }
    }

    // MARK: Groups that they concern

    /// Notes the groups that a person with other names is or may be a member of.
    private mutating func concern(person id: ImmutableID) throws {
        guard let touched = names.people[id] else { return }
        var own: Set<MemberName> = []
        for side in [touched.before, touched.after] {
            guard let side else { continue }
            own.insert(MemberName(.dn, side.name))
            if let login = side.login { own.insert(MemberName(.login, login)) }
        }
        if touched.before != nil {
            for group in try lookup.groups(ofPerson: id) { concerned[group, default: []].formUnion(own) }
        }
        if let name = touched.after?.name, name != touched.before?.name {
            try concernLoose(MemberName(.dn, name))
            if let group = try lookup.group(named: name) {
                for holder in try lookup.groups(ofGroup: group) { concerned[holder, default: []].formUnion(own) }
            }
        }
        if touched.before?.login != touched.after?.login {
            for login in [touched.before?.login, touched.after?.login] {
                if let login { try concernLoose(MemberName(.login, login)) }
            }
        }
    }

    /// Notes the groups that people say they are in now and did not before, or the other way round.
    private mutating func concernOwnGroups() throws {
        for (id, now) in ownGroups {
            let name = MemberName(own: id, lookup.key)
            let before = Set(try lookup.groups(withLoose: name))
            for group in before.symmetricDifference(now) { concerned[group, default: []].insert(name) }
        }
    }

    private mutating func concern(group id: ImmutableID) throws {
        guard let touched = names.groups[id] else { return }
        let own = Set([touched.before, touched.after].compactMap { side in side.map { MemberName(.dn, $0) } })
        if touched.before != nil {
            for group in try lookup.groups(ofGroup: id) { concerned[group, default: []].formUnion(own) }
        }
        guard let name = touched.after, name != touched.before else { return }
        try concernLoose(MemberName(.dn, name))
        if let person = try lookup.person(named: name) {
            for holder in try lookup.groups(ofPerson: person) { concerned[holder, default: []].formUnion(own) }
        }
    }

    /// A link is to an entry and not to a name: whoever gets the name that a link showed last is not meant by it.
    private mutating func concernLoose(_ name: MemberName) throws {
        guard delta.links == .staysWithName || name.kind == .login else { return }
        for group in try lookup.groups(withLoose: name) { concerned[group, default: []].insert(name) }
    }

    /// Works out the groups of the delta and those that it concerns.
    private mutating func editGroups() throws {
        for change in delta.groups {
            let id = change.row.id
            switch change.members {
            case .whole(let members):
                concerned[id] = nil
                try replace(change, members: members)
            case .edited(let added, let removed):
                guard let known = try lookup.group(id) else { throw DeltaDoubt.unknownGroup(id) }
                let edits = MemberEdits(added: added, removed: removed)
                let touching = concerned.removeValue(forKey: id) ?? []
                try review(known, as: change, touching.union(added).union(removed), edits)
            }
        }
        for entry in delta.removedGroups { concerned[entry.id] = nil }
        for (id, touching) in concerned {
            guard let known = try lookup.group(id) else { throw DeltaDoubt.brokenMirror(id) }
            let same = GroupDelta(row: known.row, name: known.name, members: .edited(added: [], removed: []))
            try review(known, as: same, touching, MemberEdits())
        }
    }

    /// Equal deltas give equal changes, whatever the order of what dictionaries hold.
    private mutating func sort() {
        changes.people.sort { $0.row.id < $1.row.id }
        changes.removedPeople.sort()
        changes.groups.sort { $0.row.id < $1.row.id }
        changes.removedGroups.sort()
        changes.joinedPeople.sort()
        changes.leftPeople.sort()
        changes.joinedGroups.sort()
        changes.leftGroups.sort()
        changes.loose.sort { $0.group == $1.group ? $0.member.name < $1.member.name : $0.group < $1.group }
    }
}

/// Members that came and went.
struct MemberEdits {
    var added: [MemberName] = []
    var removed: [MemberName] = []
}

extension MirrorRowChanges.Membership: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        left.group == right.group ? left.member < right.member : left.group < right.group
    }
}
