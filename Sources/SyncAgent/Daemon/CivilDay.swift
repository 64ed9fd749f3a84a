/// A day of the calendar, counted from 1970-01-01.
struct CivilDay: Equatable {
    /// Days since 1970-01-01; negative before.
    var number: Int64

    init(number: Int64) { self.number = number }

    /// The day in which a local time lies, seconds since 1970-01-01T00:00 there.
    init(containing local: Int64) { number = local >= 0 ? local / 86_400 : -((86_399 - local) / 86_400) }

    /// Years are counted from March here, so that the leap day is the last.
    init(year: Int64, month: Int64, day: Int64) {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        number = era * 146_097 + dayOfEra - 719_468
    }

    /// Local seconds at which the day begins.
    var start: Int64 { number * 86_400 }

    /// 0 is Sunday.
    var weekday: Int {
        let rest = (number + 4) % 7
        return Int(rest < 0 ? rest + 7 : rest)
    }

    var parts: (year: Int64, month: Int64, day: Int64) {
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let number = month < 10 ? month + 3 : month - 9
        return (yearOfEra + era * 400 + (number <= 2 ? 1 : 0), number, day)
    }

    static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
}
