/// When runs are due, how long each waits by chance, and how one that failed is tried again: all in seconds.
package struct RunSchedule: Sendable, Equatable {
    package var timetable: Timetable
    /// The longest wait by chance.
    package var jitter: Int64
    /// The longest pause between attempts, and how long attempts go on.
    package var retryEvery: Int64
    package var retryFor: Int64
    /// The pause between runs that read only what changed; nil where there are none.
    package var changesEvery: Int64?
    /// Differs from machine to machine and stays the same on each: so a new start changes no wait.
    package var seed: UInt64

    package init(
        timetable: Timetable, jitter: Int64, retryEvery: Int64, retryFor: Int64, seed: UInt64,
        changesEvery: Int64? = nil
    ) {
        self.timetable = timetable
        self.jitter = jitter
        self.retryEvery = retryEvery
        self.retryFor = retryFor
        self.seed = seed
        self.changesEvery = changesEvery
    }

    /// How long the run of a slot waits by chance.
    package func delay(of slot: Int64) -> Int64 {
        guard jitter > 0 else { return 0 }
        return Int64(RunSchedule.mixed(seed ^ UInt64(bitPattern: slot)) % UInt64(jitter + 1))
    }

    /// The pause after so many attempts that failed: a minute, then twice as long each time, up to the longest.
    package func pause(after attempts: Int) -> Int64 {
        min(retryEvery, 60 << Int64(min(max(attempts, 1) - 1, 20)))
    }

    /// SplitMix64: every bit of the result depends on every bit of the number.
    private static func mixed(_ number: UInt64) -> UInt64 {
        var mixed = number &+ 0x9e37_79b9_7f4a_7c15
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
