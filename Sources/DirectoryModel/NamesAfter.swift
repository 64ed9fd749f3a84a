/// Who has which name before and after a delta: the mirror's rows, with those of the delta over them.
struct NamesAfter<Lookup: MirrorLookup> {
    /// The names of one person.
    struct PersonNames: Equatable {
        var name: DNHash
        var login: DNHash?
    }

    /// A person, or a group, whose names are not what they were.
    struct Touched<Names: Equatable> {
        var before: Names?
        var after: Names?
    }

    let lookup: Lookup
    private(set) var people: [ImmutableID: Touched<PersonNames>] = [:]
    private(set) var groups: [ImmutableID: Touched<DNHash>] = [:]
    private var personByName: [DNHash: ImmutableID] = [:]
    private var groupByName: [DNHash: ImmutableID] = [:]
    private var peopleByLogin: [DNHash: [ImmutableID]] = [:]
    /// People of the delta by the hashes of their ids.
    private var peopleByID: [DNHash: ImmutableID] = [:]

    init(_ lookup: Lookup) { self.lookup = lookup }

    // MARK: The delta

    /// Notes a person of the delta; nil for somebody removed.
    mutating func touch(person id: ImmutableID, before: MirroredPerson?, after: PersonChange?) throws(DeltaDoubt) {
        guard people[id] == nil else { throw .contradiction(id) }
        let old = before.map { PersonNames(name: $0.name, login: $0.login) }
        let new = after.map { PersonNames(name: $0.name, login: $0.login) }
        people[id] = Touched(before: old, after: new)
        peopleByID[MemberName(own: id, lookup.key).hash] = id
        guard let new else { return }
        if personByName.updateValue(id, forKey: new.name) != nil { throw .sameName(new.name) }
        if let login = new.login { peopleByLogin[login, default: []].append(id) }
    }

    mutating func touch(group id: ImmutableID, before: MirroredGroup?, after: GroupDelta?) throws(DeltaDoubt) {
        guard groups[id] == nil else { throw .contradiction(id) }
        groups[id] = Touched(before: before?.name, after: after?.name)
        guard let name = after?.name else { return }
        if groupByName.updateValue(id, forKey: name) != nil { throw .sameName(name) }
    }

    /// Throws when somebody whom the delta does not touch has a name that it gives to somebody else.
    func checkNames() throws {
        for (name, id) in personByName {
            if let other = try lookup.person(named: name), other != id, people[other] == nil {
                throw DeltaDoubt.sameName(name)
            }
        }
        for (name, id) in groupByName {
            if let other = try lookup.group(named: name), other != id, groups[other] == nil {
                throw DeltaDoubt.sameName(name)
            }
        }
    }

    // MARK: Who has a name

    func person(named name: DNHash) throws -> ImmutableID? {
        if let id = personByName[name] { return id }
        return try lookup.person(named: name).flatMap { people[$0] == nil ? $0 : nil }
    }

    func group(named name: DNHash) throws -> ImmutableID? {
        if let id = groupByName[name] { return id }
        return try lookup.group(named: name).flatMap { groups[$0] == nil ? $0 : nil }
    }

    /// Whether the delta gives a group this name.
    func isNewGroup(_ name: DNHash) -> Bool { groupByName[name] != nil }

    /// The one person with a login; nil when there are several.
    func person(withLogin login: DNHash) throws -> ImmutableID? {
        let known = try lookup.people(withLogin: login).filter { people[$0] == nil }
        let all = known + (peopleByLogin[login] ?? [])
        return all.count == 1 ? all[0] : nil
    }

    func personBefore(withLogin login: DNHash) throws -> ImmutableID? {
        let known = try lookup.people(withLogin: login)
        return known.count == 1 ? known[0] : nil
    }

    /// Whom a name leads to, after the delta.
    func targets(_ name: MemberName) throws -> MemberTargets {
        switch name.kind {
        case .dn: MemberTargets(person: try person(named: name.hash), group: try group(named: name.hash))
        case .login: MemberTargets(person: try person(withLogin: name.hash), group: nil)
        case .own:
            MemberTargets(person: peopleByID[name.hash].flatMap { people[$0]?.after == nil ? nil : $0 }, group: nil)
        }
    }

    func targetsBefore(_ name: MemberName) throws -> MemberTargets {
        switch name.kind {
        case .dn: MemberTargets(person: try lookup.person(named: name.hash), group: try lookup.group(named: name.hash))
        case .login: MemberTargets(person: try personBefore(withLogin: name.hash), group: nil)
        case .own:
            MemberTargets(person: peopleByID[name.hash].flatMap { people[$0]?.before == nil ? nil : $0 }, group: nil)
        }
    }

    // MARK: Which names somebody has

    func names(ofPerson id: ImmutableID) throws -> PersonNames? {
        if let touched = people[id] { return touched.after }
        return try namesBefore(ofPerson: id)
    }

    func namesBefore(ofPerson id: ImmutableID) throws -> PersonNames? {
        if let touched = people[id] { return touched.before }
        return try lookup.person(id).map { PersonNames(name: $0.name, login: $0.login) }
    }

    func name(ofGroup id: ImmutableID) throws -> DNHash? {
        if let touched = groups[id] { return touched.after }
        return try lookup.group(id)?.name
    }

    func nameBefore(ofGroup id: ImmutableID) throws -> DNHash? {
        if let touched = groups[id] { return touched.before }
        return try lookup.group(id)?.name
    }
}

/// Whom a name leads to: nobody, a person, a group, or an entry that is both.
struct MemberTargets: Equatable {
    var person: ImmutableID?
    var group: ImmutableID?

    var isNobody: Bool { person == nil && group == nil }
}
