/// Emails compared without regard to case: full Unicode fold, canonical equivalence; plain bytes where they are ASCII.
enum EmailFold {
    /// A hash that is equal for emails that are the same; only for lookups within one process, never written or ordered by.
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes {
            if byte >= 0x80 { return slowHash(bytes) }
            hash = (hash ^ UInt64(lower(byte))) &* 0x0000_0100_0000_01b3
        }
        return hash ^ (hash >> 29)
    }

    /// Whether two emails are the same.
    static func same(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        if left.count == right.count {
            var index = 0
            while index < left.count {
                let (one, other) = (left[index], right[index])
                if one >= 0x80 || other >= 0x80 { return folded(left) == folded(right) }
                if lower(one) != lower(other) { return false }
                index += 1
            }
            return true
        }
        guard left.contains(where: { $0 >= 0x80 }) || right.contains(where: { $0 >= 0x80 }) else { return false }
        return folded(left) == folded(right)
    }

    /// Whether the part after the last `@` is one of the domains (lower-case ASCII); any domain does when there are none.
    static func isInside(_ domains: [[UInt8]], _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        if domains.isEmpty { return true }
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { return false }
        let length = bytes.count - at - 1
        return domains.contains { domain in
            guard domain.count == length else { return false }
            var index = 0
            while index < length {
                if lower(bytes[at + 1 + index]) != domain[index] { return false }
                index += 1
            }
            return true
        }
    }

    /// The longest address that mail can carry, in bytes (RFC 5321 section 4.5.3.1.3, less the brackets of a path).
    private static let longest = 254

    /// Whether the bytes can be an email at all: something on both sides of an `@`, valid UTF-8, no blank or control character.
    static func isUsable(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count <= longest else { return false }
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")), at > 0, at < bytes.count - 1 else { return false }
        var plain = true
        for byte in bytes {
            if byte <= 0x20 || byte == 0x7f { return false }
            if byte >= 0x80 { plain = false }
        }
        if plain { return true }
        guard let text = String(validating: bytes, as: UTF8.self) else { return false }
        return !text.unicodeScalars.contains { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate: true
            default: false
            }
        }
    }

    @inline(__always)
    static func lower(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    /// The folded text; `String` compares it by canonical equivalence.
    private static func folded(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self).uppercased().lowercased()
    }

    /// ASCII after folding (ligatures, the Kelvin sign) hashes like ASCII; anything else by the text's own hash.
    private static func slowHash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var plain: [UInt8] = []
        let text = folded(bytes)
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x37e: plain.append(UInt8(ascii: ";"))
            case 0x1fef: plain.append(UInt8(ascii: "`"))
            case 0..<0x80: plain.append(UInt8(truncatingIfNeeded: scalar.value))
            default: return UInt64(bitPattern: Int64(text.hashValue))
            }
        }
        return plain.withUnsafeBufferPointer(hash)
    }
}
