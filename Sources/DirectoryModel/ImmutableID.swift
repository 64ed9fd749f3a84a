/// The identity of an entry: the directory's own unchangeable id, as raw bytes.
///
/// A UUID (`entryUUID`, `objectGUID`, `nsUniqueId`, `ipaUniqueID`) is held as its 16 bytes; any other id attribute as the
/// 1 to 16 bytes it has. Two ids are equal when their bytes are. Order is that of the bytes.
package struct ImmutableID: Hashable, Sendable {
    package let high: UInt64
    package let low: UInt64
    /// Number of bytes, 1 to 16.
    package let count: UInt8

    /// The id made of these raw bytes; nil when there are none or more than 16.
    package init?(bytes: some Collection<UInt8>) {
        guard (1...16).contains(bytes.count) else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        var position = 0
        for byte in bytes {
            if position < 8 {
                high |= UInt64(byte) << UInt64(56 - 8 * position)
            } else {
                low |= UInt64(byte) << UInt64(120 - 8 * position)
            }
            position += 1
        }
        self.high = high
        self.low = low
        self.count = UInt8(position)
    }

    /// The id that a directory or a person writes as text; nil when that is empty or longer than 16 bytes.
    ///
    /// 32 hexadecimal digits, with dashes where RFC 4122 or nsUniqueId put them, are a UUID; anything else stands for its own bytes.
    package init?(text: some Collection<UInt8>) {
        if let uuid = ImmutableID.uuid(text) {
            self = uuid
            return
        }
        self.init(bytes: text)
    }

    /// The id in a file or on a command line.
    package init?(text: String) {
        self.init(text: Array(text.utf8))
    }

    /// The id that a report, a view of the roster or a person shows: hexadecimal after `0x` stands for bytes, anything else as
    /// in `init(text:)`.
    package init?(written text: String) {
        let bytes = Array(text.utf8)
        if let id = ImmutableID.hexadecimal(bytes) {
            self = id
            return
        }
        self.init(text: bytes)
    }

    /// 1 to 16 bytes as pairs of hexadecimal digits after `0x`; nil for anything else.
    private static func hexadecimal(_ text: [UInt8]) -> ImmutableID? {
        guard text.count > 2, text.count % 2 == 0, text.starts(with: "0x".utf8) else { return nil }
        var bytes: [UInt8] = []
        for place in stride(from: 2, to: text.count, by: 2) {
            guard let high = hexDigit(text[place]), let low = hexDigit(text[place + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return ImmutableID(bytes: bytes)
    }

    /// The id whose bytes stand left-aligned in two big-endian words, zeros behind them; nil when `count` is not 1 to 16.
    package init?(high: UInt64, low: UInt64, byteCount: Int) {
        guard (1...16).contains(byteCount) else { return nil }
        self.init(high: high, low: low, count: UInt8(byteCount))
    }

    /// One zero byte: what a value starts from before it is read.
    package static let zero = ImmutableID(high: 0, low: 0, count: 1)

    /// The raw bytes.
    package var bytes: [UInt8] {
        (0..<Int(count)).map { position -> UInt8 in
            let word = position < 8 ? high : low
            let shift = 56 - 8 * (position % 8)
            return UInt8(truncatingIfNeeded: word >> UInt64(shift))
        }
    }

    private static func uuid(_ text: some Collection<UInt8>) -> ImmutableID? {
        guard (32...36).contains(text.count) else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        var digits = 0
        for byte in text {
            if byte == UInt8(ascii: "-") {
                guard digits > 0, digits % 4 == 0 else { return nil }
                continue
            }
            guard let digit = hexDigit(byte) else { return nil }
            if digits < 16 { high = high << 4 | UInt64(digit) } else { low = low << 4 | UInt64(digit) }
            digits += 1
            if digits > 32 { return nil }
        }
        guard digits == 32 else { return nil }
        return ImmutableID(high: high, low: low, count: 16)
    }

    private init(high: UInt64, low: UInt64, count: UInt8) {
        self.high = high
        self.low = low
        self.count = count
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension ImmutableID: Comparable {
    package static func < (left: ImmutableID, right: ImmutableID) -> Bool {
        if left.high != right.high { return left.high < right.high }
        if left.low != right.low { return left.low < right.low }
        return left.count < right.count
    }
}

extension ImmutableID: CustomStringConvertible {
    /// A UUID with dashes for 16 bytes; printable ASCII as it is, unless it would be read as hexadecimal; otherwise
    /// hexadecimal after `0x`: what `init(written:)` reads back.
    package var description: String {
        let bytes = bytes
        if count == 16 {
            var text = ""
            for (position, byte) in bytes.enumerated() {
                if [4, 6, 8, 10].contains(position) { text += "-" }
                text += ImmutableID.hex(byte)
            }
            return text
        }
        if bytes.allSatisfy({ (0x21...0x7e).contains($0) }), ImmutableID.hexadecimal(bytes) == nil {
            return String(decoding: bytes, as: UTF8.self)
        }
        return "0x" + bytes.map(ImmutableID.hex).joined()
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.utf8.count == 1 ? "0" + digits : digits
    }
}
