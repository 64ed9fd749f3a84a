internal import DirectoryModel
internal import LDAPClient

/// What an attribute is wanted for; one may serve several ends.
struct AttributeUse: OptionSet {
    let rawValue: UInt16

    static let id = AttributeUse(rawValue: 1 << 0)
    static let login = AttributeUse(rawValue: 1 << 1)
    static let email = AttributeUse(rawValue: 1 << 2)
    static let alias = AttributeUse(rawValue: 1 << 3)
    static let name = AttributeUse(rawValue: 1 << 4)
    static let disabled = AttributeUse(rawValue: 1 << 5)
    static let flag = AttributeUse(rawValue: 1 << 6)
    static let lastSignIn = AttributeUse(rawValue: 1 << 7)
    static let trusted = AttributeUse(rawValue: 1 << 8)
    static let expires = AttributeUse(rawValue: 1 << 9)
    static let primaryGroup = AttributeUse(rawValue: 1 << 10)
    static let role = AttributeUse(rawValue: 1 << 11)
    /// Values have prefixes (`MailAddressValue`).
    static let prefixed = AttributeUse(rawValue: 1 << 12)

    /// Everything that few attributes are wanted for.
    static let rare: AttributeUse = [.disabled, .flag, .lastSignIn, .expires, .primaryGroup, .role]
}

/// Reads people out of entries, value by value, for either kind of source.
struct PersonReader {
    /// The attributes to ask for and to recognize.
    var names: AttributeNames
    private var uses: [AttributeUse] = []
    /// For each attribute, its place among the trusted ones, or in the order of display names.
    private var trustedPlaces: [UInt8] = []
    private var nameRanks: [Int] = []
    /// Attributes of which it counts how many people show them.
    let watched: [WatchedAttribute]
    /// Which of those the entry at hand shows, a bit each.
    private(set) var shown: UInt64 = 0
    private var watchedBits: [UInt64] = []
    /// For each way of being disabled the bits of its attributes.
    private var stateBits: [(bits: UInt64, state: PersonState)] = []
    private let idSyntax: IDSyntax
    private let now: Int64?
    private var state: StateReader
    private(set) var draft = PersonDraft()
    private var name: (rank: Int, bytes: UnsafeRawBufferPointer)?

    /// `now` is the time of the run, by which accounts have ended or not; nil lets none end.
    init(_ settings: SourceSettings, trusted: [String], now: Int64?) {
        let attributes = settings.attributes
        let dialect = settings.dialect
        var list = AttributeList()
        list.add(attributes.login, .login)
        list.add(attributes.email, .email)
        let ranks = attributes.names.map { list.add($0, .name) }
        let places = trusted.prefix(Int(UInt8.max) - 16).map { list.add($0, .trusted) }
        for alias in attributes.aliases { list.add(alias, .alias) }
        if let disabled = attributes.disabled { list.add(disabled.attribute, .disabled) }
        if let lastSignIn = attributes.lastSignIn { list.add(lastSignIn, .lastSignIn) }
        if let expires = attributes.expires { list.add(expires, .expires) }
        var watched = [attributes.login, attributes.email].map { WatchedAttribute($0, .required) }
        if !settings.groups.bases.isEmpty {
            if let primary = dialect.primaryGroup {
                list.add(primary.ofPerson, .primaryGroup)
                watched.append(WatchedAttribute(primary.ofPerson, .required))
            }
            if let role = dialect.roleAttribute {
                list.add(role, .role)
                watched.append(WatchedAttribute(role, .counted))
            }
        }
        // Operational attributes stand last in answers.
        list.add(attributes.id, .id)
        let flags = dialect.flags.map { list.add($0.attribute, .flag) }
        watched += dialect.flags.map { WatchedAttribute($0.attribute, $0.isAlwaysThere ? .required : .marker) }
        watched += [attributes.disabled?.attribute, attributes.expires].compactMap { $0 }.map {
            WatchedAttribute($0, .marker)
        }
        watched += trusted.map { WatchedAttribute($0, .common) }
        self.watched = Array(watched.prefix(UInt64.bitWidth))
        let wanted = list.names
        let keys = self.watched.map { AttributeTypeName.canonical($0.name.utf8) }
        watchedBits = wanted.map { PersonReader.bits(of: $0, among: keys) }
        var telling = dialect.flags.map { ($0.attribute, $0.state) }
        if let disabled = attributes.disabled { telling.append((disabled.attribute, .disabledByAttribute)) }
        if let expires = attributes.expires { telling.append((expires, .expired)) }
        stateBits = telling.map { name, state in (PersonReader.bits(of: name, among: keys), state) }
        names = AttributeNames(wanted)
        uses = zip(wanted, list.uses).map { MailAddressValue.isUsed(by: $0) ? $1.union(.prefixed) : $1 }
        nameRanks = wanted.indices.map { ranks.firstIndex(of: $0) ?? ranks.count }
        trustedPlaces = wanted.indices.map { UInt8(truncatingIfNeeded: places.firstIndex(of: $0) ?? 0) }
        idSyntax = IDSyntax(attribute: attributes.id)
        state = StateReader(settings, flagPlaces: flags)
        self.now = now
    }

