import TestSupport
import Testing

@testable import SyncAgent

/// What the daemon does next.
struct DaemonStateTests {
    /// Every day at 02:15 UTC.
    private static func schedule(
        jitter: Int64 = 0, cron: String = "15 2 * * *", changesEvery: Int64? = nil
    ) throws -> RunSchedule {
        let expression = try #require(CronExpression(cron))
        return RunSchedule(
            timetable: Timetable(expression, zone: .utc), jitter: jitter, retryEvery: 900, retryFor: 4 * 3600, seed: 1,
            changesEvery: changesEvery)
    }

    private func at(_ text: String) -> Int64 { ZoneBytes.time(text) }

    @Test func runComesAtItsTime() throws {
        var state = DaemonState(try Self.schedule(), last: nil, now: at("2026-11-20T12:00Z"))
        let slot = at("2026-11-21T02:15Z")
        #expect(state.next(now: at("2026-11-20T12:00Z")) == .wait(until: slot))
        #expect(state.next(now: slot - 1) == .wait(until: slot))
        #expect(state.next(now: slot) == .run(.scheduled(slot: slot)))
        state.ended(.settled, started: slot, now: slot + 30)
        #expect(state.next(now: slot + 30) == .wait(until: slot + 86_400))
    }

    @Test func missedRunIsMadeUpForOnce() throws {
        let last = at("2026-11-18T02:15Z")
        let now = at("2026-11-21T09:00Z")
        var state = DaemonState(try Self.schedule(), last: last, now: now)
        #expect(state.next(now: now) == .run(.missed(slot: at("2026-11-19T02:15Z"))))
        state.ended(.settled, started: now, now: now + 60)
        #expect(state.next(now: now + 60) == .wait(until: at("2026-11-22T02:15Z")))
    }

    @Test func nothingWasMissedBeforeTheFirstRun() throws {
        let now = at("2026-11-21T09:00Z")
        var state = DaemonState(try Self.schedule(), last: nil, now: now)
        #expect(state.next(now: now) == .wait(until: at("2026-11-22T02:15Z")))
    }

    /// The machine slept over the time: what was awaited is due when it wakes.
    @Test func wakingUpLateRuns() throws {
        var state = DaemonState(try Self.schedule(), last: nil, now: at("2026-11-20T12:00Z"))
        let slot = at("2026-11-21T02:15Z")
        #expect(state.next(now: slot + 6 * 3600) == .run(.missed(slot: slot)))
    }

    /// Cron, or a human, was faster.
    @Test func runOfSomebodyElseSettlesTheSlot() throws {
        let slot = at("2026-11-21T02:15Z")
        var state = DaemonState(try Self.schedule(), last: slot - 86_400, now: slot)
        state.saw(runStartedAt: slot + 2)
        #expect(state.next(now: slot + 5) == .wait(until: slot + 86_400))
        // One before the slot does not.
        var other = DaemonState(try Self.schedule(), last: slot - 86_400, now: slot)
        other.saw(runStartedAt: slot - 60)
        #expect(other.next(now: slot) == .run(.scheduled(slot: slot)))
    }

    @Test func failedPullIsTriedAgainSoonerAtFirst() throws {
        let slot = at("2026-11-21T02:15Z")
        var state = DaemonState(try Self.schedule(), last: nil, now: slot - 60)
        var now = slot
        var pauses: [Int64] = []
        #expect(state.next(now: now) == .run(.scheduled(slot: slot)))
        while now < slot + 5 * 3600 {
            state.ended(.unread, started: now, now: now)
            guard case .wait(let next?) = state.next(now: now) else { break }
            if next == slot + 86_400 { break }
            pauses.append(next - now)
            now = next
            #expect(state.next(now: now) == .run(.again(attempt: pauses.count + 1)))
        }
        #expect(pauses.prefix(6) == [60, 120, 240, 480, 900, 900])
        #expect(pauses.reduce(0, +) <= 4 * 3600)
        #expect(pauses.reduce(0, +) > 4 * 3600 - 900)
        #expect(state.next(now: now) == .wait(until: slot + 86_400))
    }

    @Test func successEndsTheAttempts() throws {
        let slot = at("2026-11-21T02:15Z")
        var state = DaemonState(try Self.schedule(), last: nil, now: slot - 60)
        state.ended(.unread, started: slot, now: slot)
        state.ended(.settled, started: slot + 60, now: slot + 90)
        #expect(state.next(now: slot + 90) == .wait(until: slot + 86_400))
        #expect(state.failedAttempts == 0)
    }

