/// When to try again what failed while following: soon at first, then less and less often; in milliseconds of a clock that only goes forward.
package struct FollowPace: Sendable, Equatable {
    private var failures = 0
    /// When it last went well at first.
    private var began: Int64?
    private(set) var next: Int64 = 0

    package init() {}

    /// The longest pause.
    private static let longest: Int64 = 60_000

    package func mayTry(at now: Int64) -> Bool { now >= next }

    package mutating func failed(at now: Int64, first pause: Int64 = 1_000) {
        if let began, now - began >= FollowPace.longest { failures = 0 }
        began = nil
        next = now + min(FollowPace.longest, pause << Int64(min(failures, 10)))
        failures += 1
    }

    package mutating func succeeded() {
        failures = 0
        next = 0
    }

    /// It goes well so far; it has done so once that lasts for longer than any pause.
    package mutating func began(at now: Int64) { began = now }
}
