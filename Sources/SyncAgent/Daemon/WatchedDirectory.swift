import DirectoryModel

/// One directory that is followed, and how that goes.
struct WatchedDirectory {
    let name: String
    let follower: any DirectoryFollower
    /// Whether its server tells what happens.
    var isFollowing = false
    /// Whether it was given up: the directory cannot be followed.
    var isGivenUp = false
    /// When to try again to begin.
    var beginning = FollowPace()
    /// How it began, until that is said.
    var beginningWords: String?
    /// People who seem to be disabled and were not acted on yet.
    var pending: Set<ImmutableID> = []
    /// When to try again to act.
    var acting = FollowPace()
    /// Whether it was said that another run is at work.
    var isWaitingForLock = false
    /// What was last said to be wrong, so that it is said once.
    var lastTrouble = ""
}
