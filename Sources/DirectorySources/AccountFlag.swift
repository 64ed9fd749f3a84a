package import DirectoryModel

/// An attribute by which a family of servers says that an account is disabled.
package struct AccountFlag: Sendable, Equatable {
    package enum Reading: Sendable, Equatable {
        /// This value says so; others mean something else.
        case value(String)
        /// TRUE or FALSE, in any case (RFC 4517 §3.3.3).
        case truth
        /// Bits of Active Directory's `userAccountControl` (MS-ADTS §2.2.16).
        case userAccountControl
    }

    package var attribute: String
    package var reading: Reading
    /// What a person is in when it says so.
    package var state: PersonState
    /// Whether everybody has the attribute, so that its absence means that we may not see it.
    package var isAlwaysThere: Bool

    package init(
        _ attribute: String, _ reading: Reading, state: PersonState = .disabledByFlag, isAlwaysThere: Bool = false
    ) {
        self.attribute = attribute
        self.reading = reading
        self.state = state
        self.isAlwaysThere = isAlwaysThere
    }

    /// Whether a value says that the account is disabled; nil when it means nothing.
    func isDisabled(_ value: some Collection<UInt8>) -> Bool? {
        switch reading {
        case .value(let text): value.elementsEqual(text.utf8)
        case .truth: AccountFlag.truth(value)
        case .userAccountControl: UserAccountControl(value)?.isDisabled
        }
    }

    private static func truth(_ value: some Collection<UInt8>) -> Bool? {
        let folded = value.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
        if folded.elementsEqual("true".utf8) { return true }
        return folded.elementsEqual("false".utf8) ? false : nil
    }
}

/// The flags of an account in Active Directory (MS-ADTS §2.2.16).
struct UserAccountControl: Equatable {
    private static let disabled: UInt32 = 0x2
    /// Temporary duplicate, normal, trust between domains, workstation, server: an account is of one of these types.
    private static let types: UInt32 = 0x100 | 0x200 | 0x800 | 0x1000 | 0x2000

    let bits: UInt32

    /// nil unless it is a signed number of 32 bits, in decimal, that names one type of account.
    init?(_ value: some Collection<UInt8>) {
        guard let number = WireNumber.signed(value), let signed = Int32(exactly: number) else { return nil }
        bits = UInt32(bitPattern: signed)
        guard (bits & UserAccountControl.types).nonzeroBitCount == 1 else { return nil }
    }

    var isDisabled: Bool { bits & UserAccountControl.disabled != 0 }
}
