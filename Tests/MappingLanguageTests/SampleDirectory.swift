import DirectoryModel
import MappingLanguage

/// A directory made up for a test: people and groups by name, turned into a mirror.
struct SampleDirectory {
    struct Person {
        var name: String
        var dn: String
        var attributes: [(String, [String])] = []
    }

    struct Group {
        var name: String
        var dn: String
        var people: [String] = []
        var groups: [String] = []
        /// What the immutable id is made of; the name unless said otherwise.
        var identity: String
    }

    var people: [Person] = []
    var groups: [Group] = []

    /// An id made of a name: its first bytes.
    static func id(_ name: String) throws -> ImmutableID {
        guard let id = ImmutableID(bytes: Array(name.utf8.prefix(16))) else { throw Unusable(name: name) }
        return id
    }

    struct Unusable: Error { var name: String }

    mutating func add(
        _ person: String, under base: String = "ou=people,dc=example,dc=org", _ attributes: [(String, [String])] = []
    ) {
        people.append(Person(name: person, dn: "uid=\(person),\(base)", attributes: attributes))
    }

    mutating func group(
        _ name: String, under base: String = "ou=groups,dc=example,dc=org", people: [String] = [],
        groups: [String] = [],
        identity: String? = nil
    ) {
        self.groups.append(
            Group(name: name, dn: "cn=\(name),\(base)", people: people, groups: groups, identity: identity ?? name))
    }

    func mirror(attributes: [String] = [], directory: String = "corp") throws -> Mirror {
        var mirror = Mirror(directories: [directory], attributes: attributes)
        let people = try people.map { ($0, try SampleDirectory.id($0.name)) }.sorted { $0.1 < $1.1 }
        let groups = try groups.map { ($0, try SampleDirectory.id($0.identity)) }.sorted { $0.1 < $1.1 }
        let personPlaces = Dictionary(uniqueKeysWithValues: people.enumerated().map { ($1.0.name, UInt32($0)) })
        let groupPlaces = Dictionary(uniqueKeysWithValues: groups.enumerated().map { ($1.0.identity, UInt32($0)) })
        for (person, id) in people {
            let record = record(person, attributes)
            mirror.people.append(
                PersonRow(
                    id: id, start: UInt32(mirror.arena.count), length: UInt32(record.count), contentHash: 0,
                    lastSignIn: .min, directory: 0, state: .enabled, problems: []))
            mirror.arena += record
        }
        for (group, id) in groups {
            mirror.groups.append(
                GroupRow(
                    id: id, dn: Array(group.dn.utf8), name: Array(group.name.utf8), unresolvedMembers: 0,
                    contentHash: 0,
                    directory: 0))
            mirror.memberPeople += Set(group.people.compactMap { personPlaces[$0] }).sorted()
            mirror.memberPeopleStart.append(UInt32(mirror.memberPeople.count))
            mirror.memberGroups += Set(group.groups.compactMap { groupPlaces[$0] }).sorted()
            mirror.memberGroupsStart.append(UInt32(mirror.memberGroups.count))
        }
        return mirror
    }

    private func record(_ person: Person, _ attributes: [String]) -> [UInt8] {
        var writer = PersonRecordWriter()
        writer.append(PersonField.dn.tag, Array(person.dn.utf8))
        for (place, name) in attributes.enumerated() {
            let values = person.attributes.filter { $0.0 == name }.flatMap(\.1).map { Array($0.utf8) }
            for value in values.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
                writer.append(PersonField.attribute(UInt8(place)).tag, value)
            }
        }
        return writer.bytes
    }
}

extension Mirror {
    /// The place of a person made by `SampleDirectory`.
    func place(_ name: String) throws -> PersonIndex {
        let id = try SampleDirectory.id(name)
        guard let place = people.firstIndex(where: { $0.id == id }) else { throw SampleDirectory.Unusable(name: name) }
        return PersonIndex(place)
    }

    func names(_ set: PersonSet) -> [String] {
        set.members.map { String(decoding: people[Int($0)].id.bytes, as: UTF8.self) }
    }
}
