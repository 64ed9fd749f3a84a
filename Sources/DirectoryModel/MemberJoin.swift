/// Turns the members of one group after the other into places of people and groups.
struct MemberJoin {
    /// Finds a row by a hash, and knows the place of each row in the mirror.
    struct Index {
        let table: HashTable
        let places: [UInt32]

        init(_ table: HashTable, _ places: [UInt32]) {
            self.table = table
            self.places = places
        }
    }

    private let peopleByName: Index
    private let groupsByName: Index
    private let peopleByLogin: Index
    /// Of the group resolved last: sorted and distinct.
    private(set) var people: [PersonIndex] = []
    private(set) var groups: [GroupIndex] = []
    private(set) var unresolved = 0
    /// Names of the group resolved last that memberships do not tell, sorted.
    private(set) var loose: [LooseMember] = []
    private var dangling: [MemberName] = []

    init(people: Index, groups: Index, logins: Index) {
        peopleByName = people
        groupsByName = groups
        peopleByLogin = logins
    }

    /// `own` are people whose own entries say that they are members: their rows, and the names that stand for that.
    mutating func resolve(
        _ names: ArraySlice<DNHash>, _ logins: ArraySlice<DNHash>, _ own: (rows: [UInt32], names: [MemberName])
    ) {
        people.removeAll(keepingCapacity: true)
        groups.removeAll(keepingCapacity: true)
        dangling.removeAll(keepingCapacity: true)
        unresolved = 0
        for name in names {
            let person = peopleByName.table[name]
            let group = groupsByName.table[name]
            if let person { people.append(peopleByName.places[person]) }
            if let group { groups.append(groupsByName.places[group]) }
            if person == nil, group == nil { dangling.append(MemberName(.dn, name)) }
        }
        for login in logins {
            if let person = peopleByLogin.table[login] {
                people.append(peopleByLogin.places[person])
            } else {
                unresolved += 1
            }
        }
        unresolved += dangling.count
        let count = people.count + groups.count
        for row in own.rows { people.append(peopleByName.places[Int(row)]) }
        MemberJoin.sort(&people)
        MemberJoin.sort(&groups)
        let isPlain = logins.isEmpty && own.rows.isEmpty && people.count + groups.count == count
        loose = isPlain ? MemberJoin.counted(&dangling) : looseMembers(names, logins, own)
    }

    /// Where members have several names: each login, each person's own word, each DN that leads nowhere, is said twice or leads to somebody who has another name too.
    private func looseMembers(
        _ names: ArraySlice<DNHash>, _ logins: ArraySlice<DNHash>, _ own: (rows: [UInt32], names: [MemberName])
    ) -> [LooseMember] {
        var all = names.map { MemberName(.dn, $0) } + logins.map { MemberName(.login, $0) } + own.names
        let otherwise = Set(logins.compactMap { peopleByLogin.table[$0] }).union(own.rows.map { Int($0) })
        return MemberJoin.counted(&all).filter { member in
            guard member.name.kind == .dn, member.count == 1 else { return true }
            guard let person = peopleByName.table[member.name.hash] else {
                return groupsByName.table[member.name.hash] == nil
            }
            return otherwise.contains(person)
        }
    }

    /// Names in order, each with how often it occurs.
    static func counted(_ names: inout [MemberName]) -> [LooseMember] {
        guard !names.isEmpty else { return [] }
        names.sort()
        var counted: [LooseMember] = []
        for name in names {
            if let last = counted.indices.last, counted[last].name == name {
                counted[last].count &+= 1
            } else {
                counted.append(LooseMember(name: name, count: 1))
            }
        }
        return counted
    }

    private static func sort(_ places: inout [UInt32]) {
        guard places.count > 1 else { return }
        places.sort()
        var kept = 1
        for place in places[1...] where place != places[kept - 1] {
            places[kept] = place
            kept += 1
        }
        places.removeLast(places.count - kept)
    }
}
