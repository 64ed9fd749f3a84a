/// How often a pull that broke off is started over, and after which pauses.
package struct RetrySettings: Sendable {
    /// Attempts in all.
    package var attempts: Int
    /// The pause after the first attempt; each further one is three times as long.
    package var pause: Duration
    /// A number from 0 up to 1: pauses last half to one and a half times as long, so that not everybody comes back at once.
    package var jitter: @Sendable () -> Double

    package init(
        attempts: Int = 3, pause: Duration = .seconds(2),
        jitter: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.attempts = attempts
        self.pause = pause
        self.jitter = jitter
    }

    /// The pause after an attempt, counted from 1.
    package func pause(after attempt: Int) -> Duration {
        var length = pause
        for _ in 1..<max(attempt, 1) { length *= 3 }
        return length * (0.5 + jitter())
    }
}
