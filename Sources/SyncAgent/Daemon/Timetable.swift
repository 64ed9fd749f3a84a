/// When runs are due: a cron expression by the clock of one time zone.
///
/// A job at fixed times runs once a day whatever is done to the clock: at the first of two equal times, and right after a gap that
/// leaves its time out. One with `*` for minutes or hours goes by the time that really passes: twice through an hour that is repeated,
/// and not at all in one that is left out.
package struct Timetable: Sendable, Equatable {
    private let cron: CronExpression
    private let zone: TimeZoneRules
    private let times: [Int64]

    package init(_ cron: CronExpression, zone: TimeZoneRules) {
        self.cron = cron
        self.zone = zone
        times = cron.timesOfDay
    }

    /// Twice the longest time between two February 29ths on the same day of the week, days.
    private static let horizon: Int64 = 2 * 40 * 366

    /// The first time after a time, seconds since 1970; nil where none comes.
    package func next(after time: Int64) -> Int64? {
        let today = CivilDay(containing: time + zone.offset(at: time))
        var best: Int64?
        for number in (today.number - 1)...(today.number + Timetable.horizon) {
            let day = CivilDay(number: number)
            let last = best != nil
            if cron.matches(day), let found = first(on: day, after: time) { best = min(best ?? found, found) }
            // Clocks are set back over midnight: the day after may have an earlier one.
            if last { return best }
        }
        return best
    }

    private func first(on day: CivilDay, after time: Int64) -> Int64? {
        var best: Int64?
        for seconds in times {
            let found = instants(of: day.start + seconds).first { $0 > time }
            if let found { best = min(best ?? found, found) }
        }
        return best
    }

    private func instants(of local: Int64) -> [Int64] {
        let found = zone.instants(of: local)
        if cron.isByElapsedTime { return found }
        return [found.first ?? zone.firstInstant(after: local)]
    }
}
