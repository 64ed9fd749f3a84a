/// How a reading of changes ended.
package enum IncrementalOutcome: Sendable {
    /// Everything that changed since the position.
    case changes(IncrementalPull)
    /// Nothing can be said with certainty but by reading everything; the reason, as one sentence without its period.
    case fullPullNeeded(String)
    case failed(PullFailure)
}

/// Everything that changed in one directory since the position of the last run.
///
/// Whoever is not in it did not change, as far as the server tells; that somebody is gone is in it only where a read by id found nobody,
/// while the same read found somebody known to be there.
package struct IncrementalPull: Sendable {
    package var delta: MirrorDelta
    /// The delta as changes of the mirror's rows, worked out against `IncrementalRequest.mirror`.
    package var changes: MirrorRowChanges
    /// What became of the people who were removed: for each the finding that proves it.
    package var absences: [ImmutableID: AbsenceFinding]
    /// Where the next run goes on, once the delta is applied.
    package var position: SyncPosition
    package var stamp: DirectoryStamp

    package init(
        delta: MirrorDelta, changes: MirrorRowChanges, absences: [ImmutableID: AbsenceFinding] = [:],
        position: SyncPosition, stamp: DirectoryStamp
    ) {
        self.delta = delta
        self.changes = changes
        self.absences = absences
        self.position = position
        self.stamp = stamp
    }
}

/// What a reading of changes starts from.
package struct IncrementalRequest {
    package var pull: PullRequest
    package var position: SyncPosition
    /// The mirror that the position belongs to.
    package var mirror: any MirrorLookup

    package init(pull: PullRequest, position: SyncPosition, mirror: any MirrorLookup) {
        self.pull = pull
        self.position = position
        self.mirror = mirror
    }
}

extension DirectorySource {
    package func pullChanges(
        _ request: IncrementalRequest, progress: (PullProgress) -> Void
    ) -> IncrementalOutcome {
        .fullPullNeeded("this kind of directory does not tell what changed")
    }
}
