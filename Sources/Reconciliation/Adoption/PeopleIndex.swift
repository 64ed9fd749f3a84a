import DirectoryModel

/// People of a mirror by what accounts are looked up by: made in one pass, and only for what is looked for.
struct PeopleIndex {
    private struct Named {
        var person: UInt32
        var tag: UInt8
        var from: Int
        var count: Int
    }

    private let arena: [UInt8]
    private var byText: [UInt64: [Named]] = [:]
    private var byID: [ImmutableID: [UInt32]] = [:]

    /// Fields by which a human may name somebody.
    static let anyName: [PersonField] = [.dn, .login, .email, .alias]

    init(_ mirror: Mirror, for accounts: [PlatformAccount]) {
        arena = mirror.arena
        var texts: Set<UInt64> = []
        var ids: Set<ImmutableID> = []
        for account in accounts {
            for text in [account.email, account.account, account.person] where !text.isEmpty {
                texts.insert(PeopleIndex.hash(text))
            }
            if let id = account.id { ids.insert(id) }
            for text in [account.account, account.person] {
                if let id = ImmutableID(text: text) { ids.insert(id) }
            }
        }
        arena.withUnsafeBufferPointer { arena in
            let scan = PersonScan(arena: arena)
            for (place, row) in mirror.people.enumerated() {
                let person = UInt32(truncatingIfNeeded: place)
                if ids.contains(row.id) { byID[row.id, default: []].append(person) }
                scan.fields(row.start, row.length) { tag, from, count in
                    guard tag <= PersonField.alias.tag else { return false }
                    let hash = EmailFold.hash(scan.bytes(from, count))
                    if texts.contains(hash) {
                        byText[hash, default: []].append(Named(person: person, tag: tag, from: from, count: count))
                    }
                    return true
                }
            }
        }
    }

    func people(with id: ImmutableID) -> [UInt32] { byID[id] ?? [] }

    /// Everybody who has this text in one of the fields, case apart; each once, in the order of the mirror.
    func people(named text: String, in fields: [PersonField]) -> [UInt32] {
        guard !text.isEmpty, let found = byText[PeopleIndex.hash(text)] else { return [] }
        let tags = fields.map(\.tag)
        var people: [UInt32] = []
        Array(text.utf8).withUnsafeBufferPointer { text in
            arena.withUnsafeBufferPointer { arena in
                let scan = PersonScan(arena: arena)
                for named in found where tags.contains(named.tag) && people.last != named.person {
                    if EmailFold.same(scan.bytes(named.from, named.count), text) { people.append(named.person) }
                }
            }
        }
        return people
    }

    private static func hash(_ text: String) -> UInt64 {
        Array(text.utf8).withUnsafeBufferPointer { EmailFold.hash($0) }
    }
}
