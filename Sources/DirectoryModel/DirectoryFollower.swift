/// Follows one directory between runs and tells who seems to be disabled there now.
///
/// It is used by one thread at a time. What it tells is never more than a reason to look: whoever acts reads the entries by id.
/// Nothing follows from what it does not tell.
package protocol DirectoryFollower: AnyObject {
    /// Name of the directory as configured.
    var directory: String { get }

    /// Whether no server is asked any more, since the bind was refused: another follower may go on, with the secret as it is then.
    var isRefused: Bool { get }

    /// Begins, or goes on after a loss, where it was; the first time where the last applied run was, as that run's stamp tells.
    func start(since stamp: DirectoryStamp?) -> FollowerStart

    /// Waits for something to tell, for at most so long; returns early when there is.
    ///
    /// `now` is the time by which accounts have ended or not, seconds since 1970.
    func watch(for wait: Duration, now: Int64) -> FollowerNews

    /// Reads people by id, as a pull reads them; whoever is not in the answer is not among the people that a pull would find.
    func read(_ ids: [ImmutableID], now: Int64) throws(PullFailure) -> [ImmutableID: PersonState]

    /// Ends connections; `start` goes on.
    func pause()
}

/// How following began.
package enum FollowerStart: Sendable, Equatable {
    /// Everything that happens is told.
    case following
    /// Everything from now on is told; what happened since the last run is not known, for this reason, one sentence.
    case fromNow(String)
    /// This directory cannot be followed, for this reason, one sentence.
    case impossible(String)
    case failed(PullFailure)
}

/// What following has to tell.
package enum FollowerNews: Sendable, Equatable {
    case quiet
    /// People whose entries changed, or may have, and say that they are disabled.
    case disabled(Set<ImmutableID>)
    /// The connection is lost; `start` goes on where it was.
    case lost(PullFailure)
    /// What happened meanwhile is not known, for this reason, one sentence: only a full run tells.
    case gap(String)
}
