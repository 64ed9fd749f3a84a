package import AccessModel
package import DirectoryModel
package import MappingLanguage

/// The users of one target as the roster has them, with what the last applied run left behind for the guards.
package struct TargetRoster: Sendable {
    package var target: String
    /// Names of directories that rows refer to by place.
    package var directories: [String]
    /// All users, removed ones too, sorted by directory name, then immutable id.
    ///
    /// Unmanaged users that match nobody come last, in the order of their emails, with `managed` false.
    package var users: [UserRow]
    /// Where `users` holds only some: how many there are of all; nil where it holds everybody.
    package var counts: [UserCount]?
    /// Emails of the users.
    package var texts: TextTable
    /// What only few users have, by place in `users`.
    package var details: [Int: UserDetails]
    /// Every access that some user has, by number; the first is `Access.none`.
    package var accesses: [Access]
    /// For each access its effective permissions, in canonical text, as the last applied run had them.
    package var effective: [String]
    /// Sets of mapped groups that users were in, by number; the first is empty.
    package var groupSets: [[GroupKey]]
    /// The line for seats: users and people who are no users yet.
    package var waiting: [PlaceInLine]
    /// Seats and the line as the last run counted them; in no order, empty before the first run.
    package var ledger: [LedgerRow] = []
    package var baseline: TargetBaseline?
    /// People who are protected, pinned by id when first seen.
    package var protected: [PersonKey]
    /// When sign-ins were last imported, seconds since 1970; nil if never.
    package var signInsImported: Int64?
    /// What applied runs did lately, for the guards' rolling windows; in no order.
    package var recent: [GuardCount]
    /// Messages about users of the target whose delivery was given up.
    package var deadLetters = 0
    /// The run that paused the target by undoing another; nothing is written to it until a human lets it go on.
    package var pausedBy: Int64?

    package init(target: String) {
        self.target = target
        directories = []
        users = []
        texts = TextTable()
        details = [:]
        accesses = [.none]
        effective = [""]
        groupSets = [[]]
        waiting = []
        baseline = nil
        protected = []
        signInsImported = nil
        recent = []
        pausedBy = nil
    }
}

/// One user: the fixed part of a row.
package struct UserRow: Sendable, Equatable {
    /// The roster's own number of the user; 0 before the user is written.
    package var user: Int64
    package var id: ImmutableID
    /// The email, in the texts of the roster or plan that the row stands in.
    package var email: TextSpan
    /// The display name, likewise.
    package var name: TextSpan
    /// Last sign-in on the platform, seconds since 1970; `Int64.min` when unknown.
    package var lastSignIn: Int64
    /// When the user was invited or created, seconds since 1970.
    package var since: Int64
    /// Place of the access in the roster's or plan's accesses.
    package var access: UInt32
    /// Place of the set of mapped groups in the roster's or plan's group sets.
    package var groupSet: UInt32
    /// Place of the reason for the access in the plan's reasons; the roster keeps its text.
    package var reason: UInt32
    /// Counts the writes to this user.
    package var version: UInt32
    package var directory: UInt8
    package var status: UserStatus
    package var managed: Bool

    package init(
        user: Int64, id: ImmutableID, email: TextSpan, name: TextSpan, lastSignIn: Int64, since: Int64, access: UInt32,
        groupSet: UInt32, reason: UInt32, version: UInt32, directory: UInt8, status: UserStatus, managed: Bool
    ) {
        self.user = user
        self.id = id
        self.email = email
        self.name = name
        self.lastSignIn = lastSignIn
        self.since = since
        self.access = access
        self.groupSet = groupSet
        self.reason = reason
        self.version = version
        self.directory = directory
        self.status = status
        self.managed = managed
    }
}

/// How many users have an access in one status.
package struct UserCount: Sendable, Equatable {
    /// Place of the access in the roster's accesses.
    package var access: UInt32
    package var status: UserStatus
    package var managed: Bool
    package var users: Int

    package init(access: UInt32, status: UserStatus, managed: Bool, users: Int) {
        self.access = access
        self.status = status
        self.managed = managed
        self.users = users
    }
}

/// What only few users have.
package struct UserDetails: Sendable, Equatable {
    /// The status to return to when all causes are gone.
    package var statusBefore: UserStatus?
    /// Causes that stand, sorted by kind.
    package var causes: [Cause] = []
    /// Causes that are not due yet, sorted by kind.
    package var pending: [PendingCause] = []
    /// Causes that a human lifted: not set again until once seen absent.
    ///
    /// Sorted.
    package var lifted: [CauseKind] = []
    /// When the user was suspended or removed, seconds since 1970.
    package var statusSince: Int64?
    /// Access that humans gave beside the directory, sorted.
    package var manual: [ManualGrant] = []

    package init() {}

    package var isEmpty: Bool { self == UserDetails() }
}

/// A place in the line for a seat.
package struct PlaceInLine: Sendable, Equatable {
    package var person: PersonKey
    package var scope: ScopePath
    package var role: String
    package var seatPriority: Int
    /// Seconds since 1970.
    package var since: Int64
    /// Waits only for the pace of invitations, not for a seat.
    package var forPace: Bool
    /// Comes back from a cause with `return: first_in_line`, and stands before everybody else.
    package var isFirst: Bool

    package init(
        person: PersonKey, scope: ScopePath, role: String, seatPriority: Int, since: Int64, forPace: Bool,
        isFirst: Bool = false
    ) {
        self.person = person
        self.scope = scope
        self.role = role
        self.seatPriority = seatPriority
        self.since = since
        self.forPace = forPace
        self.isFirst = isFirst
    }
}

/// What the guards compare with: how things were in the target's last applied run.
package struct TargetBaseline: Sendable, Equatable {
    package var run: Int64
    /// Seconds since 1970.
    package var time: Int64
    /// People and groups per directory name.
    package var people: [String: Int]
    package var groups: [String: Int]
    /// Effective people of each mapped group.
    package var mappedGroups: [GroupBaseline]
    /// Fingerprint of each file and section that decides: name as shown to humans, and digest.
    package var fingerprints: [String: String]
    /// How many people the same rule instances matched; empty where nobody counted them.
    package var matches: [MatchCount]

    package init(
        run: Int64, time: Int64, people: [String: Int], groups: [String: Int], mappedGroups: [GroupBaseline],
        fingerprints: [String: String], matches: [MatchCount] = []
    ) {
        self.matches = matches
        self.run = run
        self.time = time
        self.people = people
        self.groups = groups
        self.mappedGroups = mappedGroups
        self.fingerprints = fingerprints
    }
}

/// A mapped group in the last applied run.
package struct GroupBaseline: Sendable, Equatable {
    package var key: GroupKey
    package var name: String
    package var dn: String
    package var people: Int
    /// The run that counted the people, where it is an earlier one: the group has been frozen since.
    package var countedIn: Int64?

    package init(key: GroupKey, name: String, dn: String, people: Int, countedIn: Int64? = nil) {
        self.key = key
        self.name = name
        self.dn = dn
        self.people = people
        self.countedIn = countedIn
    }
}
