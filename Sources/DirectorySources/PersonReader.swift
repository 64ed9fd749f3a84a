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
    static let lock = AttributeUse(rawValue: 1 << 6)
    static let lastSignIn = AttributeUse(rawValue: 1 << 7)
    static let trusted = AttributeUse(rawValue: 1 << 8)
}

/// Reads people out of entries, value by value, for either kind of source.
struct PersonReader {
    /// The attributes to ask for and to recognize.
    var names: AttributeNames
    private var uses: [AttributeUse] = []
    /// For each attribute, its place among the trusted ones, or in the order of display names.
    private var trustedPlaces: [UInt8] = []
    private var nameRanks: [Int] = []
    private let disabledValue: [UInt8]
    private let lockValue: [UInt8]
    private(set) var draft = PersonDraft()
    private var name: (rank: Int, bytes: UnsafeRawBufferPointer)?

    init(_ settings: SourceSettings, trusted: [String]) {
        let attributes = settings.attributes
        var wanted: [String] = []
        var uses: [AttributeUse] = []
        func place(_ name: String, _ use: AttributeUse) -> Int {
            let key = AttributeTypeName.canonical(name.utf8)
            if let known = wanted.firstIndex(where: { AttributeTypeName.canonical($0.utf8) == key }) {
                uses[known].insert(use)
                return known
            }
            wanted.append(name)
            uses.append(use)
            return wanted.count - 1
        }
        _ = place(attributes.login, .login)
        _ = place(attributes.email, .email)
        let ranks = attributes.names.map { place($0, .name) }
        let places = trusted.prefix(Int(UInt8.max) - 16).map { place($0, .trusted) }
        for alias in attributes.aliases { _ = place(alias, .alias) }
        if let disabled = attributes.disabled { _ = place(disabled.attribute, .disabled) }
        if let lastSignIn = attributes.lastSignIn { _ = place(lastSignIn, .lastSignIn) }
        // Operational attributes stand last in answers.
        _ = place(attributes.id, .id)
        if let lock = settings.dialect.permanentLock { _ = place(lock.attribute, .lock) }
        names = AttributeNames(wanted)
        self.uses = uses
        nameRanks = wanted.indices.map { ranks.firstIndex(of: $0) ?? ranks.count }
        trustedPlaces = wanted.indices.map { UInt8(truncatingIfNeeded: places.firstIndex(of: $0) ?? 0) }
        disabledValue = TextFold.fold(attributes.disabled?.equals ?? "")
        lockValue = Array((settings.dialect.permanentLock?.value ?? "").utf8)
    }

    /// Starts an entry, whose bytes stay where they are until it is finished.
    mutating func start(dn: UnsafeRawBufferPointer) {
        names.startEntry()
        name = nil
        draft.start(dn: dn)
    }

    /// Takes a value of the attribute at a place of `names`.
    mutating func take(_ place: Int, _ value: UnsafeRawBufferPointer) {
        let use = uses[place]
        if use.contains(.login) { draft.addIdentifying(PersonField.login.tag, value) }
        if use.contains(.email) { draft.addIdentifying(PersonField.email.tag, value) }
        if use.contains(.id) { draft.setID(value) }
        if use.contains(.name) { takeName(nameRanks[place], value) }
        if use.contains(.trusted) { draft.add(PersonField.attribute(trustedPlaces[place]).tag, value) }
        if use.contains(.alias) { draft.addIdentifying(PersonField.alias.tag, value) }
        if !use.isDisjoint(with: [.disabled, .lock, .lastSignIn]) { takeState(use, value) }
    }

    /// Ends the entry; the draft is complete.
    mutating func finish() -> PersonDraft {
        if let name { draft.add(PersonField.name.tag, name.bytes) }
        return draft
    }

    /// Keeps the value of the best attribute; of several values of one, the bytewise smallest.
    private mutating func takeName(_ rank: Int, _ value: UnsafeRawBufferPointer) {
        if let name {
            guard rank < name.rank || rank == name.rank && value.lexicographicallyPrecedes(name.bytes) else { return }
        }
        name = (rank, value)
    }

    @inline(never)
    private mutating func takeState(_ use: AttributeUse, _ value: UnsafeRawBufferPointer) {
        if use.contains(.disabled) {
            var folded: [UInt8] = []
            if TextFold.fold(value, into: &folded), folded == disabledValue { draft.state = .disabledByAttribute }
        }
        if use.contains(.lock), draft.state == .enabled, value.elementsEqual(lockValue) {
            draft.state = .lockedPermanently
        }
        if use.contains(.lastSignIn), let seconds = GeneralizedTime.seconds(value) {
            draft.lastSignIn = max(draft.lastSignIn, seconds)
        }
    }
}
