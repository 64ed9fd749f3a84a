/// Why what was read cannot be one state of a directory.
package enum MirrorFault: Error, Sendable, Equatable {
    /// Two entries have this id.
    case sameID(ImmutableID)
    /// Two entries have this DN, or the same entry came twice.
    case sameDN(String)
    /// More than the tables can hold: 4 GiB of records or 4 billion rows.
    case tooMuch
}

/// Makes a mirror of one directory out of entries in any order: people, groups and their members join when everything is there.
///
/// Members name people and groups by DN (joined by the keyed hash of its canonical form) or by login. Nothing is allocated for a single
/// value; a person costs an append to each of three arrays.
package struct MirrorBuilder {
    package private(set) var setAside: [SetAsideEntry] = []
    private let directory: String
    private let attributes: [String]
    private let key: DNHashKey
    private var people: [PersonRow] = []
    private var personNames: [DNHash] = []
    private var arena: [UInt8] = []
    private var groups: [GroupRow] = []
    private var groupNames: [DNHash] = []
    private var members: [DNHash] = []
    private var memberLogins: [DNHash] = []
    /// Ends of each group's members in the two lists above.
    private var memberEnds: [ReadEntries.MemberEnd] = []
    private var ofPeople = MembershipsOfPeople()
    private var scratch: [UInt8] = []
    private var isTooMuch = false

    /// `key` should be random: it keeps anyone from making two names with one hash.
    package init(directory: String, attributes: [String], key: DNHashKey) {
        self.directory = directory
        self.attributes = attributes
        self.key = key
    }

    package var peopleCount: Int { people.count }
    package var groupCount: Int { groups.count }

    // MARK: People

    /// Adds the person in the draft, or sets the entry aside: then false.
    @discardableResult
    package mutating func add(_ draft: inout PersonDraft) -> Bool {
        guard let id = identity(draft.immutableID, draft.dn), let name = hash(ofName: draft.dn) else { return false }
        let start = arena.count
        var loginCount = 0
        var ends = draft.expires != .max
        for value in draft.values {
            if value.tag == PersonField.login.tag { loginCount += 1 }
            if ends, value.tag > PersonField.expires.tag {
                appendExpiry(draft.expires)
                ends = false
            }
            appendField(value.tag, value.bytes)
        }
        if ends { appendExpiry(draft.expires) }
        if loginCount != 1 { draft.problems.insert(.unclearLogin) }
        guard arena.count <= Int(UInt32.max) else {
            isTooMuch = true
            return false
        }
        people.makeRoom(for: 1)
        personNames.makeRoom(for: 1)
        personNames.append(name)
        ofPeople.add(primaryGroup: draft.primaryGroup, ofPerson: people.count)
        people.append(
            PersonRow(
                id: id, start: UInt32(start), length: UInt32(arena.count - start),
                contentHash: contentHash(from: start, draft), lastSignIn: draft.lastSignIn, directory: 0,
                state: draft.state, problems: draft.problems))
        return true
    }

    /// Puts the person just added into a group that is named on the person; a name that is no group's, or no DN, is nothing.
    package mutating func addLastPerson(toGroup dn: UnsafeRawBufferPointer) {
        guard let last = people.indices.last, (try? DNCanonicalForm.normalize(dn, into: &scratch)) != nil else {
            return
        }
        ofPeople.add(group: scratch.withUnsafeBytes { key.hash($0) }, ofPerson: last)
    }

    @inline(__always)
    private mutating func appendField(_ tag: UInt8, _ bytes: UnsafeRawBufferPointer) {
        let length = UInt32(truncatingIfNeeded: bytes.count)
        arena.makeRoom(for: 5 + bytes.count)
        arena.append(tag)
        withUnsafeBytes(of: length.littleEndian) { arena.append(contentsOf: $0) }
        arena.append(contentsOf: bytes)
    }

    private mutating func appendExpiry(_ seconds: Int64) {
        withUnsafeBytes(of: seconds.bigEndian) { appendField(PersonField.expires.tag, $0) }
    }

    @inline(__always)
    private func contentHash(from start: Int, _ draft: PersonDraft) -> UInt64 {
        arena.withUnsafeBytes {
            ContentHash.of(
                record: UnsafeRawBufferPointer(rebasing: $0[start...]), state: draft.state, problems: draft.problems,
                lastSignIn: draft.lastSignIn)
        }
    }

    // MARK: Groups

    /// Starts a group, to which the following members belong; false when the entry was set aside, and its members must not be added.
    package mutating func startGroup(
        dn: UnsafeRawBufferPointer, id: ImmutableID?, name: UnsafeRawBufferPointer?
    ) -> Bool {
        guard let id = identity(id, dn), let hash = hash(ofName: dn) else { return false }
        groups.append(
            GroupRow(
                id: id, dn: Array(dn), name: name.map { Array($0) } ?? [], unresolvedMembers: 0, contentHash: 0,
                directory: 0))
        groupNames.append(hash)
        memberEnds.append(ReadEntries.MemberEnd(names: members.count, logins: memberLogins.count))
        return true
    }

    /// Gives the group just started the identifier by which people have it as their primary group.
    package mutating func setSecurityID(_ sid: SecurityID) {
        guard let last = groups.indices.last else { return }
        ofPeople.add(sid, ofGroup: last)
    }

    /// The domain whose groups primary groups are; without one it is that of the groups, if they are of one only.
    package mutating func setDomain(_ domain: SecurityID) { ofPeople.domain = domain }

    /// Adds a member of the group just started by its DN; `hasUID` for the syntax of `uniqueMember`.
    ///
    /// An empty DN, with which some tools fill groups that must not be empty, is nobody.
    package mutating func addMember(dn: UnsafeRawBufferPointer, hasUID: Bool = false) {
        guard let last = groups.indices.last else { return }
        let length = hasUID ? OptionalUID.nameLength(dn) : dn.count
        guard length > 0 else { return }
        do throws(DNSyntaxError) {
            try DNCanonicalForm.normalize(UnsafeRawBufferPointer(rebasing: dn[..<length]), into: &scratch)
            members.makeRoom(for: 1)
            members.append(scratch.withUnsafeBytes { key.hash($0) })
            memberEnds[last].names = members.count
        } catch {
            groups[last].unresolvedMembers &+= 1
        }
    }

    /// Adds a member of the group just started by its login, which must be the same to the byte.
    package mutating func addMember(login: UnsafeRawBufferPointer) {
        guard let last = groups.indices.last else { return }
        memberLogins.append(key.hash(login))
        memberEnds[last].logins = memberLogins.count
    }

    // MARK: Names and ids

    private mutating func identity(_ id: ImmutableID?, _ dn: UnsafeRawBufferPointer) -> ImmutableID? {
        if let id, id.high != 0 || id.low != 0 { return id }
        setAside.append(SetAsideEntry(dn: String(decoding: dn, as: UTF8.self), reason: .noIdentity))
        return nil
    }

    private mutating func hash(ofName dn: UnsafeRawBufferPointer) -> DNHash? {
        do throws(DNSyntaxError) {
            try DNCanonicalForm.normalize(dn, into: &scratch)
            return scratch.withUnsafeBytes { key.hash($0) }
        } catch {
            setAsideUnparsable(dn)
            return nil
        }
    }

    /// Notes an entry whose DN cannot be parsed.
    package mutating func setAsideUnparsable(_ dn: UnsafeRawBufferPointer) {
        setAside.append(SetAsideEntry(dn: String(decoding: dn, as: UTF8.self), reason: .unparsableDN))
    }

    /// Whether somebody or some group with this id has been added.
    package func contains(_ id: ImmutableID) -> Bool {
        people.contains { $0.id == id } || groups.contains { $0.id == id }
    }

    /// Ids and hashes of the DNs of the people added from this place on.
    package func addedNames(from start: Int) -> [(id: ImmutableID, name: DNHash)] {
        zip(people[min(start, people.count)...], personNames[min(start, people.count)...]).map { ($0.id, $1) }
    }

    /// The same of groups.
    package func addedGroupNames(from start: Int) -> [(id: ImmutableID, name: DNHash)] {
        zip(groups[min(start, groups.count)...], groupNames[min(start, groups.count)...]).map { ($0.id, $1) }
    }

    // MARK: The end

    /// Puts rows in the order of ids and joins members; the builder is used up.
    package consuming func finish() throws(MirrorFault) -> Mirror { try finishIndexed().mirror }

    /// The same, with what is needed to bring the mirror up to date by a delta later.
    package consuming func finishIndexed() throws(MirrorFault) -> IndexedMirror { try entries().joined() }

    /// What was read, with members as names that nothing is joined to; the builder is used up.
    package consuming func entries() throws(MirrorFault) -> ReadEntries {
        guard !isTooMuch, people.count < Int(Int32.max), members.count < Int(UInt32.max) else { throw .tooMuch }
        return ReadEntries(
            directory: directory, attributes: attributes, key: key, people: people, personNames: personNames,
            arena: arena, groups: groups, groupNames: groupNames, members: members, memberLogins: memberLogins,
            memberEnds: memberEnds, ofPeople: ofPeople)
    }
}

extension Array {
    /// Grows by a factor of four where there is no room: memory that is never touched costs nothing, copies do.
    @inline(__always)
    fileprivate mutating func makeRoom(for more: Int) {
        if capacity - count < more { reserveCapacity(4 * (capacity + more)) }
    }
}

extension DNHash {
    /// Stands for "no name": no hash that is looked up is equal to it but by an accident of 2⁻¹²⁸.
    static let none = DNHash(high: 0, low: 0)
}
