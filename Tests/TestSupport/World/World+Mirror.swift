package import DirectoryModel

extension World {
    /// The mirror of this world's directories; the order of `people` does not show.
    package func mirror() -> Mirror {
        var mirror = Mirror(directories: directories)
        let sorted = sortedPeople
        for person in sorted {
            var writer = PersonRecordWriter()
            writer.append(PersonField.dn.tag, Array("uid=\(person.login ?? person.id),dc=\(person.directory)".utf8))
            writer.append(PersonField.login.tag, Array((person.login ?? person.id).utf8))
            for email in person.emails.map({ Array($0.utf8) }).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
                writer.append(PersonField.email.tag, email)
            }
            for alias in person.aliases.map({ Array($0.utf8) }).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
                writer.append(PersonField.alias.tag, alias)
            }
            writer.append(PersonField.name.tag, Array(person.name.utf8))
            mirror.people.append(
                PersonRow(
                    id: World.id(person.id), start: UInt32(mirror.arena.count), length: UInt32(writer.bytes.count),
                    contentHash: 0, lastSignIn: person.lastSignIn, directory: place(person.directory),
                    state: person.state, problems: person.problems))
            mirror.arena += writer.bytes
        }
        for group in presentGroups {
            mirror.groups.append(
                GroupRow(
                    id: World.id("g-" + group), dn: Array("cn=\(group)".utf8), name: Array(group.utf8),
                    unresolvedMembers: 0, contentHash: 0, directory: 0))
            for (place, person) in sorted.enumerated() where person.groups.contains(group) {
                mirror.memberPeople.append(PersonIndex(place))
            }
            mirror.memberPeopleStart.append(UInt32(mirror.memberPeople.count))
            mirror.memberGroupsStart.append(0)
        }
        return mirror
    }

    /// People in the order of the mirror.
    package var sortedPeople: [Person] {
        people.sorted { left, right in
            left.directory == right.directory
                ? World.id(left.id) < World.id(right.id) : place(left.directory) < place(right.directory)
        }
    }

    /// Groups in the order of their ids.
    var presentGroups: [String] {
        allGroups.filter { !vanished.contains($0) }
    }

    var allGroups: [String] {
        groups.union(rules.map(\.group)).union(causeGroups).union([pilotGroup].compactMap { $0 }).sorted {
            World.id("g-" + $0) < World.id("g-" + $1)
        }
    }

    private func place(_ directory: String) -> UInt8 {
        UInt8(directories.firstIndex(of: directory) ?? 0)
    }
}