    @Test func runThatFoundAnotherAtWorkWaitsAMoment() throws {
        let slot = at("2026-11-21T02:15Z")
        var state = DaemonState(try Self.schedule(), last: nil, now: slot - 60)
        state.ended(.busy, started: slot, now: slot)
        #expect(state.next(now: slot + 1) == .wait(until: slot + 20))
        state.saw(runStartedAt: slot)
        #expect(state.next(now: slot + 20) == .wait(until: slot + 86_400))
    }

    /// While one night is still tried again, the next one comes.
    @Test func newSlotTakesThePlaceOfOldAttempts() throws {
        let schedule = try Self.schedule(cron: "0 * * * *")
        let slot = at("2026-11-21T02:00Z")
        var state = DaemonState(schedule, last: nil, now: slot - 60)
        var now = slot
        while now < slot + 3600 {
            state.ended(.unread, started: now, now: now)
            guard case .wait(let next?) = state.next(now: now) else { break }
            now = next
        }
        #expect(now >= slot + 3600)
        #expect(state.next(now: now) == .run(.missed(slot: slot)))
        state.ended(.settled, started: now, now: now)
        #expect(state.next(now: now) == .wait(until: slot + 7200))
    }

    @Test func reloadAndStopComeFirst() throws {
        let slot = at("2026-11-21T02:15Z")
        var state = DaemonState(try Self.schedule(), last: nil, now: slot - 60)
        state.askToReload()
        #expect(state.next(now: slot) == .reload)
        #expect(state.next(now: slot) == .run(.scheduled(slot: slot)))
        state.askToReload()
        state.askToStop()
        #expect(state.next(now: slot) == .stop)
        #expect(state.next(now: slot) == .stop)
    }

    @Test func runBeforeItsTimeIsMadeOnceAndNotBefore() throws {
        let now = at("2026-11-21T09:00Z")
        var state = DaemonState(try Self.schedule(), last: now - 60, now: now)
        state.askForRun("the position is lost", from: now + 840)
        #expect(state.next(now: now) == .wait(until: now + 840))
        #expect(state.next(now: now + 840) == .run(.early("the position is lost")))
        state.ended(.unread, started: now + 840, now: now + 850)
        #expect(state.next(now: now + 850) == .wait(until: now + 850 + 900))
        state.ended(.settled, started: now + 1750, now: now + 1760)
        #expect(state.next(now: now + 1760) == .wait(until: at("2026-11-22T02:15Z")))
    }

    @Test func scheduledRunIsTheEarlyOneToo() throws {
        let slot = at("2026-11-21T02:15Z")
        var state = DaemonState(try Self.schedule(), last: slot - 86_400, now: slot - 100)
        state.askForRun("the position is lost", from: slot + 500)
        state.ended(.settled, started: slot, now: slot + 20)
        #expect(state.next(now: slot + 600) == .wait(until: slot + 86_400))
    }

