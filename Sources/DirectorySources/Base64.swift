/// Base64 (RFC 4648 §4) as LDIF uses it: padded, without line breaks.
enum Base64 {
    /// Appends what the text stands for; false when it is not base64.
    static func decode(_ text: UnsafeRawBufferPointer, into out: inout [UInt8]) -> Bool {
        var end = text.count
        while end > 0, text[end - 1] == UInt8(ascii: " ") { end -= 1 }
        guard end % 4 == 0 else { return false }
        var padding = 0
        while padding < 2, end > padding, text[end - padding - 1] == UInt8(ascii: "=") { padding += 1 }
        var word: UInt32 = 0
        for index in 0..<end {
            var digit: UInt8 = 0
            if index < end - padding {
                guard let value = value(text[index]) else { return false }
                digit = value
            }
            word = word << 6 | UInt32(digit)
            guard index % 4 == 3 else { continue }
            let kept = index == end - 1 ? 3 - padding : 3
            for position in 0..<kept { out.append(UInt8(truncatingIfNeeded: word >> UInt32(16 - 8 * position))) }
            word = 0
        }
        return true
    }

    private static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
