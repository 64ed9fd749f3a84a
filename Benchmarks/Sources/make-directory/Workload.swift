/// The directory W(N): N people with eight attributes, N/20 groups.
///
/// Sizes of groups fall off as 1/rank, so that there are about 2.6 memberships a person; the three largest have more than
/// half of everybody, or more than 50,000. Chains of groups in groups are six deep; two of them close into circles, two
/// groups contain each other, one contains itself. One person in a hundred has an awkward name, as many are written another
/// way in the groups that list them, three are disabled, one has no mail, five have two.
struct Workload {
    /// What was written.
    struct Census {
        var people = 0, groups = 0, memberships = 0, nested = 0, disabled = 0, withoutMail = 0
    }

    let people: Int
    let groups: Int
    let mix: Mix
    /// What a group's size is divided from; chosen so that all memberships come to 2.6 a person.
    private let scale: Double

    static let suffix = "dc=example,dc=com"

    init(people: Int, seed: UInt64) {
        self.people = people
        groups = max(40, people / 20)
        mix = Mix(seed: seed)
        let large = (0..<3).reduce(0) { $0 + Self.largeSize($1, of: people) }
        let tail = (3..<groups).reduce(0.0) { $0 + 1 / Double($1 + 1) }
        scale = max(0, 2.6 * Double(people) - Double(large)) / tail
    }

    func write(to output: inout LDIFOutput) -> Census {
        var census = Census()
        writeContainers(to: &output)
        for person in 0..<people { writePerson(person, to: &output, &census) }
        for group in 0..<groups { writeGroup(group, to: &output, &census) }
        return census
    }

    private func writeContainers(to output: inout LDIFOutput) {
        output.put("dn: dc=example,dc=com\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n")
        output.line("entryUUID", id(kind: 9, 0))
        output.endRecord()
        for (place, unit) in ["people", "groups"].enumerated() {
            output.line("dn", Array("ou=\(unit),\(Self.suffix)".utf8))
            output.put("objectClass: organizationalUnit\n")
            output.line("ou", Array(unit.utf8))
            output.line("entryUUID", id(kind: 9, place + 1))
            output.endRecord()
        }
    }

    /// An immutable id that tells what it belongs to: kind 1 people, 2 groups, 9 containers.
    private func id(kind: Int, _ place: Int) -> [UInt8] {
        var text = Array("0000000".utf8)
        text.append(number: kind)
        text.append("-0000-4000-8000-")
        text.append(number: place, width: 12)
        return text
    }

    private static func largeSize(_ place: Int, of people: Int) -> Int {
        let share = [0.60, 0.55, 0.51][place]
        return people >= 100_000 ? Int(share * 100_000) : Int(share * Double(people))
    }

    private func size(of group: Int) -> Int {
        if group < 3 { return Self.largeSize(group, of: people) }
        let most = people >= 100_000 ? 50_000 : people / 2
        return min(most, max(1, Int(scale / Double(group + 1))))
    }
}

// MARK: - People

extension Workload {
    private static let given = [
        "Anna", "Ben", "Carla", "David", "Elif", "Frank", "Grace", "Hugo", "Ida", "Jonas", "Karin", "Lea", "Mark",
        "Nora", "Oscar", "Paula", "Quentin", "Rosa", "Simon", "Tara", "Björn", "Zoë", "Łukasz", "Søren", "Kateřina",
    ].map { Array($0.utf8) }
    private static let family = [
        "Abel", "Brown", "Costa", "Duarte", "Evans", "Fischer", "Grant", "Hansen", "Ito", "Jensen", "Khan", "Larsen",
        "Meyer", "Nowak", "O'Brien", "Petrov", "Quist", "Rossi", "Smith", "Taylor", "Müller", "García", "Yılmaz",
    ].map { Array($0.utf8) }
    private static let titles = [
        "Engineer", "Senior Engineer", "Manager", "Analyst", "Director", "Clerk", "Nurse", "Engineer, on-call",
    ].map { Array($0.utf8) }

    /// Which of 1,000 a person is: below 10 awkward, below 20 written another way by groups.
    private func lot(_ person: Int) -> Int { mix.below(1000, 1, person) }

    private func login(_ person: Int) -> [UInt8] {
        var text = [UInt8(ascii: "u")]
        text.append(number: person, width: 8)
        return text
    }

    private func awkwardName(_ person: Int) -> [UInt8] {
        let number = String(person)
        let forms = [
            "Doe, Jane \(number)", "Bob \"Ace\" \(number)", "Ñandú 漢字 🦊 \(number)", "C++ \(number)", " lead \(number)",
            "trail \(number) ", "#hash \(number)", "back\\slash \(number)", "a;b<c>=d \(number)", "Two Names \(number)",
        ]
        return Array(forms[person % forms.count].utf8)
    }

    private func commonName(_ person: Int) -> [UInt8] {
        if lot(person) < 10 { return awkwardName(person) }
        var text = Self.given[mix.below(Self.given.count, 2, person)]
        text.append(UInt8(ascii: " "))
        text.append(contentsOf: Self.family[mix.below(Self.family.count, 3, person)])
        text.append(UInt8(ascii: " "))
        text.append(number: person)
        return text
    }

