/// Messages about applied changes that wait to be delivered to a platform.
///
/// They are written in the transaction of the run and leave only when somebody acknowledged them, or a human dropped them.
package protocol Outbox: AnyObject {
    /// The first messages that may be sent now, in order; none of a user of whom an earlier one may not.
    func due(at now: Int64, most: Int) throws -> [OutboxMessage]

    /// Everything that waits, dead letters too, in order.
    func messages() throws -> [OutboxMessage]

    /// How many messages wait, and how many are given up.
    func counts() throws -> (waiting: Int, dead: Int)

    /// What waits for each target, dead letters not counted, sorted by target.
    func backlog() throws -> [OutboxBacklog]

    /// Takes out what was acknowledged and writes down what failed, in one transaction.
    func settle(delivered: [Int64], failed: [OutboxFailure]) throws

    /// Lets messages be sent again at once, with a clean slate; nil is all of them.
    ///
    /// Returns how many.
    func retry(_ message: Int64?) throws -> Int

    /// Takes a message out undelivered, and records the run that did so, in one transaction.
    ///
    /// Throws `RosterMoved` when it is not there any more.
    func drop(_ message: Int64, recording run: RunRecord) throws
}

/// One user's changes of one run, on their way to a platform.
package struct OutboxMessage: Sendable, Equatable {
    /// The roster's number: messages go out in this order.
    package var number: Int64
    /// The same however often the message is sent: what the receiver knows a repetition by.
    package var key: String
    package var target: String
    package var user: Int64
    /// Email, for display.
    package var label: String
    package var run: Int64
    /// Seconds since 1970.
    package var queued: Int64
    package var attempts: Int
    /// Not before then, seconds since 1970.
    package var nextTry: Int64
    /// Tried too often: waits for a human, and holds up the user's later messages.
    package var isDead: Bool
    /// Why the last attempt failed; empty before one did.
    package var problem: String
    /// One line of JSON without its end.
    package var body: [UInt8]

    package init(
        number: Int64, key: String, target: String, user: Int64, label: String, run: Int64, queued: Int64,
        attempts: Int = 0, nextTry: Int64 = 0, isDead: Bool = false, problem: String = "", body: [UInt8]
    ) {
        self.number = number
        self.key = key
        self.target = target
        self.user = user
        self.label = label
        self.run = run
        self.queued = queued
        self.attempts = attempts
        self.nextTry = nextTry
        self.isDead = isDead
        self.problem = problem
        self.body = body
    }
}

/// What waits to be delivered to one target.
package struct OutboxBacklog: Sendable, Equatable {
    package var target: String
    package var messages: Int
    /// When the oldest was queued, seconds since 1970.
    package var oldest: Int64
    /// Messages that take a sign-in away, and when the oldest of them was queued.
    package var suspensions: Int
    package var oldestSuspension: Int64?

    package init(
        target: String, messages: Int, oldest: Int64, suspensions: Int = 0, oldestSuspension: Int64? = nil
    ) {
        self.target = target
        self.messages = messages
        self.oldest = oldest
        self.suspensions = suspensions
        self.oldestSuspension = oldestSuspension
    }

    /// What a body has in it that tells of a suspension; nothing in a text can look like it, since quotes are escaped there.
    package static let suspensionMark = "\"kind\":\"suspend\""

    /// Seconds after which it is told that something waits.
    package static let patience: Int64 = 6 * 3600

    /// Whether a human has to know: somebody could still sign in, or it has been waiting for hours.
    package func isLate(at now: Int64) -> Bool { suspensions > 0 || age(at: now) >= OutboxBacklog.patience }

    /// How long the oldest of it has been waiting, seconds.
    package func age(at now: Int64) -> Int64 { now.subtractingReportingOverflow(oldest).partialValue }
}

/// An attempt that failed.
package struct OutboxFailure: Sendable, Equatable {
    package var number: Int64
    package var attempts: Int
    package var nextTry: Int64
    package var isDead: Bool
    package var problem: String

    package init(number: Int64, attempts: Int, nextTry: Int64, isDead: Bool, problem: String) {
        self.number = number
        self.attempts = attempts
        self.nextTry = nextTry
        self.isDead = isDead
        self.problem = problem
    }
}

/// When a message is tried again.
package enum DeliveryPace {
    /// After so many failed attempts a message is dead.
    package static let mostAttempts = 10
    private static let first: Int64 = 60
    private static let longest: Int64 = 6 * 3600

    /// Doubles from a minute to six hours, and up to a quarter more by the message's key, so that not all come back at once.
    package static func delay(after attempts: Int, key: String) -> Int64 {
        let doubled = first << Int64(min(max(attempts, 1) - 1, 10))
        let delay = min(doubled, longest)
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return delay + Int64((hash >> 16) % UInt64(delay / 4 + 1))
    }

    /// What becomes of a message after one more failed attempt.
    package static func failure(of message: OutboxMessage, problem: String, now: Int64) -> OutboxFailure {
        let attempts = message.attempts + 1
        return OutboxFailure(
            number: message.number, attempts: attempts, nextTry: now + delay(after: attempts, key: message.key),
            isDead: attempts >= mostAttempts, problem: problem)
    }
}
