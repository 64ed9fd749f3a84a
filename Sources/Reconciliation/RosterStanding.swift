package import AccessModel

/// How many people and groups one directory had when it was last read whole.
package struct ReadCounts: Sendable, Equatable {
    package var people: Int
    package var groups: Int

    package init(people: Int = 0, groups: Int = 0) {
        self.people = people
        self.groups = groups
    }
}

/// How the roster stands, at a glance: numbers that are there already, so that asking costs the same for a million users as for ten.
package struct RosterStanding: Sendable, Equatable {
    /// One target that a run was applied to.
    package struct Target: Sendable, Equatable {
        package var name: String
        /// The undo since which it pauses; nil where it does not.
        package var pausedBy: Int64?
        /// Accounts by status, those of nobody included.
        package var users: [UserStatus: Int] = [:]
        /// Seat pools as the last applied run left them.
        package var seats: [LedgerRow] = []
        /// Places in line for a seat, and for the pace of invitations.
        package var waiting = 0
        package var waitingForPace = 0
        /// Since when the first waits for a seat, seconds since 1970.
        package var oldestWaiting: Int64?
        /// What the last applied run found.
        package var findings: [Finding] = []

        package init(name: String) { self.name = name }
    }
    /// Sorted by name.
    package var targets: [Target]
    /// Every acknowledgement, those that are over too.
    package var acknowledgements: [Acknowledgement] = []
    /// Messages that wait to be delivered, and those given up.
    package var undelivered = 0
    package var givenUp = 0
    package var backlog: [OutboxBacklog] = []
    package var deadLetters: [OutboxBacklog] = []

    package init(targets: [Target]) { self.targets = targets }

    package func target(_ name: String) -> Target? { targets.first { $0.name == name } }
}
