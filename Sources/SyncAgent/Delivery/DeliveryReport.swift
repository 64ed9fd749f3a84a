package import Reconciliation

/// What one round of delivery came to.
package struct DeliveryReport: Sendable, Equatable {
    /// A message that was not acknowledged.
    package struct Failure: Sendable, Equatable {
        package var number: Int64
        package var label: String
        package var isDead: Bool
        package var problem: String

        package init(number: Int64, label: String, isDead: Bool, problem: String) {
            self.number = number
            self.label = label
            self.isDead = isDead
            self.problem = problem
        }
    }

    package var delivered: Int
    package var failures: [Failure]
    /// What still waits after the round, dead letters not counted.
    package var waiting: Int
    /// Messages that are given up until a human acts.
    package var dead: Int
    /// Why the round itself could not go on; empty where it could.
    package var problem: String

    /// What still waits although it is old or takes a sign-in away, by target.
    package var late: [OutboxBacklog] = []
    /// Whether the round ended because its time was up.
    package var isCut = false
    /// When the next of what waits may be tried, where this round left something for later; nil otherwise.
    package var nextTry: Int64?

    package init(
        delivered: Int = 0, failures: [Failure] = [], waiting: Int = 0, dead: Int = 0, problem: String = ""
    ) {
        self.delivered = delivered
        self.failures = failures
        self.waiting = waiting
        self.dead = dead
        self.problem = problem
    }

    /// Minutes after which a round leaves the rest to the next.
    package static let longestMinutes = DeliveryRound.longest / 60

    /// Whether a human has to look.
    package var isLoud: Bool { dead > 0 || !problem.isEmpty || !late.isEmpty }

    /// Whether there is anything to say.
    package var isQuiet: Bool { failures.isEmpty && !isLoud && !isCut }
}
