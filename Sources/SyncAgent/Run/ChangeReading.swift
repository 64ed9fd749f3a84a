import DirectoryModel
import Reconciliation

/// Reads what changed in a directory since the last applied run; says why where only a full pull can tell.
struct ChangeReading {
    /// What the roster keeps for it.
    let followed: FollowedMirror
    /// Asks the roster about single rows of a directory, with the attributes that a pull of it asks for.
    let lookup: (_ directory: String, _ attributes: [String]) throws -> (any MirrorLookup)?
    let last: LastMirror
    /// The attributes of the run's mirror, whatever directory has them.
    let attributes: [String]

    /// What became of a reading of changes.
    enum Outcome {
        case changes(Read)
        /// Only a full pull can tell, for this reason.
        case doubt(String)
    }

    /// What changed.
    struct Read {
        var changes: DirectoryChanges
        var absences: [ImmutableID: AbsenceFinding]
        var stamp: DirectoryStamp
    }

    /// Throws the `PullFailure` of the source, or what the roster throws.
    func read(
        _ source: any DirectorySource, _ directory: DirectorySettings, _ request: PullRequest,
        progress: (PullProgress) -> Void
    ) throws -> Outcome {
        guard directory.isFollowed else { return .doubt("the configuration says `incremental: off`") }
        guard followed.attributes == attributes else {
            return .doubt("rules test other attributes than in the last run")
        }
        guard let known = followed.followed[directory.name], let position = known.position,
            let lookup = try lookup(directory.name, request.attributes)
        else { return .doubt("the last run left no position from which changes could be read") }
        var request = request
        request.key = known.key
        let asked = IncrementalRequest(pull: request, position: position, mirror: lookup)
        switch source.pullChanges(asked, progress: progress) {
        case .fullPullNeeded(let reason): return .doubt(reason)
        case .failed(let failure): throw failure
        case .changes(let pull): return try take(pull, request, lookup)
        }
    }

    private func take(
        _ pull: IncrementalPull, _ request: PullRequest, _ lookup: any MirrorLookup
    ) throws -> Outcome {
        var rows = pull.changes
        try renumber(&rows, from: request.attributes, lookup)
        if let now = request.now { try judge(&rows, at: now, lookup) }
        return .changes(
            Read(
                changes: DirectoryChanges(rows: rows, position: pull.position),
                absences: pull.absences, stamp: pull.stamp))
    }

    /// What the directory's part of the last mirror became by what changed.
    enum Outlook {
        case mirror(Mirror)
        case doubt(String)
    }

    func mirror(_ read: Read, of name: String) throws -> Outlook {
        guard var mirror = try last.mirror().part(ofDirectory: name) else {
            return .doubt("the mirror of the last run does not hold the directory")
        }
        guard mirror.isIntact else { return .doubt("the mirror in the roster is not as the last run left it") }
        guard mirror.apply(read.changes.rows, toDirectory: 0) else {
            return .doubt("more changed than a mirror can hold")
        }
        return .mirror(mirror)
    }

    /// Adds those whose accounts have ended meanwhile, or go on: no server tells of it.
    private func judge(_ rows: inout MirrorRowChanges, at now: Int64, _ lookup: any MirrorLookup) throws {
        let told = Set(rows.people.map(\.row.id)).union(rows.removedPeople)
        rows.people += try lookup.judgedAnew(at: now).filter { !told.contains($0.row.id) }
        rows.people.sort { $0.row.id < $1.row.id }
    }

    /// Gives the attributes of records the places that they have in the roster's mirror; who is as before by that does not stand in it.
    private func renumber(_ rows: inout MirrorRowChanges, from own: [String], _ lookup: any MirrorLookup) throws {
        guard own != attributes else { return }
        let places = own.map { attributes.firstIndex(of: $0) ?? 0 }
        rows.people = try rows.people.compactMap { change in
            var change = change
            MirrorMerge.renumber(&change.row, in: &change.record, places)
            let known = try lookup.person(change.row.id)
            let isSame = known?.contentHash == change.row.contentHash && known?.name == change.name
            return isSame ? nil : change
        }
    }
}
