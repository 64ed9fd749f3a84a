import Diagnostics
import Glibc
import SyncAgent

/// What time it is: the one place that asks.
///
/// For tests `ROLLCALL_NOW` stands in for the clock: seconds since 1970, which stay, or with `xN` behind them pass N times as fast from
/// there on. What was decided under it is recorded with that time.
enum Clock {
    /// Up to the year 9999, which is as far as times can be written.
    private static let known: ClosedRange<Int64> = 0...253_402_300_799

    /// A time that stands in for that of the machine.
    private struct StandIn {
        var start: Int64
        /// Seconds that pass in one; 0 for none.
        var speed: Int64

        init?(_ text: String) {
            let parts = text.utf8.split(separator: UInt8(ascii: "x"), omittingEmptySubsequences: false)
            guard let first = parts.first, let start = Int64(Substring(first)), Clock.known.contains(start) else {
                return nil
            }
            self.start = start
            speed = 0
            guard parts.count > 1 else { return }
            guard parts.count == 2, let speed = Int64(Substring(parts[1])), (1...100_000_000).contains(speed) else {
                return nil
            }
            self.speed = speed
        }
    }

    private static let standIn = Environment.value("ROLLCALL_NOW").flatMap { StandIn($0) }
    private static let began = time(CLOCK_MONOTONIC)

    /// Throws when something stands in for the clock that is no time.
    static func check() throws(AgentFailure) {
        _ = began
        guard let text = Environment.value("ROLLCALL_NOW"), standIn == nil else { return }
        throw AgentFailure(
            .usage, "`ROLLCALL_NOW` is `\(SafeText.escaped(text))`, which is not a time in seconds since 1970",
            hint: "unset it: only tests need it")
    }

    @Sendable
    static func now() -> Int64 {
        guard let standIn else { return time(CLOCK_REALTIME) / 1000 }
        guard standIn.speed > 0 else { return standIn.start }
        return min(standIn.start + (time(CLOCK_MONOTONIC) - began) * standIn.speed / 1000, known.upperBound)
    }

    /// Milliseconds.
    private static func time(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
