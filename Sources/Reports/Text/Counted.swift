/// Numbers with their nouns.
package enum Counted {
    /// `1 user`, `2 users`; another plural where the noun needs it.
    package static func text(_ count: Int, _ noun: String, plural: String? = nil) -> String {
        count == 1 ? "1 \(noun)" : "\(number(count)) \(plural ?? noun + "s")"
    }

    /// With a comma between thousands: `1,000,000`.
    package static func number(_ count: Int) -> String {
        let digits = Array(String(count.magnitude).utf8)
        var grouped: [UInt8] = []
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { grouped.append(UInt8(ascii: ",")) }
            grouped.append(digit)
        }
        return (count < 0 ? "-" : "") + String(decoding: grouped, as: UTF8.self)
    }
}
