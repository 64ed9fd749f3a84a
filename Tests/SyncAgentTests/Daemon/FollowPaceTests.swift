import Testing

@testable import SyncAgent

/// How often it is tried again to follow a directory.
struct FollowPaceTests {
    /// The pauses after failures, each so many milliseconds after it seemed to go well; nil where it never did.
    private func pauses(_ lasting: [Int64?]) -> [Int64] {
        var pace = FollowPace()
        var now: Int64 = 5_000_000
        return lasting.map { lasted in
            if let lasted {
                pace.began(at: now)
                now += lasted
            }
            pace.failed(at: now)
            let pause = pace.next - now
            #expect(!pace.mayTry(at: now + pause - 1) && pace.mayTry(at: now + pause))
            now += pause
            return pause
        }
    }

    @Test func pausesGrowToAMinute() {
        #expect(
            pauses(Array(repeating: nil, count: 9))
                == [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000])
    }

    /// A connection that comes about, and a search on it that does not go well.
    @Test func theyGrowWhereAFaultShowsOnlyInTheWatch() {
        #expect(pauses([0, 300, 1_500, 59_000, nil, 0]) == [1_000, 2_000, 4_000, 8_000, 16_000, 32_000])
    }

    @Test func whatWentWellForLongIsTriedAgainAtOnce() {
        #expect(pauses([nil, nil, nil, 60_000, 0, 3_600_000]) == [1_000, 2_000, 4_000, 1_000, 2_000, 1_000])
    }
}
