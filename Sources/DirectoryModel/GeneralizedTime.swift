/// The time syntax of directories (RFC 4517 §3.3.13): `YYYYMMDDHH[MM[SS]][.fraction](Z|±HH[MM])`.
package enum GeneralizedTime {
    /// Seconds since 1970, without the fraction; nil when the bytes are not such a time.
    package static func seconds(_ bytes: some Collection<UInt8>) -> Int64? {
        var digits: [Int64] = []
        var rest = bytes[...]
        while let byte = rest.first, (0x30...0x39).contains(byte), digits.count < 14 {
            digits.append(Int64(byte - 0x30))
            rest = rest.dropFirst()
        }
        guard digits.count == 10 || digits.count == 12 || digits.count == 14 else { return nil }
        func number(_ range: Range<Int>) -> Int64 {
            range.reduce(0) { $0 * 10 + ($1 < digits.count ? digits[$1] : 0) }
        }
        if rest.first == UInt8(ascii: ".") || rest.first == UInt8(ascii: ",") {
            rest = rest.dropFirst()
            guard let byte = rest.first, (0x30...0x39).contains(byte) else { return nil }
            rest = rest.drop { (0x30...0x39).contains($0) }
        }
        guard let offset = offset(Array(rest)) else { return nil }
        let (month, day, hour) = (number(4..<6), number(6..<8), number(8..<10))
        let (minute, second) = (number(10..<12), number(12..<14))
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60 else { return nil }
        return days(number(0..<4), month, day) * 86400 + hour * 3600 + minute * 60 + second - offset
    }

    /// Seconds east of Greenwich that a zone stands for.
    private static func offset(_ zone: [UInt8]) -> Int64? {
        if zone == [UInt8(ascii: "Z")] { return 0 }
        guard zone.count == 3 || zone.count == 5, zone[0] == UInt8(ascii: "+") || zone[0] == UInt8(ascii: "-"),
            zone[1...].allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        let values = zone[1...].map { Int64($0) - 0x30 }
        let minutes = (values[0] * 10 + values[1]) * 60 + (values.count == 4 ? values[2] * 10 + values[3] : 0)
        return (zone[0] == UInt8(ascii: "-") ? -minutes : minutes) * 60
    }

    /// The time in UTC, to the second; nil before 1970 and from the year 10000 on.
    package static func text(_ seconds: Int64) -> String? {
        guard seconds >= 0, seconds < 253_402_300_800 else { return nil }
        let (year, month, day) = date(seconds / 86400)
        let rest = seconds % 86400
        let parts = [(year, 4), (month, 2), (day, 2), (rest / 3600, 2), (rest / 60 % 60, 2), (rest % 60, 2)]
        return parts.map { number, width in
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }.joined() + "Z"
    }

    /// The date so many days after 1970-01-01.
    private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let place = (5 * dayOfYear + 2) / 153
        let month = place < 10 ? place + 3 : place - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * place + 2) / 5 + 1)
    }

    /// Days from 1970-01-01 in the proleptic Gregorian calendar.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