    /// What changed is asked for in even steps between the runs that read everything, and settles none of them.
    @Test func changesAreReadBetweenTheRuns() throws {
        let last = at("2026-11-21T02:15Z")
        let next = at("2026-11-22T02:15Z")
        var state = DaemonState(try Self.schedule(changesEvery: 6 * 3600), last: last, now: last)
        var now = last
        var between: [Int64] = []
        while now < next {
            guard case .wait(let until?) = state.next(now: now) else { return #expect(Bool(false), "nothing is due") }
            now = until
            guard case .run(.between) = state.next(now: now) else { break }
            between.append(now - last)
            state.endedChanges(.settled, started: now, now: now + 5)
            now += 5
        }
        #expect(between == [1, 2, 3].map { $0 * 6 * 3600 })
        #expect(now == next)
        #expect(state.next(now: next) == .run(.scheduled(slot: next)))
        state.ended(.settled, started: next, now: next + 60)
        #expect(state.next(now: next + 60) == .wait(until: next + 6 * 3600))
    }

    /// A slot whose time has come, and which only waits by chance, is not taken by a run that reads less.
    @Test func runOnChangesTakesNoSlot() throws {
        let slot = at("2026-11-21T02:15Z")
        let schedule = try Self.schedule(jitter: 300, changesEvery: 3600)
        let due = slot + schedule.delay(of: slot)
        try #require(due > slot + 1)
        var state = DaemonState(schedule, last: slot - 3700, now: slot - 3700)
        state.askForRun("the position is lost", from: slot)
        #expect(state.next(now: slot) == .wait(until: due))
        // The clock may pass it while such a run begins.
        var late = DaemonState(schedule, last: slot - 86_000, now: slot - 1)
        late.askForRun("the position is lost", from: slot - 10)
        #expect(late.next(now: slot - 1) == .run(.early("the position is lost")))
        late.endedChanges(.settled, started: slot, now: slot + 1)
        #expect(late.next(now: slot + 1) == .wait(until: due))
        #expect(late.next(now: due) == .run(.scheduled(slot: slot)))
    }

    @Test func runOnChangesThatFailsIsMadeWhenTheNextIsDue() throws {
        let last = at("2026-11-21T02:15Z")
        var state = DaemonState(try Self.schedule(changesEvery: 3600), last: last, now: last)
        let now = last + 3600
        #expect(state.next(now: now) == .run(.between))
        state.endedChanges(.unread, started: now, now: now + 30)
        #expect(state.next(now: now + 30) == .wait(until: now + 3600))
        #expect(state.next(now: now + 3600) == .run(.between))
        state.endedChanges(.busy, started: now + 3600, now: now + 3600)
        #expect(state.next(now: now + 3600) == .wait(until: now + 3620))
        #expect(state.next(now: now + 3620) == .run(.between))
    }

    /// The night's run is not made again, and what following asked for waits; the next night is a new one.
    @Test func refusedBindEndsTheSlot() throws {
        let slot = at("2026-11-21T02:15Z")
        var state = DaemonState(try Self.schedule(), last: slot - 86_400, now: slot - 60)
        state.askForRun("the position is lost", from: slot + 60)
        #expect(state.next(now: slot) == .run(.scheduled(slot: slot)))
        state.ended(.refused, started: slot, now: slot + 5)
        #expect(state.isRefused && state.failedAttempts == 0)
        #expect(state.next(now: slot + 5) == .wait(until: slot + 905))
        #expect(state.next(now: slot + 905) == .run(.early("the position is lost")))
        state.endedChanges(.refused, started: slot + 905, now: slot + 905)
        #expect(state.next(now: slot + 905) == .wait(until: slot + 1805))
        state.endedChanges(.busy, started: slot + 1805, now: slot + 1805)
        #expect(state.isRefused)
        #expect(state.next(now: slot + 86_400) == .run(.scheduled(slot: slot + 86_400)))
        state.ended(.settled, started: slot + 86_400, now: slot + 86_405)
        #expect(!state.isRefused)
        #expect(state.next(now: slot + 86_405) == .wait(until: slot + 2 * 86_400))
    }

    /// A refusal in an attempt that was made for another directory ends the attempts, and one on changes settles no slot.
    @Test func refusedBindIsForgottenWhenARunIsNotRefused() throws {
        let slot = at("2026-11-21T02:15Z")
        var state = DaemonState(try Self.schedule(changesEvery: 3600), last: nil, now: slot - 60)
        state.ended(.unread, started: slot, now: slot)
        state.ended(.refused, started: slot + 60, now: slot + 61)
        #expect(state.next(now: slot + 61) == .wait(until: slot + 60 + 3600))
        #expect(state.next(now: slot + 3660) == .run(.between))
        let settled = state.settledUntil
        state.endedChanges(.refused, started: slot + 3660, now: slot + 3661)
        #expect(state.isRefused && state.settledUntil == settled)
        #expect(state.next(now: slot + 3661) == .wait(until: slot + 7260))
        state.endedChanges(.settled, started: slot + 7260, now: slot + 7261)
        #expect(!state.isRefused)
    }

    @Test func messagesAreSentWhenTheirTimeHasComeAndNothingElseIsDue() throws {
        let slot = at("2026-11-21T02:15Z")
        var state = DaemonState(try Self.schedule(), last: nil, now: slot - 600)
        state.awaitDelivery(at: slot - 300)
        #expect(state.next(now: slot - 600) == .wait(until: slot - 300))
        #expect(state.next(now: slot - 300) == .deliver)
        #expect(state.next(now: slot) == .run(.scheduled(slot: slot)))
        // While a night is tried again, messages go out all the same.
        state.ended(.unread, started: slot, now: slot)
        #expect(state.next(now: slot + 1) == .deliver)
        state.awaitDelivery(at: nil)
        #expect(state.next(now: slot + 1) == .wait(until: slot + 60))
    }

    @Test func clockThatWasSetBackDoesNotStopTheRuns() throws {
        let far = at("2031-01-01T00:00Z")
        var state = DaemonState(try Self.schedule(), last: far, now: far)
        let now = at("2026-11-21T09:00Z")
        #expect(state.next(now: now) == .wait(until: at("2026-11-22T02:15Z")))
    }

    @Test func waitsByChanceStayWithinTheirLimitAndTheSameForASlot() throws {
        let schedule = try Self.schedule(jitter: 300)
        var seen: Set<Int64> = []
        for day in Int64(0)..<400 {
            let slot = at("2026-11-21T02:15Z") + day * 86_400
            let delay = schedule.delay(of: slot)
            #expect((0...300).contains(delay))
            #expect(delay == schedule.delay(of: slot))
            seen.insert(delay)
        }
        #expect(seen.count > 150)
        let slot = at("2026-11-21T02:15Z")
        var state = DaemonState(schedule, last: slot - 86_000, now: slot)
        let due = slot + schedule.delay(of: slot)
        #expect(state.next(now: due - 1) == .wait(until: due))
        #expect(state.next(now: due) == .run(.scheduled(slot: slot)))
    }

    @Test func anotherScheduleCountsFromNow() throws {
        let now = at("2026-11-21T09:00Z")
        var state = DaemonState(try Self.schedule(), last: at("2026-11-21T02:15Z"), now: now)
        state.change(try Self.schedule(cron: "0 8 * * *"), now: now)
        #expect(state.next(now: now) == .wait(until: at("2026-11-22T08:00Z")))
    }

    /// Whatever happens, the machine always knows what is next, never runs twice for a slot that went well, and lets none out that can be read.
    @Test func slotsAreSettledOnceWhateverHappens() throws {
        for seed in Figures.seeds(Figures.of(300, soak: 10_000)) {
            var random = SeededNumbers(seed: seed)
            let schedule = try Self.schedule(
                jitter: Int64.random(in: 0...600, using: &random), cron: "15 2 * * *",
                changesEvery: random.once(in: 2) ? Int64.random(in: 600...20_000, using: &random) : nil)
            var now = at("2026-11-20T12:00Z")
            var state = DaemonState(schedule, last: nil, now: now)
            var good: [Int64] = []
            let end = now + 30 * 86_400
            var steps = 0
            while now < end, steps < 20_000 {
                steps += 1
                switch state.next(now: now) {
                case .stop, .reload: break
                case .deliver: state.awaitDelivery(at: random.once(in: 2) ? nil : now + 60)
                case .wait(let until?):
                    #expect(until > now, "seed \(seed)")
                    // Whatever is waited for, it is not longer than until the slot that is next.
                    if state.failedAttempts == 0, let slot = schedule.timetable.next(after: state.settledUntil) {
                        #expect(until <= max(slot + schedule.delay(of: slot), now + 20), "seed \(seed)")
                    }
                    // Sometimes the machine sleeps over it.
                    now = random.once(in: 20) ? until + Int64.random(in: 0...200_000, using: &random) : until
                case .wait(nil): Issue.record("seed \(seed): nothing is ever due")
                case .run(let occasion):
                    let started = now
                    now += Int64.random(in: 1...300, using: &random)
                    let ending: DaemonState.Ending =
                        random.once(in: 3) ? .unread : random.once(in: 8) ? .busy : .settled
                    if occasion.reading == .changes {
                        let settled = state.settledUntil
                        state.endedChanges(ending, started: started, now: now)
                        #expect(state.settledUntil == settled, "seed \(seed): a run on changes took a slot")
                    } else {
                        if ending == .settled { good.append(started) }
                        state.ended(ending, started: started, now: now)
                    }
                    if random.once(in: 5) { state.awaitDelivery(at: now + 60) }
                    if random.once(in: 10) { state.askForRun("lost", from: now + 900) }
                }
            }
            #expect(steps < 20_000, "seed \(seed)")
            for (one, next) in zip(good, good.dropFirst()) {
                let slot = try #require(schedule.timetable.next(after: one))
                #expect(next >= slot, "seed \(seed): two runs for one slot")
            }
        }
    }
}
