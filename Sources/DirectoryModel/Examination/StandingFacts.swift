/// How the server tells what changed since the last run.
package struct ChangeFacts: Sendable, Equatable {
    /// `sync`, `changelog`, `dirsync`, `usn`, `times`; nil where every run reads everything.
    package var method: String?
    package var kind: DirectoryKind
    /// Why not by a better way, or not at all.
    package var lack: Lack?

    package enum Lack: Sendable, Equatable {
        /// OpenLDAP: no content synchronization for this suffix.
        case noContentSync
        /// The server keeps no state that can be asked for: `contextCSN` cannot be read.
        case noStamps
        /// 389 Directory Server: no change log.
        case noChangeLog
        /// Its change log may not be read.
        case changeLogHidden
        /// Active Directory: the right to replicate changes is missing.
        case noReplicationRight
        /// Changes are told by another id than the one that is configured.
        case otherID(wanted: String)
        /// Active Directory: groups were read that are people's primary groups, and the domain's identifier, which these go by, is hidden.
        case membershipsOnPeople
        /// Rollcall does not read changes of this kind of directory yet.
        case notThisKind
        case unknown
    }

    package init(method: String?, kind: DirectoryKind, lack: Lack? = nil) {
        self.method = method
        self.kind = kind
        self.lack = lack
    }
}

/// Whether deleted entries can be seen.
package struct DeletedFacts: Sendable, Equatable {
    package enum Sight: Sendable, Equatable {
        /// The server keeps none; absence is confirmed by asking for the id.
        case notKept
        /// So many were seen, at most the limit of the question.
        case seen(Int)
        /// None: there are none, or the account may not see them.
        case none
        /// The server refused the question.
        case refused(code: Int32)
    }

    package var kind: DirectoryKind
    package var sight: Sight

    package init(kind: DirectoryKind, sight: Sight) {
        self.kind = kind
        self.sight = sight
    }
}

/// What the server's clock says beside ours.
package struct ClockFacts: Sendable, Equatable {
    /// Where the server tells its time; nil where it does not.
    package var source: String?
    package var server: Int64?
    package var here: Int64
    /// The newest change that the server knows of: a lower bound of its clock.
    package var newestChange: Int64?

    package init(source: String? = nil, server: Int64? = nil, here: Int64, newestChange: Int64? = nil) {
        self.source = source
        self.server = server
        self.here = here
        self.newestChange = newestChange
    }

    /// Seconds that the server is ahead; nil where it does not tell its time.
    package var ahead: Int64? {
        guard let server else { return nil }
        let (difference, overflow) = server.subtractingReportingOverflow(here)
        return overflow ? nil : difference
    }
}

/// How far the server's data have come.
package struct ReplicaFacts: Sendable, Equatable {
    package var kind: DirectoryKind
    /// The marks by which a later run sees that a server has gone backwards, as they are kept.
    package var stamps: [String]
    /// The newest change it knows of, seconds since 1970.
    package var newestChange: Int64?
    /// Active Directory: whether the server says that it has caught up; nil elsewhere.
    package var isSynchronized: Bool?

    package init(
        kind: DirectoryKind, stamps: [String] = [], newestChange: Int64? = nil, isSynchronized: Bool? = nil
    ) {
        self.kind = kind
        self.stamps = stamps
        self.newestChange = newestChange
        self.isSynchronized = isSynchronized
    }
}

/// What the bind account may do beyond reading people, as far as that can be asked without writing.
package struct RightsFacts: Sendable, Equatable {
    package enum Writing: Sendable, Equatable {
        /// The server was asked, and says that nothing may be written to the entries asked about.
        case no
        /// It says that these may be written.
        case may([String])
        /// The server cannot be asked without writing, or did not answer.
        case unknown
    }

    package var kind: DirectoryKind
    package var account: String
    /// People whose entries were looked at for attributes that hold passwords: names only, no values were asked for.
    package var looked: Int
    /// Attributes that showed, and on how many of those people.
    package var passwords: [NamedCount]
    package var writing: Writing
    /// The entries that the question of writing was about.
    package var about: [String]
    /// Whether the settings of the server itself (`cn=config`) may be read.
    package var readsSettings: Bool

    package init(
        kind: DirectoryKind, account: String = "", looked: Int = 0, passwords: [NamedCount] = [],
        writing: Writing = .unknown, about: [String] = [], readsSettings: Bool = false
    ) {
        self.kind = kind
        self.account = account
        self.looked = looked
        self.passwords = passwords
        self.writing = writing
        self.about = about
        self.readsSettings = readsSettings
    }
}