    private func name(of person: Int) -> [UInt8] {
        guard lot(person) < 10 else { return Array("uid=".utf8) + login(person) + Self.peopleBase }
        var text = Array("cn=".utf8) + awkwardName(person).escapedForDN()
        if person % 10 == 9 {
            text.append("+employeeNumber=")
            text.append(number: person)
        }
        return text + Self.peopleBase
    }

    private static let peopleBase = Array(",ou=people,dc=example,dc=com".utf8)
    private static let otherBase = Array(", OU=People,DC=example,DC=com".utf8)

    /// The name as groups write it.
    private func memberName(_ person: Int) -> [UInt8] {
        guard (10..<20).contains(lot(person)) else { return name(of: person) }
        return Array("UID=".utf8) + login(person) + Self.otherBase
    }

    private func writePerson(_ person: Int, to output: inout LDIFOutput, _ census: inout Census) {
        let login = login(person)
        let given = Self.given[mix.below(Self.given.count, 2, person)]
        let family = Self.family[mix.below(Self.family.count, 3, person)]
        output.line("dn", name(of: person))
        output.put("objectClass: inetOrgPerson\n")
        output.line("uid", login)
        output.line("cn", commonName(person))
        output.line("sn", family)
        output.line("givenName", given)
        output.line("displayName", given + [UInt8(ascii: " ")] + family)
        writeMail(person, login, to: &output, &census)
        var number: [UInt8] = []
        number.append(number: person)
        output.line("employeeNumber", number)
        output.put("departmentNumber: D")
        var department: [UInt8] = []
        department.append(number: mix.below(200, 5, person), width: 3)
        output.put(department)
        output.put("\n")
        output.line("title", Self.titles[mix.below(Self.titles.count, 6, person)])
        if mix.below(100, 7, person) < 3 {
            output.put("employeeType: disabled\n")
            census.disabled += 1
        }
        output.line("entryUUID", id(kind: 1, person))
        output.endRecord()
        census.people += 1
    }

    private func writeMail(_ person: Int, _ login: [UInt8], to output: inout LDIFOutput, _ census: inout Census) {
        let lot = mix.below(100, 4, person)
        if lot == 0 {
            census.withoutMail += 1
            return
        }
        output.line("mail", login + Array("@example.com".utf8))
        if lot < 6 { output.line("mail", Array("alias.".utf8) + login + Array("@example.com".utf8)) }
    }
}

// MARK: - Groups

extension Workload {
    private func groupName(_ group: Int) -> [UInt8] {
        let text: String
        switch group {
        case 0..<3: text = "large-\(group)"
        case 3..<13: text = "desk-w\(group - 3)-agents"
        case 13..<23: text = "desk-w\(group - 13)-managers"
        default:
            let forms = ["Sales, EMEA", "R+D", "\"Quotes\"", "Größe", " padded"]
            text = group % 50 == 0 ? "\(forms[group / 50 % forms.count]) \(group)" : "group-\(group)"
        }
        return Array(text.utf8)
    }

    private func groupDN(_ group: Int) -> [UInt8] {
        Array("cn=".utf8) + groupName(group).escapedForDN() + Array(",ou=groups,dc=example,dc=com".utf8)
    }

    /// Groups directly inside a group: chains of seven from every 35th on, circles, and a group in itself.
    private func children(of group: Int) -> [Int] {
        var found: [Int] = []
        if group >= 23, (group - 23) % 35 < 6, group + 1 < groups { found.append(group + 1) }
        if group == 29 || group == 64, group < groups { found.append(group - 6) }
        guard groups > 130 else { return found }
        switch group {
        case 120: found.append(121)
        case 121: found.append(120)
        case 125: found.append(125)
        // Some chains also hang below groups that rules name.
        case 3..<13: found.append(23 + 35 * ((group - 3) % 3))
        default: break
        }
        return found
    }

    private func writeGroup(_ group: Int, to output: inout LDIFOutput, _ census: inout Census) {
        let size = size(of: group)
        output.line("dn", groupDN(group))
        output.put("objectClass: groupOfNames\n")
        output.line("cn", groupName(group))
        // A walk around everybody in steps that share no factor with their number meets nobody twice.
        var step = 1 + mix.below(people - 1, 10, group)
        while greatestCommonDivisor(step, people) != 1 { step = step % (people - 1) + 1 }
        var person = mix.below(people, 11, group)
        for _ in 0..<size {
            output.line("member", memberName(person))
            person = (person + step) % people
        }
        let children = children(of: group)
        for child in children { output.line("member", groupDN(child)) }
        if group % 200 == 31 { output.line("member", Array("uid=gone,ou=people,\(Self.suffix)".utf8)) }
        output.line("entryUUID", id(kind: 2, group))
        output.endRecord()
        census.groups += 1
        census.memberships += size
        census.nested += children.count
    }

    private func greatestCommonDivisor(_ left: Int, _ right: Int) -> Int {
        right == 0 ? left : greatestCommonDivisor(right, left % right)
    }
}
