import Diagnostics

/// The five fields of a cron line: minute, hour, day of month, month, day of week.
package enum CronText {
    private static let fields: [(name: String, range: ClosedRange<Int>)] = [
        ("minute", 0...59), ("hour", 0...23), ("day", 1...31), ("month", 1...12), ("weekday", 0...7),
    ]

    /// What is wrong, one sentence; nil when nothing is.
    static func problem(_ text: String) -> String? {
        let parts = text.utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
        guard parts.count == fields.count else { return "expected five fields, found \(parts.count): `\(text)`" }
        for (part, field) in zip(parts, fields) where !isField(part, field.range) {
            let range = "\(field.range.lowerBound) to \(field.range.upperBound)"
            return "expected \(range), `*`, lists, ranges or steps for the \(field.name), found `\(part)`"
        }
        return nil
    }

    private static func isField(_ text: String, _ range: ClosedRange<Int>) -> Bool {
        text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).allSatisfy { item in
            let parts = item.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            guard parts.count <= 2, let body = parts.first else { return false }
            if parts.count == 2, !(1...range.upperBound).contains(number(parts[1]) ?? 0) { return false }
            if body.elementsEqual("*".utf8) { return true }
            let ends = body.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).map { number($0) }
            guard ends.count <= 2, ends.allSatisfy({ $0.map(range.contains) == true }) else { return false }
            return ends.count == 1 || (ends[0] ?? 0) <= (ends[1] ?? 0)
        }
    }

    private static func number(_ text: Substring.UTF8View) -> Int? {
        guard !text.isEmpty, text.count <= 2, text.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(String(Substring(text)))
    }

    /// `UTC`, `Europe/Berlin`; whether the machine knows it is another matter.
    static func isTimeZone(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return parts.count <= 3
            && parts.allSatisfy { part in
                guard let first = part.first, (0x41...0x5A).contains(first) else { return false }
                return part.allSatisfy { byte in
                    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
                        || [0x5F, 0x2D, 0x2B].contains(byte)
                }
            }
    }
}