    /// A bit for each place of an attribute among the wanted ones.
    private static func bits(of name: String, among wanted: [[UInt8]]) -> UInt64 {
        let key = AttributeTypeName.canonical(name.utf8)
        return wanted.indices.reduce(0) { wanted[$1] == key ? $0 | 1 << UInt64($1) : $0 }
    }

    /// Starts an entry, whose bytes stay where they are until it is finished.
    mutating func start(dn: UnsafeRawBufferPointer) {
        names.startEntry()
        name = nil
        shown = 0
        draft.start(dn: dn)
        state.start()
    }

    /// Takes a value of the attribute at a place of `names`.
    mutating func take(_ place: Int, _ value: UnsafeRawBufferPointer) {
        let use = uses[place]
        shown |= watchedBits[place]
        if use.contains(.prefixed) { return takePrefixed(place, value) }
        take(use, place, value)
    }

    @inline(__always)
    private mutating func take(_ use: AttributeUse, _ place: Int, _ value: UnsafeRawBufferPointer) {
        if use.contains(.login) { draft.addIdentifying(PersonField.login.tag, value) }
        if use.contains(.email) { draft.addIdentifying(PersonField.email.tag, value) }
        if use.contains(.id) { draft.setID(value, idSyntax) }
        if use.contains(.name) { takeName(nameRanks[place], value) }
        if use.contains(.trusted) { draft.add(PersonField.attribute(trustedPlaces[place]).tag, value) }
        if use.contains(.alias) { draft.addIdentifying(PersonField.alias.tag, value) }
        if !use.isDisjoint(with: .rare) { state.take(use, place, value, &draft) }
    }

    /// Takes an address after its prefix; as the email only the one that is marked for it.
    @inline(never)
    private mutating func takePrefixed(_ place: Int, _ value: UnsafeRawBufferPointer) {
        var use = uses[place]
        if use.contains(.trusted) { draft.add(PersonField.attribute(trustedPlaces[place]).tag, value) }
        use.remove(.trusted)
        guard let mail = MailAddressValue(value) else { return }
        if !mail.isPrimary { use.remove(.email) }
        take(use, place, mail.address)
    }

    /// Ends the entry; the draft is complete.
    mutating func finish() -> PersonDraft {
        if let name { draft.add(PersonField.name.tag, name.bytes) }
        state.finish(&draft, now: now)
        return draft
    }

    /// Hands a finished draft to the builder, with the memberships that stand on the person.
    @inline(__always)
    func add(_ draft: inout PersonDraft, to builder: inout MirrorBuilder) {
        guard builder.add(&draft), !state.roles.isEmpty else { return }
        for role in state.roles { builder.addLastPerson(toGroup: role) }
    }

    /// The same for a batch of changes, which also keeps what the person shows.
    func add(_ draft: inout PersonDraft, to batch: inout ChangeBatch) {
        if let id = draft.immutableID {
            batch.told[id] = Set(stateBits.filter { shown & $0.bits != 0 }.map(\.state))
        }
        add(&draft, to: &batch.builder)
    }

    /// Keeps the value of the best attribute; of several values of one, the bytewise smallest.
    private mutating func takeName(_ rank: Int, _ value: UnsafeRawBufferPointer) {
        if let name {
            guard rank < name.rank || rank == name.rank && value.lexicographicallyPrecedes(name.bytes) else { return }
        }
        name = (rank, value)
    }
}

/// The attributes to ask for, each once, with everything it is wanted for.
private struct AttributeList {
    private(set) var names: [String] = []
    private(set) var uses: [AttributeUse] = []

    /// The place of the attribute.
    @discardableResult
    mutating func add(_ name: String, _ use: AttributeUse) -> Int {
        let key = AttributeTypeName.canonical(name.utf8)
        if let known = names.firstIndex(where: { AttributeTypeName.canonical($0.utf8) == key }) {
            uses[known].insert(use)
            return known
        }
        names.append(name)
        uses.append(use)
        return names.count - 1
    }
}
