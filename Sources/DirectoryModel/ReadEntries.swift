/// People and groups as they were read, in any order, with members as names that nothing is joined to.
package struct ReadEntries: Sendable {
    /// Where the members of a group end in the two lists of names.
    struct MemberEnd: Sendable {
        var names: Int
        var logins: Int
    }

    package let directory: String
    package let attributes: [String]
    package let key: DNHashKey
    /// Rows whose records stand in `arena`.
    package var people: [PersonRow]
    /// For each person the hash of the DN.
    package var personNames: [DNHash]
    package var arena: [UInt8]
    /// Rows without hash of content; `unresolvedMembers` counts the values that are no names.
    package var groups: [GroupRow]
    package var groupNames: [DNHash]
    var members: [DNHash]
    var memberLogins: [DNHash]
    var memberEnds: [MemberEnd]
    var ofPeople: MembershipsOfPeople

    package func record(_ person: Int) -> PersonRecord {
        let row = people[person]
        return PersonRecord(bytes: arena[Int(row.start)..<(Int(row.start) + Int(row.length))])
    }

    func memberNames(of group: Int) -> ArraySlice<DNHash> {
        members[(group == 0 ? 0 : memberEnds[group - 1].names)..<memberEnds[group].names]
    }

    func memberLogins(of group: Int) -> ArraySlice<DNHash> {
        memberLogins[(group == 0 ? 0 : memberEnds[group - 1].logins)..<memberEnds[group].logins]
    }

    /// Every member of a group by name, as often as it was said.
    package func members(of group: Int) -> [MemberName] {
        memberNames(of: group).map { MemberName(.dn, $0) } + memberLogins(of: group).map { MemberName(.login, $0) }
    }

    /// Puts rows in the order of ids and joins members.
    package consuming func joined() throws(MirrorFault) -> IndexedMirror {
        let personOrder = RowOrder(people.map(\.id))
        let groupOrder = RowOrder(groups.map(\.id))
        if let id = personOrder.duplicate ?? groupOrder.duplicate { throw .sameID(id) }
        let personTable = HashTable(personNames)
        if let row = personTable.duplicate { throw .sameDN(dn(ofPerson: row)) }
        let groupTable = HashTable(groupNames)
        if let row = groupTable.duplicate { throw .sameDN(String(decoding: groups[row].dn, as: UTF8.self)) }
        let logins = memberLogins.isEmpty ? [] : loginHashes()
        let fromPeople = ofPeople.members(groupTable)
        let ownNames = fromPeople.mapValues { rows in rows.map { MemberName(own: people[Int($0)].id, key) } }
        var join = MemberJoin(
            people: .init(personTable, personOrder.places), groups: .init(groupTable, groupOrder.places),
            logins: .init(HashTable(logins), personOrder.places))

        var mirror = Mirror(directories: [directory], attributes: attributes)
        var index = MirrorIndex(key: key)
        index.hasMembershipsOfPeople = !fromPeople.isEmpty
        mirror.people = personOrder.arranged(&people)
        mirror.groups = groupOrder.arranged(&groups)
        mirror.arena = arena
        for (place, row) in groupOrder.rows.enumerated() {
            join.resolve(
                memberNames(of: Int(row)), memberLogins(of: Int(row)),
                (fromPeople[Int(row)] ?? [], ownNames[Int(row)] ?? []))
            mirror.memberPeople.append(contentsOf: join.people)
            mirror.memberGroups.append(contentsOf: join.groups)
            mirror.memberPeopleStart.append(UInt32(mirror.memberPeople.count))
            mirror.memberGroupsStart.append(UInt32(mirror.memberGroups.count))
            mirror.groups[place].unresolvedMembers &+= UInt32(truncatingIfNeeded: join.unresolved)
            index.looseMembers.append(contentsOf: join.loose)
            index.looseStart.append(UInt32(truncatingIfNeeded: index.looseMembers.count))
        }
        for place in mirror.groups.indices {
            mirror.groups[place].contentHash = ContentHash.of(group: place, in: mirror)
        }
        index.personNames = personOrder.arranged(&personNames)
        index.groupNames = groupOrder.arranged(&groupNames)
        return IndexedMirror(mirror: mirror, index: index)
    }

    /// For each person the hash of the one login; `none` for those who have none or several.
    func loginHashes() -> [DNHash] {
        arena.withUnsafeBytes { arena in
            people.map { row in
                guard !row.problems.contains(.unclearLogin) else { return .none }
                var index = Int(row.start)
                let end = index + Int(row.length)
                while end - index >= 5 {
                    let length = Int(
                        UInt32(littleEndian: arena.loadUnaligned(fromByteOffset: index + 1, as: UInt32.self)))
                    let value = UnsafeRawBufferPointer(rebasing: arena[(index + 5)..<(index + 5 + length)])
                    if arena[index] == PersonField.login.tag { return key.hash(value) }
                    index += 5 + length
                }
                return .none
            }
        }
    }

    private func dn(ofPerson row: Int) -> String { record(row).text(.dn) ?? "" }
}
