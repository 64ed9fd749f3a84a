package import DirectoryModel

/// Somebody of whom the directory itself said, between two runs, that the account is disabled.
package struct DisabledPerson: Sendable, Equatable {
    package var key: PersonKey
    /// What says so.
    package var state: PersonState

    package init(key: PersonKey, state: PersonState) {
        self.key = key
        self.state = state
    }
}

/// What a plan of a follower goes by besides the roster.
package struct FollowedMoment: Sendable {
    /// Seconds since 1970.
    package var now: Int64
    /// Number of the run that would apply the plan.
    package var run: Int64
    /// For each directory that has one the attribute that says an account is disabled.
    package var disabledBy: [String: String]

    package init(now: Int64, run: Int64, disabledBy: [String: String] = [:]) {
        self.now = now
        self.run = run
        self.disabledBy = disabledBy
    }
}

/// Why a target is left to the scheduled runs.
package enum UnfollowedTarget: String, Sendable, Equatable {
    case observed = "it is only observed"
    case pilot = "it is a pilot, and only a run tells who takes part"
    case paused = "it pauses since an undo"
    case neverRun = "no run was applied to it yet"
    case protectEdited = "`protect` was edited since the last run"
}
