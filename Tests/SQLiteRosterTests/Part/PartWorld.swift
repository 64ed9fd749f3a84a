import DirectoryModel
import TestSupport

/// Two directories with people, groups that rules name, groups between them and groups that mean nothing, in which things happen.
struct PartWorld {
    struct Person {
        var emails: [String]
        var name: String
        var title: String?
        var state = PersonState.enabled
        var problems: EntryProblems = []
        var lastSignIn = Int64.min
        /// When the account ends, seconds since 1970.
        var expires: Int64?
    }

    struct Group {
        var name: String
        var people: Set<Int> = []
        var groups: Set<Int> = []
    }

    static let directories = ["corp", "ext"]
    /// The first are those that rules name; the last two are of the second directory.
    static let names = [
        "directors", "support", "leads", "sales", "closers", "desk-sales-crew", "desk-support-crew", "away", "guards",
        "inner-1", "inner-2", "inner-3", "deep-1", "deep-2", "choir", "chess", "contractors", "suppliers",
    ]

    var dice: Dice
    /// By number; a person of the second directory has a number that three divides.
    var people: [Int: Person] = [:]
    var groups: [Group]
    /// Places of groups that are gone.
    var hidden: Set<Int> = []
    private var next = 0

    static func directory(ofPerson number: Int) -> Int { number % 3 == 0 ? 1 : 0 }

    static func directory(ofGroup place: Int) -> Int { place >= names.count - 2 ? 1 : 0 }

    static func id(ofGroup place: Int) -> ImmutableID { madeUpID(200 + place) }

    init(seed: UInt64) {
        dice = Dice(seed: seed)
        groups = PartWorld.names.map { Group(name: $0) }
        nest()
        for _ in 0..<(8 + dice.below(16)) { addPerson() }
    }

    private mutating func nest() {
        for (inner, outer) in [(9, 1), (10, 3), (11, 4), (12, 9), (13, 12), (17, 16), (9, 12), (14, 15)]
        where dice.chance(75) {
            groups[outer].groups.insert(inner)
        }
    }

    private mutating func addPerson() {
        next += 1
        let number = next
        people[number] = Person(
            emails: [email(number)], name: "Person \(number)", title: dice.chance(20) ? "Seller" : nil)
        if dice.chance(30) { people[number]?.lastSignIn = 1_000_000_000 - Int64(dice.below(100 * 86_400)) }
        for place in groups.indices where PartWorld.directory(ofGroup: place) == PartWorld.directory(ofPerson: number) {
            if dice.chance(place == 0 || place == 7 || place == 8 ? 8 : 18) { groups[place].people.insert(number) }
        }
    }

    private func email(_ number: Int) -> String { "p\(number)@example.org" }

    // MARK: Things that happen

    /// One to four things, mostly about single people.
    mutating func passTime(_ now: Int64) {
        for _ in 0...dice.below(3) { happen(now) }
    }

    private mutating func happen(_ now: Int64) {
        guard let number = people.keys.sorted().randomElement(&dice) else { return addPerson() }
        switch dice.below(24) {
        case 0, 1: addPerson()
        case 2: remove(number)
        case 3, 4: people[number]?.state = dice.chance(60) ? .disabledByAttribute : .enabled
        case 5: changeEmail(number)
        case 6: people[number]?.name += "+"
        case 7: toggleTitle(number)
        case 8: people[number]?.problems = dice.chance(50) ? [.invalidText] : []
        case 9: people[number]?.lastSignIn = now - Int64(dice.below(200 * 86_400))
        case 10: people[number]?.expires = dice.chance(70) ? now + Int64(dice.below(3 * 86_400)) - 3_600 : nil
        case 11...18: move(number)
        case 19: toggleNesting()
        case 20: if PartWorld.directory(ofPerson: number) == 0 { groups[0].people.formSymmetricDifference([number]) }
        case 21: disableDirector()
        case 22: groups[14].people.formSymmetricDifference([number])
        default: enableSomebody()
        }
    }

    private mutating func disableDirector() {
        if let number = groups[0].people.sorted().randomElement(&dice) { people[number]?.state = .disabledByFlag }
    }

    private mutating func enableSomebody() {
        let disabled = people.keys.filter { people[$0]?.state != .enabled }.sorted()
        if let number = disabled.randomElement(&dice) { people[number]?.state = .enabled }
    }

    private mutating func toggleTitle(_ number: Int) {
        let title = people[number]?.title
        people[number]?.title = title == nil ? "Seller" : nil
    }

