import DirectoryModel
import TestSupport

/// A directory in memory that changes at random and remembers when: what a model of a server tells its changes from.
struct ModelDirectory {
    struct Entry: Equatable {
        var rdn: String
        /// The entry it stands under; nil for the suffix.
        var parent: Int?
        var isPerson = false
        var isGroup = false
        var isContainer = false
        var login = ""
        var title = ""
        /// Members as the group holds them: DNs as text, or links by number.
        var members: [Member] = []
        /// When it changed last.
        var stamp = 0
    }

    enum Member: Equatable {
        case dn(String)
        case login(String)
        case link(Int)
    }

    static let suffix = "dc=example,dc=org"
    static let peopleBase = "ou=people,dc=example,dc=org"
    static let groupBase = "ou=groups,dc=example,dc=org"

    private(set) var entries: [Int: Entry] = [:]
    private(set) var stamp = 1
    /// Every change since the server started, oldest first: when, and of whom.
    private(set) var log: [(stamp: Int, number: Int)] = []
    var numbers: SeededNumbers
    private var nextNumber = 10
    let links: LinkRule
    /// Whether entries are deleted, too.
    let deletes: Bool

    init(seed: UInt64, links: LinkRule = .staysWithName, deletes: Bool = true) {
        self.links = links
        self.deletes = deletes
        numbers = SeededNumbers(seed: seed)
        entries[0] = Entry(rdn: "dc=example,dc=org", parent: nil)
        for (number, name, parent) in [(1, "people", 0), (2, "groups", 0), (3, "other", 0), (4, "a", 1), (5, "b", 1)] {
            entries[number] = Entry(rdn: "ou=\(name)", parent: parent, isContainer: true)
        }
        for _ in 0..<5 { addPerson() }
        for _ in 0..<3 { addGroup() }
        for _ in 0..<5 { editMembers() }
        log = []
    }

    // MARK: Reading

    func dn(_ number: Int) -> String {
        guard let entry = entries[number] else { return "" }
        guard let parent = entry.parent else { return entry.rdn }
        return entry.rdn + "," + dn(parent)
    }

    func isUnder(_ number: Int, _ base: String) -> Bool {
        var next: Int? = number
        while let place = next {
            if dn(place) == base { return true }
            next = entries[place]?.parent
        }
        return false
    }

    static func id(_ number: Int) -> [UInt8] {
        [0xee] + Array(repeating: 0, count: 12) + [1, UInt8(number / 256), UInt8(number % 256)]
    }

    static func number(_ id: ImmutableID) -> Int? {
        let bytes = id.bytes
        return bytes.count == 16 ? Int(bytes[14]) * 256 + Int(bytes[15]) : nil
    }

    func isPersonInScope(_ number: Int) -> Bool {
        entries[number]?.isPerson == true && isUnder(number, ModelDirectory.peopleBase)
    }

    func isGroupInScope(_ number: Int) -> Bool {
        entries[number]?.isGroup == true && isUnder(number, ModelDirectory.groupBase)
    }

    // MARK: Changes

    /// Does something; returns what, for a failure.
    @discardableResult
    mutating func change() -> String {
        stamp += 1
        switch Int.random(in: 0..<40, using: &numbers) {
        case 0..<5: return addPerson()
        case 5..<9 where deletes: return removeSomebody()
        case 9..<12: return rename()
        case 12..<17: return move()
        case 17..<20: return edit("title") { $0.title += "x" }
        case 20..<23: return changeLogin()
        case 23..<26: return edit("filter") { $0.isPerson.toggle() }
        case 26: return addGroup()
        case 27 where deletes: return removeGroup()
        case 28 where deletes: return replace()
        case 29 where numbers.once(in: 3): return renameContainer()
        default: return editMembers()
        }
    }

    private mutating func touch(_ number: Int) {
        entries[number]?.stamp = stamp
        log.append((stamp, number))
    }

    private func people() -> [Int] { entries.filter { $0.value.login != "" }.keys.sorted() }

    private mutating func freeRDN(under parent: Int) -> String? {
        let taken = Set(entries.values.filter { $0.parent == parent }.map(\.rdn))
        return (0..<9).map { "uid=p\($0)" }.filter { !taken.contains($0) }.randomElement(using: &numbers)
    }

    private mutating func pickLogin() -> String { "l\(Int.random(in: 0..<6, using: &numbers))" }

