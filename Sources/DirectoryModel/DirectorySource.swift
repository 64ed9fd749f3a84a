/// Where people and groups come from: an LDAP server or an LDIF file.
///
/// A source is used by one thread at a time. Calls block until the answer is whole or a time limit is reached.
package protocol DirectorySource: AnyObject {
    /// Sends the first question of the pull that follows, so that the server works while the caller does something else.
    ///
    /// What goes wrong is told by the pull, which must ask for the same attributes. A pull needs no beginning.
    func begin(_ request: PullRequest, progress: (PullProgress) -> Void)

    /// Reads everything the request asks for. It ends complete, provably, or failed; there is nothing between.
    func pull(_ request: PullRequest, progress: (PullProgress) -> Void) -> PullOutcome

    /// Reads what changed since a position of an earlier pull, of the same source or another for the same directory.
    ///
    /// A source that cannot, or cannot be sure, says that a full pull is needed.
    func pullChanges(_ request: IncrementalRequest, progress: (PullProgress) -> Void) -> IncrementalOutcome

    /// Looks for people who were not in the pull that just completed, by immutable id over the whole suffix, with a read of
    /// the same shape of `knownPresent`, somebody who is there, and of people whom the source itself found in every branch, on the same
    /// connection as positive controls.
    func confirmAbsence(of ids: [ImmutableID], knownPresent: ImmutableID) -> AbsenceOutcome

    /// Names of the attributes that the directory's schema knows; nil where it shows none.
    func knownAttributes() throws(PullFailure) -> [String]?

    /// Ends connections. Afterwards the source is not used again.
    func close()
}

extension DirectorySource {
    package func begin(_ request: PullRequest, progress: (PullProgress) -> Void) {}

    /// A file has no schema.
    package func knownAttributes() throws(PullFailure) -> [String]? { nil }
}

/// What a pull should read.
package struct PullRequest: Sendable {
    /// Trusted attributes that mappings mention, lower-case, sorted: the records hold these and no others.
    package var attributes: [String]
    /// What the directory said of itself in the last applied run, to notice a server that went backwards.
    package var lastStamp: DirectoryStamp?
    /// Whether a human says that what the directory has is right, although it is older, or shows less, than at the last run.
    package var acceptsStanding = false
    /// The time of the run, seconds since 1970, by which accounts have ended or not; nil lets none end.
    package var now: Int64?
    /// The key of names that is kept with the mirror; nil where no delta will ever be applied to it.
    package var key: DNHashKey?

    package init(
        attributes: [String] = [], lastStamp: DirectoryStamp? = nil, now: Int64? = nil, key: DNHashKey? = nil
    ) {
        self.attributes = attributes
        self.lastStamp = lastStamp
        self.now = now
        self.key = key
    }
}

/// What a directory says of its own state: recorded with each run and compared with the next.
package struct DirectoryStamp: Sendable, Equatable {
    /// URL of the server or path of the file that was read.
    package var server: String
    /// Who the server said we are after binding; empty when it does not say.
    package var identity: String
    /// Sorted: change stamps (`contextCSN` values of OpenLDAP, `usn=…` of Active Directory, `lastusn=…` of 389 Directory Server),
    /// and with labels of their own what the directory is known by and how many people showed which attribute.
    package var changeStamps: [String]

    package init(server: String, identity: String = "", changeStamps: [String] = []) {
        self.server = server
        self.identity = identity
        self.changeStamps = changeStamps
    }
}

/// How far a pull has come.
package struct PullProgress: Sendable, Equatable {
    package enum Stage: Sendable, Equatable {
        case connecting, people, groups, confirming
        /// An attempt failed; the next, from the beginning, is the one of this number.
        case retrying(attempt: Int)
    }
    package var stage: Stage
    /// Entries received so far in this stage.
    package var entries: Int

    package init(stage: Stage, entries: Int) {
        self.stage = stage
        self.entries = entries
    }
}

/// How a pull ended.
package enum PullOutcome: Sendable {
    case complete(Pull)
    case failed(PullFailure)
}

/// A complete pull of one directory.
package struct Pull: Sendable {
    /// A mirror with this one directory.
    package var mirror: Mirror
    package var stamp: DirectoryStamp
    /// Things worth telling a human about single entries, by place in the mirror or by DN: no identity, undecodable, duplicate members and the like.
    package var setAside: [SetAsideEntry]
    /// What must be kept with the mirror for a delta, where the request brought a key.
    package var index: MirrorIndex?
    /// Where a reading of changes goes on: taken before anything was read; nil where the directory tells no changes.
    package var position: SyncPosition?

    package init(
        mirror: Mirror, stamp: DirectoryStamp, setAside: [SetAsideEntry] = [], index: MirrorIndex? = nil,
        position: SyncPosition? = nil
    ) {
        self.mirror = mirror
        self.stamp = stamp
        self.setAside = setAside
        self.index = index
        self.position = position
    }
}

/// An entry that could not become a person or a group of the mirror, or not with everything about it.
package struct SetAsideEntry: Sendable, Equatable {
    package enum Reason: Sendable, Equatable {
        /// There is no immutable id, or it is longer than 16 bytes.
        case noIdentity
        /// The DN cannot be parsed.
        case unparsableDN
        /// The server counts the person in groups that the mirror does not, through a group that was not read.
        case hiddenNesting
    }
    /// The DN, for display.
    package var dn: String
    package var reason: Reason

    package init(dn: String, reason: Reason) {
        self.dn = dn
        self.reason = reason
    }
}

/// Why a pull is not complete.
///
/// Nothing may act on one.
package struct PullFailure: Error, Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// No server answered, or the connection or TLS broke: exit 69.
        case unreachable
        /// The bind was refused: exit 77.
        case refused
        /// The answer is not provably whole: exit 4.
        case incomplete
        /// The source's file is missing or cannot be read: exit 66.
        case missingFile
        /// The source's file is not what it should be: exit 65.
        case badData
        /// What is configured for the directory cannot work, whoever answers: exit 78.
        case badConfiguration
    }
    package var kind: Kind
    /// Name of the directory as configured.
    package var directory: String
    /// One sentence: what happened, lower-case, no final period.
    package var message: String
    /// What to do about it.
    package var hint: String
    /// Whether the same pull, from the beginning, may succeed a moment later.
    package var isTransient = false

    package init(kind: Kind, directory: String, message: String, hint: String) {
        self.kind = kind
        self.directory = directory
        self.message = message
        self.hint = hint
    }
}

/// What became of a person who was not in a complete pull.
package enum AbsenceFinding: Sendable, Equatable {
    /// Not found anywhere in the directory, while the controls were.
    case gone
    /// Found outside the bases or the filter.
    case outOfScope(dn: String, state: PersonState)
    /// A control failed, or the answer was not whole: nothing is known.
    case unknown
}

/// The findings, one for each id asked for, in the same order; or the failure that makes the whole pull incomplete.
package enum AbsenceOutcome: Sendable {
    case answered([AbsenceFinding])
    case failed(PullFailure)
}
