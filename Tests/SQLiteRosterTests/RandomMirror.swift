import DirectoryModel

/// Makes mirrors of a small world in which people and groups come, change and go.
struct RandomMirror {
    static let directories = ["corp", "contractors"]
    static let population = 24

    static func directory(of person: Int) -> Int { person % 3 == 0 ? 1 : 0 }

    /// A mirror with about four of five people; `dice` decides who is there and what they look like.
    static func make(_ dice: inout Dice) -> Mirror {
        var mirror = Mirror(directories: directories, attributes: dice.chance(50) ? ["title"] : ["title", "unit"])
        var present: [(directory: Int, id: ImmutableID, number: Int)] = []
        for number in 0..<population where dice.chance(80) {
            present.append((directory(of: number), madeUpID(number), number))
        }
        present.sort { $0.directory == $1.directory ? $0.id < $1.id : $0.directory < $1.directory }
        for one in present { mirror.people.append(person(one.number, one.directory, &mirror.arena, &dice)) }
        addGroups(&mirror, &dice)
        return mirror
    }

    private static func person(
        _ number: Int, _ directory: Int, _ arena: inout [UInt8], _ dice: inout Dice
    ) -> PersonRow {
        var writer = PersonRecordWriter()
        writer.append(PersonField.dn.tag, Array("uid=p\(number),ou=\(dice.below(2)),dc=x".utf8))
        writer.append(PersonField.login.tag, Array("p\(number)".utf8))
        writer.append(PersonField.email.tag, Array("P\(number).\(dice.below(3))@example.org".utf8))
        if dice.chance(30) { writer.append(PersonField.alias.tag, Array("Jürgen\(number)@example.org".utf8)) }
        writer.append(PersonField.name.tag, Array("Person \(number)".utf8))
        let start = UInt32(arena.count)
        arena += writer.bytes
        let state = dice.chance(10) ? PersonState.disabledByAttribute : .enabled
        let lastSignIn = dice.chance(50) ? Int64.min : Int64(dice.below(1000))
        return PersonRow(
            id: madeUpID(number), start: start, length: UInt32(writer.bytes.count),
            contentHash: writer.bytes.withUnsafeBytes {
                ContentHash.of(record: $0, state: state, problems: [], lastSignIn: lastSignIn)
            },
            lastSignIn: lastSignIn, directory: UInt8(directory), state: state, problems: [])
    }

    private static func addGroups(_ mirror: inout Mirror, _ dice: inout Dice) {
        var keys: [(directory: Int, id: ImmutableID, number: Int)] = []
        for number in 0..<8 where dice.chance(80) { keys.append((number % 2, madeUpID(number + 100), number)) }
        keys.sort { $0.directory == $1.directory ? $0.id < $1.id : $0.directory < $1.directory }
        for key in keys {
            let people = mirror.people.indices.filter { _ in dice.chance(25) }
            let groups = keys.indices.filter { _ in dice.chance(15) }
            let dn = Array("cn=g\(key.number),dc=x".utf8)
            mirror.groups.append(
                GroupRow(
                    id: key.id, dn: dn, name: Array("g\(key.number)".utf8), unresolvedMembers: UInt32(key.number % 2),
                    contentHash: 0, directory: UInt8(key.directory)))
            mirror.memberPeople += people.map(PersonIndex.init)
            mirror.memberPeopleStart.append(UInt32(mirror.memberPeople.count))
            mirror.memberGroups += groups.map(GroupIndex.init)
            mirror.memberGroupsStart.append(UInt32(mirror.memberGroups.count))
        }
        for place in mirror.groups.indices {
            mirror.groups[place].contentHash = ContentHash.of(group: place, in: mirror)
        }
    }
}
