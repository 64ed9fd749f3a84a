import Glibc

/// What time it is: the one place that asks.
///
/// For tests `ROLLCALL_NOW`, seconds since 1970, stands in for the clock; what was decided under it is recorded with that time.
enum Clock {
    @Sendable
    static func now() -> Int64 {
        if let fixed = Environment.value("ROLLCALL_NOW").flatMap({ Int64($0) }) { return fixed }
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec)
    }
}
