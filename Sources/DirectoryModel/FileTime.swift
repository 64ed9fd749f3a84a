/// The time of Windows: units of 100 nanoseconds since 1601-01-01 UTC, as decimal text (MS-ADTS §3.1.1.2.2.2.10).
package enum FileTime {
    /// What an attribute of this syntax says.
    package enum Reading: Sendable, Equatable {
        /// Seconds since 1970.
        case seconds(Int64)
        /// 0, or the largest number: no time was set; for an expiry, never.
        case never
        /// Not such a number.
        case garbage
    }

    private static let unitsPerSecond: Int64 = 10_000_000
    /// Seconds from 1601 to 1970.
    private static let epoch: Int64 = 11_644_473_600

    package static func read(_ bytes: some Collection<UInt8>) -> Reading {
        guard let units = WireNumber.signed(bytes), units >= 0 else { return .garbage }
        if units == 0 || units == .max { return .never }
        return .seconds(units / unitsPerSecond - epoch)
    }
}

/// Whole numbers as directories write them (RFC 4517 §3.3.16): nothing but digits, and a minus before them.
package enum WireNumber {
    /// nil for anything else, spaces and plus signs included, and for what does not fit.
    package static func signed(_ bytes: some Collection<UInt8>) -> Int64? {
        let isNegative = bytes.first == UInt8(ascii: "-")
        let digits = isNegative ? bytes.dropFirst() : bytes[...]
        guard !digits.isEmpty else { return nil }
        var value: Int64 = 0
        for byte in digits {
            guard (0x30...0x39).contains(byte) else { return nil }
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let digit = Int64(byte - 0x30)
            let (sum, overflows) =
                isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            guard !isTooLarge, !overflows else { return nil }
            value = sum
        }
        return value
    }
}
