import DirectoryModel
import TestSupport

/// The company that every kind of server holds in the contract tests: small, with everything in it that is treated differently somewhere.
enum ContractCompany {
    struct Person: Sendable {
        var login: String
        var number: Int
        /// The value of the name below `people`, before escaping.
        var name: String
        var isDisabled = false
    }

    struct Group: Sendable {
        var name: String
        var number: Int
        var people: [String] = []
        var groups: [String] = []
    }

    /// People beside them of whom there is nothing to say but that there are many: ten thousand in a soak.
    static let crowd = Figures.of(0, soak: 10_000)

    /// Everybody that a whole read finds.
    static var count: Int { people.count + crowd }

    /// Those of the crowd, in no group.
    static var crowdPeople: [Person] {
        (0..<crowd).map { Person(login: "c\($0)", number: 100_000 + $0, name: "c\($0)") }
    }

    static let awkwardNames = [
        "Doe, Uwe", "a+b", "say \"hi\"", "back\\slash", "semi;colon", "<angle>", "#hash", " space", "equals=sign",
        "Größe Ñandú",
    ]

    static let people: [Person] =
        (0..<12).map { Person(login: "p\($0)", number: 1000 + $0, name: "p\($0)", isDisabled: $0 == 1) }
        + awkwardNames.enumerated().map { place, name in
            Person(login: "odd\(place)", number: 2000 + place, name: name)
        }

    static let groups = [
        Group(name: "plain", number: 3000, people: ["p0", "p1", "p2"]),
        Group(name: "top", number: 3001, people: ["p9"], groups: ["middle"]),
        Group(name: "middle", number: 3002, groups: ["bottom"]),
        Group(name: "bottom", number: 3003, people: ["p2"]),
        Group(name: "left", number: 3004, people: ["p3"], groups: ["right"]),
        Group(name: "right", number: 3005, people: ["p4"], groups: ["left"]),
        Group(name: "odd", number: 3006, people: awkwardNames.indices.map { "odd\($0)" }),
    ]

    /// A value inside a DN (RFC 4514 §2.4).
    static func escaped(_ value: String) -> String {
        var text = ""
        for (place, scalar) in value.unicodeScalars.enumerated() {
            let isEdge = place == 0 && (scalar == " " || scalar == "#")
            if isEdge || ",+\"\\<>;=".unicodeScalars.contains(scalar) { text += "\\" }
            text.unicodeScalars.append(scalar)
        }
        return text
    }
}

extension Mirror {
    func place(of login: String) -> PersonIndex? {
        people.indices.first { record(PersonIndex($0)).text(.login) == login }.map { PersonIndex($0) }
    }

    func person(_ login: String) -> PersonRow? { place(of: login).map { people[Int($0)] } }

    func group(_ name: String) -> GroupIndex? {
        groups.indices.first { groups[$0].name.elementsEqual(name.utf8) }.map { GroupIndex($0) }
    }

    /// Logins of the people directly in a group, sorted.
    func logins(in name: String) -> [String] {
        guard let group = group(name) else { return [] }
        return directPeople(of: group).compactMap { record($0).text(.login) }.sorted()
    }

    /// Names of the groups directly in a group, sorted.
    func groups(in name: String) -> [String] {
        guard let group = group(name) else { return [] }
        return directGroups(of: group).map { String(decoding: groups[Int($0)].name, as: UTF8.self) }.sorted()
    }
}