    private mutating func remove(_ number: Int) {
        people[number] = nil
        for place in groups.indices { groups[place].people.remove(number) }
    }

    private mutating func move(_ number: Int) {
        let places = groups.indices.filter {
            PartWorld.directory(ofGroup: $0) == PartWorld.directory(ofPerson: number)
        }
        groups[dice.pick(Array(places))].people.formSymmetricDifference([number])
    }

    private mutating func toggleNesting() {
        let (inner, outer) = dice.pick([(9, 1), (10, 3), (11, 4), (12, 9), (13, 12), (9, 12), (14, 15), (17, 16)])
        groups[outer].groups.formSymmetricDifference([inner])
    }

    private mutating func changeEmail(_ number: Int) {
        guard let other = people.keys.sorted().randomElement(&dice), let mine = people[number]?.emails,
            let theirs = people[other]?.emails
        else { return }
        switch dice.below(5) {
        case 0:
            people[number]?.emails = theirs
            people[other]?.emails = mine
        case 1: people[number]?.emails = theirs
        case 2:
            let loses = dice.chance(50)
            people[number]?.emails = loses ? [] : ["P\(number)@Example.org"]
        case 3: people[number]?.emails = Array(Set(mine + theirs)).sorted()
        default:
            let own = [email(number)]
            people[number]?.emails = own
        }
    }

    // MARK: The mirror

    func mirror(_ now: Int64) -> Mirror {
        var mirror = Mirror(directories: PartWorld.directories, attributes: ["title"])
        let sorted = people.keys.map { (directory: PartWorld.directory(ofPerson: $0), id: madeUpID($0), number: $0) }
            .sorted { ($0.directory, $0.id) < ($1.directory, $1.id) }
        var places: [Int: UInt32] = [:]
        for one in sorted {
            places[one.number] = UInt32(mirror.people.count)
            if let person = people[one.number] { append(person, one.number, to: &mirror) }
        }
        _ = mirror.judgeExpiry(at: now)
        let order = groups.indices.filter { !hidden.contains($0) }.sorted { left, right in
            (PartWorld.directory(ofGroup: left), PartWorld.id(ofGroup: left))
                < (PartWorld.directory(ofGroup: right), PartWorld.id(ofGroup: right))
        }
        let groupPlaces = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, UInt32($0)) })
        for place in order {
            let group = groups[place]
            mirror.groups.append(
                GroupRow(
                    id: PartWorld.id(ofGroup: place), dn: Array("cn=\(group.name),ou=groups,dc=x".utf8),
                    name: Array(group.name.utf8), unresolvedMembers: 0, contentHash: 0,
                    directory: UInt8(PartWorld.directory(ofGroup: place))))
            mirror.memberPeople += group.people.compactMap { places[$0] }.sorted()
            mirror.memberPeopleStart.append(UInt32(mirror.memberPeople.count))
            mirror.memberGroups += group.groups.compactMap { groupPlaces[$0] }.sorted()
            mirror.memberGroupsStart.append(UInt32(mirror.memberGroups.count))
        }
        for place in mirror.groups.indices {
            mirror.groups[place].contentHash = ContentHash.of(group: place, in: mirror)
        }
        return mirror
    }

    private func append(_ person: Person, _ number: Int, to mirror: inout Mirror) {
        var writer = PersonRecordWriter()
        writer.append(PersonField.dn.tag, Array("uid=p\(number),ou=people,dc=x".utf8))
        writer.append(PersonField.login.tag, Array("p\(number)".utf8))
        for email in person.emails.map({ Array($0.utf8) }).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            writer.append(PersonField.email.tag, email)
        }
        writer.append(PersonField.name.tag, Array(person.name.utf8))
        if let end = person.expires {
            withUnsafeBytes(of: end.bigEndian) { writer.append(PersonField.expires.tag, Array($0)) }
        }
        if let title = person.title { writer.append(PersonField.attribute(0).tag, Array(title.utf8)) }
        mirror.people.append(
            PersonRow(
                id: madeUpID(number), start: UInt32(mirror.arena.count), length: UInt32(writer.bytes.count),
                contentHash: writer.bytes.withUnsafeBytes {
                    ContentHash.of(
                        record: $0, state: person.state, problems: person.problems, lastSignIn: person.lastSignIn)
                }, lastSignIn: person.lastSignIn, directory: UInt8(PartWorld.directory(ofPerson: number)),
                state: person.state, problems: person.problems))
        mirror.arena += writer.bytes
    }
}

extension Array {
    fileprivate func randomElement(_ dice: inout Dice) -> Element? { isEmpty ? nil : self[dice.below(count)] }
}
