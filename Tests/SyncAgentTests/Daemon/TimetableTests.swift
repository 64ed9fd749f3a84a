import Foundation
import TestSupport
import Testing

@testable import SyncAgent

/// When a schedule comes next, over every kind of change of clocks.
struct TimetableTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var cron: String
        var rule: String
        var after: String
        var next: [String]

        init(_ cron: String, _ rule: String, _ after: String, _ next: String...) {
            self.cron = cron
            self.rule = rule
            self.after = after
            self.next = next
        }

        var testDescription: String { "\(cron) in \(rule) after \(after)" }
    }

    @Test(arguments: [
        Case("15 2 * * *", "UTC0", "2026-11-21T02:14Z", "2026-11-21T02:15Z", "2026-11-22T02:15Z"),
        Case("15 2 * * *", "UTC0", "2026-11-21T02:15Z", "2026-11-22T02:15Z"),
        Case("15 2 * * *", ZoneBytes.berlin, "2026-11-20T12:00Z", "2026-11-21T01:15Z", "2026-11-22T01:15Z"),
        // 02:15 is left out on March 29th: the run comes right after the gap, and once.
        Case(
            "15 2 * * *", ZoneBytes.berlin, "2026-03-28T12:00Z", "2026-03-29T01:00Z", "2026-03-30T00:15Z"),
        Case("0,30 2 * * *", ZoneBytes.berlin, "2026-03-28T12:00Z", "2026-03-29T01:00Z", "2026-03-30T00:00Z"),
        // 02:15 comes twice on October 25th, and the run once.
        Case("15 2 * * *", ZoneBytes.berlin, "2026-10-24T12:00Z", "2026-10-25T00:15Z", "2026-10-26T01:15Z"),
        Case("15 2 * * *", ZoneBytes.berlin, "2026-10-25T00:15Z", "2026-10-26T01:15Z"),
        // By the hour the time counts that passes.
        Case(
            "30 * * * *", ZoneBytes.berlin, "2026-03-29T00:00Z", "2026-03-29T00:30Z", "2026-03-29T01:30Z"),
        Case(
            "30 * * * *", ZoneBytes.berlin, "2026-10-25T00:00Z", "2026-10-25T00:30Z", "2026-10-25T01:30Z",
            "2026-10-25T02:30Z"),
        Case("*/20 2 * * *", ZoneBytes.berlin, "2026-03-28T12:00Z", "2026-03-30T00:00Z"),
        Case(
            "*/30 2 * * *", ZoneBytes.berlin, "2026-10-24T12:00Z", "2026-10-25T00:00Z", "2026-10-25T00:30Z",
            "2026-10-25T01:00Z", "2026-10-25T01:30Z", "2026-10-26T01:00Z"),
        Case("30 2 * * *", ZoneBytes.newYork, "2026-03-07T12:00Z", "2026-03-08T07:00Z", "2026-03-09T06:30Z"),
        Case("30 1 * * *", ZoneBytes.newYork, "2026-10-31T12:00Z", "2026-11-01T05:30Z", "2026-11-02T06:30Z"),
        Case("15 2 * * *", ZoneBytes.sydney, "2026-04-04T00:00Z", "2026-04-04T15:15Z", "2026-04-05T16:15Z"),
        Case("15 2 * * *", ZoneBytes.sydney, "2026-10-02T20:00Z", "2026-10-03T16:00Z", "2026-10-04T15:15Z"),
        // Half an hour only.
        Case("15 2 * * *", ZoneBytes.lordHowe, "2026-10-03T00:00Z", "2026-10-03T15:30Z", "2026-10-04T15:15Z"),
        Case("45 1 * * *", ZoneBytes.lordHowe, "2026-04-04T00:00Z", "2026-04-04T14:45Z", "2026-04-05T15:15Z"),
        // Midnight itself is left out, or comes twice.
        Case("0 0 * * *", ZoneBytes.havana, "2026-03-07T12:00Z", "2026-03-08T05:00Z", "2026-03-09T04:00Z"),
        Case("0 0 * * *", ZoneBytes.havana, "2026-10-31T12:00Z", "2026-11-01T04:00Z", "2026-11-02T05:00Z"),
        Case("10 0 * * *", ZoneBytes.saoPauloOfOld, "2026-10-17T12:00Z", "2026-10-18T03:00Z", "2026-10-19T02:10Z"),
        Case("30 23 * * *", ZoneBytes.saoPauloOfOld, "2026-02-14T12:00Z", "2026-02-15T01:30Z", "2026-02-16T02:30Z"),
        Case("30 1 * * *", ZoneBytes.dublin, "2026-03-28T12:00Z", "2026-03-29T01:00Z", "2026-03-30T00:30Z"),
        Case("30 23 * * *", ZoneBytes.nuuk, "2026-03-27T12:00Z", "2026-03-28T01:30Z", "2026-03-29T01:00Z"),
        // Days: either of day and weekday where both are given, both where one begins with a star.
        Case("0 4 13 * 5", "UTC0", "2026-11-07T00:00Z", "2026-11-13T04:00Z", "2026-11-20T04:00Z"),
        Case("0 4 1 * 1", "UTC0", "2026-11-24T00:00Z", "2026-11-30T04:00Z", "2026-12-01T04:00Z"),
        Case("0 4 */2 * 1", "UTC0", "2026-11-21T00:00Z", "2026-11-23T04:00Z", "2026-12-07T04:00Z"),
        Case("0 4 * * 7", "UTC0", "2026-11-21T05:00Z", "2026-11-22T04:00Z", "2026-11-29T04:00Z"),
        Case("0 4 * * 0", "UTC0", "2026-11-21T05:00Z", "2026-11-22T04:00Z"),
        Case("0 0 29 2 *", "UTC0", "2026-11-21T00:00Z", "2028-02-29T00:00Z", "2032-02-29T00:00Z"),
        Case("0 0 29 2 *", "UTC0", "2096-11-21T00:00Z", "2104-02-29T00:00Z"),
        Case("0 0 29 2 */7", "UTC0", "2026-11-21T00:00Z", "2032-02-29T00:00Z", "2060-02-29T00:00Z"),
        Case(
            "5/20 3 * * *", "UTC0", "2026-11-21T03:00Z", "2026-11-21T03:05Z", "2026-11-21T03:25Z", "2026-11-21T03:45Z"),
        Case(
            "0 8-18/5 * 1,7 1-5", "UTC0", "2026-11-21T00:00Z", "2027-01-01T08:00Z", "2027-01-01T13:00Z",
            "2027-01-01T18:00Z"),
    ])
    func nextTimes(_ example: Case) throws {
        let cron = try #require(CronExpression(example.cron))
        let timetable = Timetable(cron, zone: ZoneBytes.rules(example.rule))
        var time = ZoneBytes.time(example.after)
        for expected in example.next {
            time = try #require(timetable.next(after: time))
            #expect(TimeText.text(time) == expected)
        }
    }

    /// February 30th, and June 31st.
    @Test(arguments: ["0 0 30 2 *", "0 0 31 2,4,6,9,11 *", "0 0 30,31 2 */3"])
    func daysThatNeverComeAreKnown(_ text: String) throws {
        let cron = try #require(CronExpression(text))
        #expect(!cron.comes)
        #expect(Timetable(cron, zone: .utc).next(after: 0) == nil)
    }

    @Test(arguments: ["0 0 31 4 1", "0 0 29 2 *", "* * * * *", "0 0 31 1,2 *"])
    func daysThatComeAreKnown(_ text: String) throws {
        #expect(try #require(CronExpression(text)).comes)
    }

    @Test(arguments: ["", "1 2 3 4", "60 * * * *", "* 24 * * *", "* * 0 * *", "a * * * *", "1-0 * * * *"])
    func wrongExpressionsAreNone(_ text: String) { #expect(CronExpression(text) == nil) }

    /// A year of a fixed time is as many runs as days, whatever is done to the clock, and none comes twice.
    @Test(arguments: [
        ZoneBytes.berlin, ZoneBytes.newYork, ZoneBytes.sydney, ZoneBytes.lordHowe, ZoneBytes.havana,
        ZoneBytes.saoPauloOfOld, ZoneBytes.dublin, ZoneBytes.nuuk, "UTC0",
    ])
    func everyDayHasOneRun(_ rule: String) throws {
        var random = SeededNumbers(seed: 7)
        let zone = ZoneBytes.rules(rule)
        for _ in 0..<40 {
            let (minute, hour) = (Int.random(in: 0...59, using: &random), Int.random(in: 0...23, using: &random))
            let cron = try #require(CronExpression("\(minute) \(hour) * * *"))
            let timetable = Timetable(cron, zone: zone)
            var time = ZoneBytes.time("2026-01-10T12:00Z")
            let end = time + 365 * 86_400
            var count = 0
            while let next = timetable.next(after: time), next <= end {
                #expect(next > time)
                if count > 0 { #expect(next - time > 20 * 3600, "\(hour):\(minute) after \(TimeText.text(time))") }
                time = next
                count += 1
            }
            #expect(count == 365, "\(hour):\(minute)")
        }
    }

    /// The next time after a moment is the next after every moment before it.
    @Test func nextIsTheSmallestLaterTime() throws {
        let fields = ["*", "*/7", "3", "1-5", "0,30", "2,3"]
        for seed in UInt64(0)..<200 {
            var random = SeededNumbers(seed: seed)
            let minute = ["0", "15", "*/20", "*", "59"].randomElement(using: &random) ?? "0"
            let hour = ["2", "*", "1-3", "0", "23"].randomElement(using: &random) ?? "2"
            let day = ["*", "*/7", "3", "1-5"].randomElement(using: &random) ?? "*"
            let week = ["*", "1-5", "0", "*/2"].randomElement(using: &random) ?? "*"
            let zone = ZoneBytes.rules(
                [ZoneBytes.berlin, ZoneBytes.havana, ZoneBytes.lordHowe].randomElement(using: &random) ?? "UTC0")
            let cron = try #require(CronExpression("\(minute) \(hour) \(day) * \(week)"), "seed \(seed) \(fields)")
            let timetable = Timetable(cron, zone: zone)
            let start = ZoneBytes.time("2026-03-01T00:00Z") + Int64.random(in: 0..<(300 * 86_400), using: &random)
            let next = try #require(timetable.next(after: start))
            let between = Int64.random(in: start..<next, using: &random)
            #expect(timetable.next(after: between) == next, "seed \(seed)")
        }
    }
}
