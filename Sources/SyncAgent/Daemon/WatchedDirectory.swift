import DirectoryModel

/// One directory that is followed, and how that goes.
struct WatchedDirectory {
    let name: String
    /// Another one, with the secret as it is then, where a bind was refused and a run read the directory since.
    private(set) var follower: any DirectoryFollower
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

    init(name: String, follower: any DirectoryFollower) {
        self.name = name
        self.follower = follower
    }

    /// Whether it is time to begin; what was refused is not tried again.
    func mayBegin(at now: Int64) -> Bool {
        !isFollowing && !isGivenUp && !follower.isRefused && beginning.mayTry(at: now)
    }

    /// Whether it is time to act on those who wait, which takes a bind.
    func mayAct(at now: Int64) -> Bool { !follower.isRefused && acting.mayTry(at: now) }

    /// Goes on with another follower, which has not begun yet.
    mutating func change(to new: any DirectoryFollower) {
        follower.pause()
        follower = new
        isFollowing = false
        beginning = FollowPace()
        acting = FollowPace()
    }
}
