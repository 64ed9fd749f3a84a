/// Decides what the daemon does next, from what is due, what became of earlier runs, and what was asked of it: no clock, no waiting.
///
/// It goes by the state and not by events: a slot is due as long as no run that started after it went well, whoever ran it. So a machine that
/// slept, a daemon that was not there and a run that failed are one and the same case.
package struct DaemonState: Sendable, Equatable {
    /// Why a run is made.
    package enum Occasion: Sendable, Equatable {
        /// Its time has come.
        case scheduled(slot: Int64)
        /// Its time passed while nobody was there to run it.
        case missed(slot: Int64)
        /// An earlier attempt failed.
        case again(attempt: Int)
        /// Following lost its place; the reason, one sentence.
        case early(String)
        /// Time has passed since directories were asked what changed.
        case between
    }

    package enum Action: Sendable, Equatable {
        case stop
        case reload
        case run(Occasion)
        /// A message that did not get through may be sent again.
        case deliver
        /// Until then nothing is due; nil where nothing ever will be.
        case wait(until: Int64?)
    }

    /// How a run ended, as far as it matters for what comes next.
    package enum Ending: Sendable, Equatable {
        /// It is done, or a human has to look: the next one is the next slot's.
        case settled
        /// The directory could not be read, or not all of it: worth another attempt.
        case unread
        /// A bind was refused, and nothing was read: nobody is asked again before the next slot, unless with another secret.
        case refused
        /// Another run was at work.
        case busy
    }

    /// Attempts for one slot.
    private struct Attempts: Sendable, Equatable {
        var first: Int64
        var count: Int
        var next: Int64
    }

    /// A run that following asked for, not before a time.
    private struct Early: Sendable, Equatable {
        var reason: String
        var from: Int64
    }

    package private(set) var schedule: RunSchedule
    /// Slots up to here need no run any more.
    package private(set) var settledUntil: Int64
    private var attempts: Attempts?
    private var early: Early?
    /// When the last run started that read only what changed, or when it was to be tried again.
    private var changesRead: Int64?
    /// When a message that did not get through is due; nil where none waits.
    private var delivery: Int64?
    /// Whether the last run ended with a refused bind.
    package private(set) var isRefused = false
    private var isStopping = false
    private var isReloading = false

    /// A slot that is later than this by so much was missed, and not only waited for.
    private static let late: Int64 = 60
    /// How long a run that found another at work waits.
    private static let busyPause: Int64 = 20
    /// A clock that is so far behind the last run was set back.
    private static let setBack: Int64 = 3600

    /// `last` is when the last run that went well started; where there was none, nothing was missed before `now`.
    package init(_ schedule: RunSchedule, last: Int64?, now: Int64) {
        self.schedule = schedule
        settledUntil = last ?? now
    }

    // MARK: What is next

    package mutating func next(now: Int64) -> Action {
        if isStopping { return .stop }
        if isReloading {
            isReloading = false
            return .reload
        }
        if settledUntil > now + DaemonState.setBack { settledUntil = now }
        if let read = changesRead, read > now + DaemonState.setBack { changesRead = now }
        let slot = schedule.timetable.next(after: settledUntil)
        if let attempts {
            let isOver = slot.map { newer(than: $0, now) } ?? true
            if !isOver {
                if attempts.next <= now { return .run(.again(attempt: attempts.count + 1)) }
                if let delivery, delivery <= now { return .deliver }
                return .wait(until: min(attempts.next, delivery ?? attempts.next))
            }
            self.attempts = nil
        }
        let due = slot.map { $0 + schedule.delay(of: $0) }
        if let slot, let due, due <= now {
            return .run(now - due > DaemonState.late ? .missed(slot: slot) : .scheduled(slot: slot))
        }
        // A slot that has come and only waits by chance reads everything in a moment.
        if slot.map({ $0 > now }) ?? true {
            if let early, early.from <= now { return .run(.early(early.reason)) }
            if let between, between <= now { return .run(.between) }
        }
        if let delivery, delivery <= now { return .deliver }
        return .wait(until: [due, early?.from, between, delivery].compactMap { $0 }.filter { $0 > now }.min())
    }

    /// When directories are to be asked next what changed; nil where that is not wanted.
    private var between: Int64? {
        schedule.changesEvery.map { max(settledUntil, changesRead ?? settledUntil) + $0 }
    }

    /// When the last run started that went well, whatever it read.
    package var lastRead: Int64 { max(settledUntil, changesRead ?? settledUntil) }

    /// Whether, while a slot is tried again, the one after it has come.
    private func newer(than slot: Int64, _ now: Int64) -> Bool {
        guard let attempts, let next = schedule.timetable.next(after: max(slot, attempts.first)) else { return false }
        return next + schedule.delay(of: next) <= now
    }

    /// When the next run is due that nothing but the clock asks for; nil where none ever is.
    package func nextDue(after now: Int64) -> Int64? {
        for start in [settledUntil, max(now, settledUntil)] {
            guard let slot = schedule.timetable.next(after: start) else { return nil }
            let due = slot + schedule.delay(of: slot)
            if due > now { return [due, between.flatMap { $0 > now ? $0 : nil }].compactMap { $0 }.min() }
        }
        return nil
    }

    // MARK: What happened

    /// A run, of this program or another, that started then went well.
    package mutating func saw(runStartedAt time: Int64) {
        guard time > settledUntil else { return }
        settledUntil = time
        if let attempts, time >= attempts.first { self.attempts = nil }
        if early.map({ time >= $0.from }) == true { early = nil }
    }

    /// A run ended that read everything.
    package mutating func ended(_ ending: Ending, started: Int64, now: Int64) {
        if ending != .busy { isRefused = ending == .refused }
        switch ending {
        case .settled:
            attempts = nil
            early = nil
            settledUntil = max(settledUntil, started)
        case .refused:
            attempts = nil
            early?.from = now + schedule.retryEvery
            settledUntil = max(settledUntil, started)
        case .unread: failed(started, now)
        case .busy:
            let next = now + DaemonState.busyPause
            if attempts != nil {
                attempts?.next = next
            } else if hasSlot(at: started) {
                attempts = Attempts(first: started, count: 0, next: next)
            } else {
                early?.from = next
            }
        }
    }

    /// A run ended that was to read only what changed: it settles no slot, whose whole reading is the proof that nobody is missed.
    ///
    /// One that failed is made again when the next one is due.
    package mutating func endedChanges(_ ending: Ending, started: Int64, now: Int64) {
        if ending != .busy { isRefused = ending == .refused }
        switch ending {
        case .settled:
            early = nil
            changesRead = started
        case .unread, .refused:
            early?.from = now + schedule.retryEvery
            changesRead = started
        case .busy:
            early?.from = now + DaemonState.busyPause
            if let every = schedule.changesEvery { changesRead = now + DaemonState.busyPause - every }
        }
    }

    private mutating func failed(_ started: Int64, _ now: Int64) {
        let (first, count) = (attempts?.first ?? started, (attempts?.count ?? 0) + 1)
        let next = now + schedule.pause(after: count)
        let isForSlot = attempts != nil || hasSlot(at: started)
        guard isForSlot else {
            early?.from = now + schedule.retryEvery
            return
        }
        if next - first <= schedule.retryFor {
            attempts = Attempts(first: first, count: count, next: next)
        } else {
            attempts = nil
            settledUntil = max(settledUntil, started)
        }
    }

    private func hasSlot(at time: Int64) -> Bool {
        schedule.timetable.next(after: settledUntil).map { $0 <= time } ?? false
    }

    /// How many attempts failed for the slot that is due; 0 where none did.
    package var failedAttempts: Int { attempts?.count ?? 0 }

    // MARK: What was asked

    package mutating func askToStop() { isStopping = true }
    package mutating func askToReload() { isReloading = true }

    /// Following cannot tell what changed: a full run is needed, not later than at this time.
    package mutating func askForRun(_ reason: String, from: Int64) {
        if early.map({ $0.from <= from }) ?? false { return }
        early = Early(reason: reason, from: from)
    }

    /// When a message that did not get through may be sent again; nil where none waits.
    package mutating func awaitDelivery(at time: Int64?) { delivery = time }

    /// Another configuration; what is due follows its schedule from now on, and nothing that it would have had before counts as missed.
    package mutating func change(_ schedule: RunSchedule, now: Int64) {
        guard schedule != self.schedule else { return }
        let hadSlot = hasSlot(at: now)
        self.schedule = schedule
        if !hadSlot { settledUntil = max(settledUntil, now) }
    }
}
