internal import DirectoryModel

/// Reads what attributes say of a person's account: disabled or not, when it ends, the last sign-in, memberships that stand on the person.
struct StateReader {
    private let disabledValue: [UInt8]
    private let flags: [AccountFlag]
    /// The place of each flag's attribute among those asked for.
    private let flagPlaces: [Int]
    private let signInSyntax: TimeSyntax
    private let expirySyntax: TimeSyntax
    /// For each flag whether a value said yes (1) or no (2), a bit each.
    private var said: [UInt8]
    private var isUnclear = false
    private(set) var roles: [UnsafeRawBufferPointer] = []

    init(_ settings: SourceSettings, flagPlaces: [Int]) {
        disabledValue = TextFold.fold(settings.attributes.disabled?.equals ?? "")
        flags = settings.dialect.flags
        self.flagPlaces = flagPlaces
        signInSyntax = TimeSyntax(attribute: settings.attributes.lastSignIn ?? "")
        expirySyntax = TimeSyntax(attribute: settings.attributes.expires ?? "")
        said = flags.map { _ in 0 }
    }

    @inline(__always)
    mutating func start() {
        for place in said.indices { said[place] = 0 }
        isUnclear = false
        if !roles.isEmpty { roles.removeAll(keepingCapacity: true) }
    }

    @inline(never)
    mutating func take(
        _ use: AttributeUse, _ place: Int, _ value: UnsafeRawBufferPointer, _ draft: inout PersonDraft
    ) {
        if use.contains(.disabled) {
            var folded: [UInt8] = []
            if TextFold.fold(value, into: &folded), folded == disabledValue { draft.state = .disabledByAttribute }
        }
        if use.contains(.flag) { takeFlag(place, value) }
        if use.contains(.lastSignIn), case .seconds(let seconds) = signInSyntax.read(value) {
            draft.lastSignIn = max(draft.lastSignIn, seconds)
        }
        if use.contains(.expires) { takeExpiry(value, &draft) }
        if use.contains(.primaryGroup) {
            draft.primaryGroup = WireNumber.signed(value).flatMap { UInt32(exactly: $0) } ?? 0
        }
        if use.contains(.role) { roles.append(value) }
    }

    private mutating func takeFlag(_ place: Int, _ value: UnsafeRawBufferPointer) {
        for flag in flags.indices where flagPlaces[flag] == place {
            guard let isDisabled = flags[flag].isDisabled(value) else {
                isUnclear = true
                continue
            }
            said[flag] |= isDisabled ? 1 : 2
        }
    }

    /// Of several times the first counts.
    private mutating func takeExpiry(_ value: UnsafeRawBufferPointer, _ draft: inout PersonDraft) {
        switch expirySyntax.read(value) {
        case .seconds(let end): draft.expires = min(draft.expires, end)
        case .never: break
        case .garbage: isUnclear = true
        }
    }

    /// Sums up: what is plainly said counts; what is hidden, contradictory or without meaning makes the person one about whom nothing
    /// is done.
    mutating func finish(_ draft: inout PersonDraft, now: Int64?) {
        for (flag, answers) in zip(flags, said) {
            if answers == 0, flag.isAlwaysThere { isUnclear = true }
            if answers == 3 { draft.problems.insert(.contradictoryState) }
            if answers & 1 != 0, draft.state == .enabled { draft.state = flag.state }
        }
        if isUnclear { draft.problems.insert(.unclearState) }
        if draft.state == .enabled, let now, draft.expires <= now { draft.state = .expired }
    }
}
