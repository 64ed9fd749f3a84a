/// Whether the directory lets a person in, and if not, what says so.
package enum PersonState: UInt8, Sendable, Equatable {
    case enabled = 0
    /// The attribute that the configuration names says so.
    case disabledByAttribute = 1
    /// The password policy's permanent lock: `pwdAccountLockedTime: 000001010000Z`.
    case lockedPermanently = 2
    /// The dialect's own flag says so (userAccountControl, nsAccountLock).
    case disabledByFlag = 3
    /// The time has come at which the account ends (`PersonField.expires`).
    case expired = 4

    package var isEnabled: Bool { self == .enabled }
}

/// What kept parts of an entry from being used.
///
/// A person with any of these is set aside, the others go on.
package struct EntryProblems: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A value that should be text is not valid UTF-8.
    package static let invalidText = EntryProblems(rawValue: 1 << 0)
    /// A value is longer than the limit, or an attribute has more values than the limit.
    package static let tooLarge = EntryProblems(rawValue: 1 << 1)
    /// There is no login attribute, or it holds several values.
    package static let unclearLogin = EntryProblems(rawValue: 1 << 2)
    /// A control character or NUL stands in a value that identifies the person (login, email).
    package static let controlCharacter = EntryProblems(rawValue: 1 << 3)
    /// Flags of the entry contradict each other.
    package static let contradictoryState = EntryProblems(rawValue: 1 << 4)
    /// What says whether the account is disabled is hidden from us, or holds something that means nothing.
    package static let unclearState = EntryProblems(rawValue: 1 << 5)
}