    @discardableResult
    private mutating func addPerson() -> String {
        let parent = [1, 4, 4, 5, 3].randomElement(using: &numbers) ?? 1
        guard let rdn = freeRDN(under: parent) else { return "-" }
        return put(Entry(rdn: rdn, parent: parent, isPerson: true, login: pickLogin()))
    }

    private mutating func put(_ entry: Entry) -> String {
        let number = nextNumber
        nextNumber += 1
        entries[number] = entry
        touch(number)
        return "add \(number) \(dn(number))"
    }

    @discardableResult
    private mutating func addGroup() -> String {
        put(Entry(rdn: "cn=g\(nextNumber)", parent: 2, isGroup: true))
    }

    private mutating func drop(_ number: Int) {
        entries[number] = nil
        log.append((stamp, number))
        guard links == .followsEntry else { return }
        for group in entries.keys { entries[group]?.members.removeAll { $0 == .link(number) } }
    }

    private mutating func removeSomebody() -> String {
        guard let number = people().randomElement(using: &numbers) else { return "-" }
        drop(number)
        return "delete \(number)"
    }

    private mutating func removeGroup() -> String {
        guard let number = entries.filter({ $0.value.isGroup }).keys.sorted().randomElement(using: &numbers) else {
            return "-"
        }
        drop(number)
        return "delete group \(number)"
    }

    /// Somebody goes, and another comes under the same DN.
    private mutating func replace() -> String {
        guard let number = people().randomElement(using: &numbers), var entry = entries[number] else { return "-" }
        drop(number)
        stamp += 1
        entry.title = ""
        return "replace \(number): " + put(entry)
    }

    private mutating func rename() -> String {
        guard let number = people().randomElement(using: &numbers), let parent = entries[number]?.parent,
            let rdn = freeRDN(under: parent)
        else { return "-" }
        entries[number]?.rdn = rdn
        touch(number)
        return "rename \(number) to \(dn(number))"
    }

    private mutating func move() -> String {
        guard let number = people().randomElement(using: &numbers) else { return "-" }
        let parent = [1, 4, 5, 3].randomElement(using: &numbers) ?? 1
        guard let rdn = entries[number]?.rdn, !entries.values.contains(where: { $0.parent == parent && $0.rdn == rdn })
        else { return "-" }
        entries[number]?.parent = parent
        touch(number)
        return "move \(number) to \(dn(number))"
    }

    private mutating func edit(_ what: String, _ body: (inout Entry) -> Void) -> String {
        guard let number = people().randomElement(using: &numbers), var entry = entries[number] else { return "-" }
        body(&entry)
        entries[number] = entry
        touch(number)
        return "\(what) of \(number)"
    }

    private mutating func changeLogin() -> String {
        let login = pickLogin()
        return edit("login \(login)") { $0.login = login }
    }

    private mutating func renameContainer() -> String {
        let number = [4, 5].randomElement(using: &numbers) ?? 4
        entries[number]?.rdn += "x"
        touch(number)
        return "rename \(dn(number))"
    }

    @discardableResult
    private mutating func editMembers() -> String {
        let groups = entries.filter { $0.value.isGroup }.keys.sorted()
        guard let number = groups.randomElement(using: &numbers) else { return "-" }
        let count = entries[number]?.members.count ?? 0
        if count > 0, numbers.once(in: 3) {
            entries[number]?.members.remove(at: Int.random(in: 0..<count, using: &numbers))
        } else {
            let member = member()
            guard entries[number]?.members.contains(member) == false else { return "-" }
            entries[number]?.members.append(member)
        }
        touch(number)
        return "members of \(number): \(entries[number]?.members ?? [])"
    }

    private mutating func member() -> Member {
        if numbers.once(in: 4) { return .login(pickLogin()) }
        let groups = entries.filter { $0.value.isGroup }.keys.sorted()
        if links == .followsEntry { return .link((people() + groups).randomElement(using: &numbers) ?? 4) }
        if numbers.once(in: 5), let group = groups.randomElement(using: &numbers) { return .dn(dn(group)) }
        let parent = ["ou=a,", "ou=b,", ""].randomElement(using: &numbers) ?? ""
        return .dn("UID=P\(Int.random(in: 0..<9, using: &numbers)), \(parent)\(ModelDirectory.peopleBase)")
    }

    // MARK: The server

    /// As after the server was put back from a backup: the entries of then, while ids and moments go on.
    mutating func restore(_ backup: ModelDirectory) {
        entries = backup.entries
        log = []
    }

    /// The log of changes is gone, as after a restart.
    mutating func forgetLog() { log = [] }
}
