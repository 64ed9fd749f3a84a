/// Points in time as reports write them; always UTC, so that two machines write the same.
package enum Timestamp {
    /// `2026-11-21 02:15 UTC`, for people.
    package static func text(_ seconds: Int64) -> String {
        let parts = Parts(seconds)
        return "\(parts.date) \(two(parts.hour)):\(two(parts.minute)) UTC"
    }

    /// When something ends, for people: a day that counts whole ends with it, `the end of 2026-11-21 UTC`; else as `text`.
    package static func end(_ seconds: Int64) -> String {
        let (last, overflow) = seconds.subtractingReportingOverflow(1)
        guard !overflow, seconds % 86_400 == 0 else { return text(seconds) }
        return "the end of \(day(last)) UTC"
    }

    /// `2026-11-21`, for people.
    package static func day(_ seconds: Int64) -> String { Parts(seconds).date }

    /// `2026-11-21T02:15:09Z` (RFC 3339), for programs.
    package static func machine(_ seconds: Int64) -> String {
        let parts = Parts(seconds)
        return "\(parts.date)T\(two(parts.hour)):\(two(parts.minute)):\(two(parts.second))Z"
    }

    /// The largest unit that fits, rounded down: `3 days`.
    package static func length(_ seconds: Int64) -> String {
        let count = max(0, seconds)
        if count >= 172_800 { return "\(count / 86_400) days" }
        if count >= 7_200 { return "\(count / 3_600) hours" }
        if count >= 120 { return "\(count / 60) minutes" }
        return count == 1 ? "1 second" : "\(count) seconds"
    }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// A point in time taken apart in the proleptic Gregorian calendar.
    private struct Parts {
        let date: String
        let hour: Int64
        let minute: Int64
        let second: Int64

        init(_ seconds: Int64) {
            // Years 0 to 9999 only: the text has four digits, and the arithmetic below cannot overflow.
            let clamped = min(max(seconds, -62_167_219_200), 253_402_300_799)
            let days = (clamped - Parts.modulo(clamped, 86_400)) / 86_400
            let rest = Parts.modulo(clamped, 86_400)
            hour = rest / 3_600
            minute = rest % 3_600 / 60
            second = rest % 60
            date = Parts.civil(days)
        }

        /// Day and month of a count of days since 1970, by eras of 400 years that begin in March.
        private static func civil(_ days: Int64) -> String {
            let shifted = days + 719_468
            let era = (shifted - modulo(shifted, 146_097)) / 146_097
            let dayOfEra = modulo(shifted, 146_097)
            let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
            let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
            let monthFromMarch = (5 * dayOfYear + 2) / 153
            let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
            let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
            let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
            let digits = String(year)
            let zeros = String(repeating: "0", count: max(0, 4 - digits.utf8.count))
            return "\(zeros)\(digits)-\(two(month))-\(two(day))"
        }

        private static func modulo(_ value: Int64, _ divisor: Int64) -> Int64 {
            let rest = value % divisor
            return rest < 0 ? rest + divisor : rest
        }
    }
}
