/// A security identifier of Windows (MS-DTYP §2.4.2): a domain's, or an account's within one.
package struct SecurityID: Sendable, Hashable {
    /// The 48-bit authority, 5 for all of Windows.
    private let authority: UInt64
    /// The numbers after it, at most 15; the last of an account is its relative id.
    package let numbers: [UInt32]

    private init(authority: UInt64, numbers: [UInt32]) {
        self.authority = authority
        self.numbers = numbers
    }

    /// As `objectSid` holds it; nil when the bytes are not exactly one.
    package init?(bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count >= 8, bytes[0] == 1, bytes[1] <= 15, bytes.count == 8 + 4 * Int(bytes[1]) else { return nil }
        authority = bytes[2..<8].reduce(0) { $0 << 8 | UInt64($1) }
        numbers = stride(from: 8, to: bytes.count, by: 4).map { place in
            (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
        }
    }

    /// As text, `S-1-5-21-…`; nil for anything else.
    package init?(text: some Sequence<UInt8>) {
        let parts = Array(text).split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard (3...18).contains(parts.count), parts[0] == [UInt8(ascii: "S")] || parts[0] == [UInt8(ascii: "s")],
            parts[1] == [UInt8(ascii: "1")], let authority = WireNumber.signed(parts[2]), authority >= 0,
            authority < 1 << 48
        else { return nil }
        let numbers = parts[3...].compactMap { part in
            part.first == UInt8(ascii: "-") ? nil : WireNumber.signed(part).flatMap { UInt32(exactly: $0) }
        }
        guard numbers.count == parts.count - 3 else { return nil }
        self.init(authority: UInt64(authority), numbers: numbers)
    }

    /// The number of the account within its domain; nil for the root of an authority.
    package var relativeID: UInt32? { numbers.last }

    /// The domain of an account: everything but the last number.
    package var domain: SecurityID? {
        numbers.isEmpty ? nil : SecurityID(authority: authority, numbers: numbers.dropLast())
    }

    /// The account or group of this domain with a number.
    package func account(_ relativeID: UInt32) -> SecurityID {
        SecurityID(authority: authority, numbers: numbers + [relativeID])
    }

    /// Whether it is an account or group of some domain, and not one that every machine has (`S-1-5-21-…`).
    package var isOfDomain: Bool { authority == 5 && numbers.count == 5 && numbers[0] == 21 }

    /// As `objectSid` holds it.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = [1, UInt8(truncatingIfNeeded: numbers.count)]
        for shift in stride(from: 40, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: authority >> shift))
        }
        for number in numbers {
            for shift in stride(from: 0, through: 24, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: number >> shift))
            }
        }
        return bytes
    }
}

extension SecurityID: CustomStringConvertible {
    package var description: String {
        (["S-1", "\(authority)"] + numbers.map { "\($0)" }).joined(separator: "-")
    }
}
