/// Lengths of time as people write them in files: `10s`, `30m`, `24h`, `90d`, `2w`.
package enum DurationText {
    /// Nil unless it is a whole number without leading zeros and one unit letter, and no more than a hundred years.
    package static func parse(_ text: String) -> Duration? {
        let bytes = Array(text.utf8)
        guard let letter = bytes.last, let unit = seconds(of: letter) else { return nil }
        guard let count = WholeNumber.parse(String(decoding: bytes.dropLast(), as: UTF8.self)), count >= 0 else {
            return nil
        }
        let (total, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow, total <= 100 * 366 * 86_400 else { return nil }
        return .seconds(total)
    }

    /// The shortest such text: `36h`, `2d`; whole seconds only.
    package static func text(_ duration: Duration) -> String {
        let total = duration.components.seconds
        for (letter, unit) in [("d", Int64(86_400)), ("h", 3_600), ("m", 60)] where total != 0 && total % unit == 0 {
            return "\(total / unit)\(letter)"
        }
        return "\(total)s"
    }

    private static func seconds(of letter: UInt8) -> Int? {
        switch letter {
        case UInt8(ascii: "s"): 1
        case UInt8(ascii: "m"): 60
        case UInt8(ascii: "h"): 3_600
        case UInt8(ascii: "d"): 86_400
        case UInt8(ascii: "w"): 7 * 86_400
        default: nil
        }
    }
}

/// Whole numbers as files may write them: digits without leading zeros, perhaps a minus in front.
package enum WholeNumber {
    package static func parse(_ text: String) -> Int? {
        var digits = Substring(text).utf8
        if digits.first == UInt8(ascii: "-") { digits = digits.dropFirst() }
        guard let first = digits.first, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        if first == 0x30, digits.count > 1 { return nil }
        return Int(text)
    }
}
