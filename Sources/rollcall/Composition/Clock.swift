import Diagnostics
import Glibc
import SyncAgent

/// What time it is: the one place that asks.
///
/// For tests `ROLLCALL_NOW`, seconds since 1970, stands in for the clock; what was decided under it is recorded with that time.
enum Clock {
    /// Up to the year 9999, which is as far as times can be written.
    private static let known: ClosedRange<Int64> = 0...253_402_300_799

    /// Throws when something stands in for the clock that is no time.
    static func check() throws(AgentFailure) {
        guard let text = Environment.value("ROLLCALL_NOW") else { return }
        guard let fixed = Int64(text), known.contains(fixed) else {
            throw AgentFailure(
                .usage, "`ROLLCALL_NOW` is `\(SafeText.escaped(text))`, which is not a time in seconds since 1970",
                hint: "unset it: only tests need it")
        }
    }

    @Sendable
    static func now() -> Int64 {
        if let fixed = Environment.value("ROLLCALL_NOW").flatMap({ Int64($0) }) { return fixed }
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec)
    }
}
