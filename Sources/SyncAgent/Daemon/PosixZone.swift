/// Rules without an end, as `TZ` has them: `CET-1CEST,M3.5.0,M10.5.0/3` (POSIX.1-2017 §8.3, extended by RFC 9636 §3.3.1).
struct PosixZone: Sendable, Equatable {
    /// A day of each year, and the time of that day at which the clock is changed, seconds.
    struct Switch: Sendable, Equatable {
        enum Day: Sendable, Equatable {
            /// 1 to 365; the leap day is never counted.
            case julian(Int64)
            /// 0 to 365; the leap day is counted.
            case ofYear(Int64)
            /// The fifth is the last.
            case weekday(month: Int64, week: Int64, day: Int)
        }
        var day: Day
        var time: Int64
    }

    /// The months in which the clock shows another time.
    struct Summer: Sendable, Equatable {
        var offset: Int64
        var begin: Switch
        var end: Switch
    }

    /// Seconds ahead of UTC.
    let standard: Int64
    let summer: Summer?

    func offset(at time: Int64) -> Int64 {
        guard let summer else { return standard }
        let year = CivilDay(containing: time + standard).parts.year
        var last: (time: Int64, offset: Int64) = (Int64.min, standard)
        for year in (year - 1)...(year + 1) {
            for change in [
                (summer.begin.local(in: year) - standard, summer.offset),
                (summer.end.local(in: year) - summer.offset, standard),
            ] where change.0 <= time && change.0 >= last.time { last = change }
        }
        return last.offset
    }
}

extension PosixZone.Switch {
    /// Local seconds of the change in a year.
    func local(in year: Int64) -> Int64 {
        let january = CivilDay(year: year, month: 1, day: 1)
        switch day {
        case .julian(let day):
            let leap = CivilDay.isLeap(year) && day >= 60
            return (january.number + day - 1 + (leap ? 1 : 0)) * 86_400 + time
        case .ofYear(let day): return (january.number + day) * 86_400 + time
        case .weekday(let month, let week, let weekday):
            let first = CivilDay(year: year, month: month, day: 1)
            let next =
                month == 12
                ? CivilDay(year: year + 1, month: 1, day: 1) : CivilDay(year: year, month: month + 1, day: 1)
            var day = first.number + Int64((weekday - first.weekday + 7) % 7) + 7 * (week - 1)
            while day >= next.number { day -= 7 }
            return day * 86_400 + time
        }
    }
}

extension PosixZone {
    /// nil for text that is no such rule.
    init?(_ text: ArraySlice<UInt8>) {
        var reader = ZoneTextReader(rest: text)
        guard reader.skipName(), let west = reader.time() else { return nil }
        if reader.rest.isEmpty {
            self.init(standard: -west, summer: nil)
            return
        }
        guard reader.skipName() else { return nil }
        var offset = -west + 3600
        if let next = reader.rest.first, next != UInt8(ascii: ",") {
            guard let west = reader.time() else { return nil }
            offset = -west
        }
        guard let begin = reader.change(), let end = reader.change(), reader.rest.isEmpty else { return nil }
        self.init(standard: -west, summer: Summer(offset: offset, begin: begin, end: end))
    }
}

/// Takes such a text apart from the front.
private struct ZoneTextReader {
    var rest: ArraySlice<UInt8>

    /// Letters, or anything between `<` and `>`.
    mutating func skipName() -> Bool {
        if rest.first == UInt8(ascii: "<") {
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
            rest = rest[(end + 1)...]
            return true
        }
        let name = rest.prefix { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
        rest = rest.dropFirst(name.count)
        return name.count >= 3
    }

    /// `[+-]hh[:mm[:ss]]`, in seconds; hours up to 167.
    mutating func time() -> Int64? {
        var sign: Int64 = 1
        if let first = rest.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            sign = first == UInt8(ascii: "-") ? -1 : 1
            rest = rest.dropFirst()
        }
        guard let hours = number(), hours <= 167 else { return nil }
        var seconds = hours * 3600
        for unit in [Int64(60), 1] where rest.first == UInt8(ascii: ":") {
            rest = rest.dropFirst()
            guard let value = number(), value < 60 else { return nil }
            seconds += value * unit
        }
        return sign * seconds
    }

    /// `,M3.5.0/2`, `,J60` or `,59`.
    mutating func change() -> PosixZone.Switch? {
        guard take(","), let day = day() else { return nil }
        guard take("/") else { return PosixZone.Switch(day: day, time: 7200) }
        return time().map { PosixZone.Switch(day: day, time: $0) }
    }

    private mutating func day() -> PosixZone.Switch.Day? {
        if take("J") { return number().flatMap { (1...365).contains($0) ? .julian($0) : nil } }
        guard take("M") else { return number().flatMap { (0...365).contains($0) ? .ofYear($0) : nil } }
        guard let month = number(), take("."), let week = number(), take("."), let day = number(),
            (1...12).contains(month), (1...5).contains(week), (0...6).contains(day)
        else { return nil }
        return .weekday(month: month, week: week, day: Int(day))
    }

    private mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: mark) else { return false }
        rest = rest.dropFirst()
        return true
    }

    private mutating func number() -> Int64? {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard !digits.isEmpty, digits.count <= 4 else { return nil }
        rest = rest.dropFirst(digits.count)
        return digits.reduce(0) { $0 * 10 + Int64($1) - 0x30 }
    }
}
