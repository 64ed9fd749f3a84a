/// The five fields of a cron line, each as the set of its values.
package struct CronExpression: Sendable, Equatable {
    /// A bit for each value.
    private(set) var minutes: UInt64 = 0
    private(set) var hours: UInt64 = 0
    private(set) var days: UInt64 = 0
    private(set) var months: UInt64 = 0
    /// 0 is Sunday.
    private(set) var weekdays: UInt64 = 0
    /// Whether the field begins with `*`: then the other one of day and weekday decides; otherwise either of them does.
    private var isAnyDay = false
    private var isAnyWeekday = false
    /// Whether minutes or hours begin with `*`: such a job goes by the time that really passes, all others by the clock on the wall.
    private(set) var isByElapsedTime = false

    /// nil for text that `CronText` finds wrong.
    package init?(_ text: String) {
        guard CronText.problem(text) == nil else { return nil }
        let fields = text.utf8.split(separator: UInt8(ascii: " "))
        guard fields.count == 5 else { return nil }
        minutes = CronExpression.bits(fields[0], 0...59)
        hours = CronExpression.bits(fields[1], 0...23)
        days = CronExpression.bits(fields[2], 1...31)
        months = CronExpression.bits(fields[3], 1...12)
        let week = CronExpression.bits(fields[4], 0...7)
        weekdays = week & 0x7f | week >> 7
        let star = UInt8(ascii: "*")
        isAnyDay = fields[2].first == star
        isAnyWeekday = fields[4].first == star
        isByElapsedTime = fields[0].first == star || fields[1].first == star
    }

    func matches(_ day: CivilDay) -> Bool {
        let (_, month, dayOfMonth) = day.parts
        guard months & 1 << UInt64(month) != 0 else { return false }
        let isDay = days & 1 << UInt64(dayOfMonth) != 0
        let isWeekday = weekdays & 1 << UInt64(day.weekday) != 0
        return isAnyDay || isAnyWeekday ? isDay && isWeekday : isDay || isWeekday
    }

    /// Seconds after midnight, rising.
    var timesOfDay: [Int64] {
        var times: [Int64] = []
        for hour in Int64(0)..<24 where hours & 1 << UInt64(hour) != 0 {
            for minute in Int64(0)..<60 where minutes & 1 << UInt64(minute) != 0 {
                times.append(hour * 3600 + minute * 60)
            }
        }
        return times
    }

    /// Whether there is a day in any year that it names: `0 0 30 2 *` names none.
    package var comes: Bool {
        guard isAnyDay || isAnyWeekday else { return true }
        let longest: [Int64] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return longest.enumerated().contains { place, length in
            guard months & 1 << UInt64(place + 1) != 0 else { return false }
            return days & ((1 << UInt64(length + 1)) - 2) != 0
        }
    }

    /// `3`, `1-5`, `*`, each with a step behind `/`, and lists of them; a step behind one number goes on to the end.
    private static func bits(_ field: Substring.UTF8View, _ range: ClosedRange<Int>) -> UInt64 {
        var bits: UInt64 = 0
        for item in field.split(separator: UInt8(ascii: ",")) {
            let parts = item.split(separator: UInt8(ascii: "/"))
            let step = parts.count > 1 ? max(1, number(parts[1])) : 1
            guard let body = parts.first else { continue }
            var (first, last) = (range.lowerBound, range.upperBound)
            if !body.elementsEqual("*".utf8) {
                let ends = body.split(separator: UInt8(ascii: "-")).map(number)
                first = ends.first ?? first
                last = ends.count > 1 ? ends[1] : parts.count > 1 ? range.upperBound : first
            }
            for value in stride(from: first, through: min(last, 63), by: step) { bits |= 1 << UInt64(value) }
        }
        return bits
    }

    private static func number(_ digits: Substring.UTF8View) -> Int {
        digits.reduce(0) { $0 * 10 + Int($1) - 0x30 }
    }
}
