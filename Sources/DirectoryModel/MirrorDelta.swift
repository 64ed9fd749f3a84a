/// What a directory's server does to the members of groups when what they name is renamed or removed.
package enum LinkRule: UInt8, Sendable, Equatable {
    /// Nothing: the value stays as it was written, and leads nowhere until somebody has that name again (OpenLDAP; 389 DS, whose
    /// plugin for referential integrity changes the groups themselves).
    case staysWithName
    /// The link is to the entry: it is shown under the new name, and gone with the entry (Active Directory, Samba).
    ///
    /// What becomes of entries outside of what is read does not show: groups that name somebody who comes in from there belong to the delta.
    case followsEntry
}

/// What changed in one directory since its mirror: the entries that changed, whole, and those that are provably gone.
///
/// An entry stands in it once. Whoever is neither in it nor in the mirror was never there; nothing follows from somebody not being in it.
package struct MirrorDelta: Sendable {
    package var directory: String
    /// The attributes of the records, which must be those of the mirror.
    package var attributes: [String]
    /// The key of the hashes, which must be that of the mirror's index.
    package var key: DNHashKey
    package var links: LinkRule
    package var people: [PersonChange]
    package var groups: [GroupDelta]
    /// People who are no longer there, by proof.
    package var removedPeople: [RemovedEntry]
    package var removedGroups: [RemovedEntry]
    /// What the people who changed say of their groups, as they say it; only from entries that were read.
    package var said: [ImmutableID: SaidGroups] = [:]

    package init(
        directory: String, attributes: [String], key: DNHashKey, links: LinkRule, people: [PersonChange] = [],
        groups: [GroupDelta] = [], removedPeople: [RemovedEntry] = [], removedGroups: [RemovedEntry] = []
    ) {
        self.directory = directory
        self.attributes = attributes
        self.key = key
        self.links = links
        self.people = people
        self.groups = groups
        self.removedPeople = removedPeople
        self.removedGroups = removedGroups
    }

    /// Entries as they were read, all of which changed; of an entry that came several times the last counts.
    package init(_ entries: borrowing ReadEntries, links: LinkRule) {
        self.init(directory: entries.directory, attributes: entries.attributes, key: entries.key, links: links)
        let logins = entries.loginHashes()
        let said = entries.ofPeople.said
        var places: [ImmutableID: Int] = [:]
        for (place, row) in entries.people.enumerated() {
            var row = row
            let record = Array(entries.record(place).bytes)
            row.start = 0
            let login = logins[place] == .none ? nil : logins[place]
            let change = PersonChange(row: row, record: record, name: entries.personNames[place], login: login)
            put(change, at: &places[row.id], in: &people)
            self.said[row.id] = said[place]
        }
        places = [:]
        for (place, row) in entries.groups.enumerated() {
            let change = GroupDelta(
                row: row, name: entries.groupNames[place], members: .whole(entries.members(of: place)))
            put(change, at: &places[row.id], in: &groups)
        }
    }

    private func put<Value>(_ value: Value, at place: inout Int?, in values: inout [Value]) {
        if let place {
            values[place] = value
        } else {
            place = values.count
            values.append(value)
        }
    }

    package var isEmpty: Bool {
        people.isEmpty && groups.isEmpty && removedPeople.isEmpty && removedGroups.isEmpty
    }
}

/// A person who is new or changed.
package struct PersonChange: Sendable, Equatable {
    /// `start` is 0: the record stands here.
    package var row: PersonRow
    package var record: [UInt8]
    /// Hash of the DN.
    package var name: DNHash
    /// Hash of the one login; nil for those who have none or several.
    package var login: DNHash?
    /// The groups that the person's own entry says they are in; nil where nothing was said of it, and all are as they were.
    package var ownGroups: [ImmutableID]?

    package init(row: PersonRow, record: [UInt8], name: DNHash, login: DNHash?) {
        self.row = row
        self.record = record
        self.name = name
        self.login = login
    }
}

/// A group that is new or changed.
package struct GroupDelta: Sendable, Equatable {
    package enum Members: Sendable, Equatable {
        /// Every member by name, as often as it was said; `row.unresolvedMembers` counts the values that are no names.
        case whole([MemberName])
        /// Members that came and went, by the names they have now; the others are as they were.
        case edited(added: [MemberName], removed: [MemberName])
    }

    /// `contentHash` means nothing yet.
    package var row: GroupRow
    /// Hash of the DN.
    package var name: DNHash
    package var members: Members

    package init(row: GroupRow, name: DNHash, members: Members) {
        self.row = row
        self.name = name
        self.members = members
    }
}

/// An entry that is no longer a person, or a group, of the directory.
package struct RemovedEntry: Sendable, Hashable {
    package var id: ImmutableID
    /// The hash of the DN under which it still is in the directory, outside of what is read; nil when it is gone.
    ///
    /// It counts where links follow entries: there the groups name it by this DN now.
    package var movedTo: DNHash?

    package init(id: ImmutableID, movedTo: DNHash? = nil) {
        self.id = id
        self.movedTo = movedTo
    }
}
