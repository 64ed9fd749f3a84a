import Reports

/// How far the reading of a directory has come, in words made of counts and of the time that it took.
struct ReadingPace {
    /// `people` or `groups`.
    var what: String
    var directory: String
    /// Entries read so far.
    var entries: Int
    /// About how many there are: as many as at the last run; nil where nobody knows.
    var total: Int?
    /// Since the first of them was asked for.
    var elapsed: Duration

    /// A rate over less time than this tells nothing.
    private static let shortest = Duration.milliseconds(250)

    /// `reading people of corp: 41,000 of about 100,000, 52,000/s, 1 s left`.
    var words: String {
        let beginning = "reading \(what) of \(directory)"
        guard entries > 0 else { return "\(beginning) …" }
        var parts = [Counted.number(entries)]
        // Where more came than were expected, what was expected is no help.
        let open = total.map { $0 - entries }.flatMap { $0 >= 0 ? $0 : nil }
        if open != nil, let total { parts[0] += " of about \(Counted.number(total))" }
        if let rate {
            parts.append(rate < 1 ? "less than 1/s" : "\(Counted.number(ReadingPace.rounded(rate)))/s")
            if let open, open > 0, rate > 0 { parts.append("\(ReadingPace.time(Double(open) / rate)) left") }
        }
        return "\(beginning): \(parts.joined(separator: ", "))"
    }

    /// Entries in a second; nil where that cannot be told yet.
    private var rate: Double? {
        guard elapsed >= ReadingPace.shortest else { return nil }
        return Double(entries) / (elapsed / .seconds(1))
    }

    /// To two digits: more of them would only flicker.
    private static func rounded(_ rate: Double) -> Int {
        var number = Int(rate)
        var step = 1
        while number >= 100 {
            number /= 10
            step *= 10
        }
        return number * step
    }

    /// Rounded up, in the unit that suits it.
    private static func time(_ seconds: Double) -> String {
        let whole = Int(min(seconds, 1e9).rounded(.up))
        if whole < 60 { return "\(max(1, whole)) s" }
        let minutes = (whole + 59) / 60
        return minutes < 60 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
    }
}
