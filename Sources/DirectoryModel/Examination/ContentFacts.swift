/// How many entries the bind identity gets, asked for in pages and without.
package struct LimitFacts: Sendable, Equatable {
    package struct Count: Sendable, Equatable {
        /// Entries in a page; nil for one answer.
        package var pageSize: Int?
        package var entries: Int
        /// 0 where the answer was whole; else what ended it (RFC 4511 §4.1.9).
        package var code: Int32
        package var text: String

        package init(pageSize: Int? = nil, entries: Int, code: Int32 = 0, text: String = "") {
            self.pageSize = pageSize
            self.entries = entries
            self.code = code
            self.text = text
        }

        /// 3, 4 or 11: a limit of time, of number, or set by an administrator.
        package var isLimit: Bool { code == 3 || code == 4 || code == 11 }
    }

    /// Whose limits they are.
    package struct Holder: Sendable, Equatable {
        package var kind: DirectoryKind
        /// DN of the account; empty where it has none.
        package var account: String

        package init(kind: DirectoryKind, account: String = "") {
            self.kind = kind
            self.account = account
        }
    }

    package var holder: Holder
    package var counts: [Count]
    /// Whether a run asks in pages.
    package var runsInPages: Bool
    /// What the server's own settings say, where they can be read: `MaxPageSize=1000`.
    package var policy: [String]

    package init(
        kind: DirectoryKind, account: String = "", counts: [Count] = [], runsInPages: Bool = false,
        policy: [String] = []
    ) {
        holder = Holder(kind: kind, account: account)
        self.counts = counts
        self.runsInPages = runsInPages
        self.policy = policy
    }
}

/// What a whole pull came to, as a run makes one.
package struct ReadingFacts: Sendable, Equatable {
    package var people: Int
    package var groups: Int
    package var memberships: Int
    package var milliseconds: Int
    /// Entries that could not be taken, each with its reason.
    package var setAside: [SetAsideEntry]

    package init(
        people: Int, groups: Int, memberships: Int = 0, milliseconds: Int = 0, setAside: [SetAsideEntry] = []
    ) {
        self.people = people
        self.groups = groups
        self.memberships = memberships
        self.milliseconds = milliseconds
        self.setAside = setAside
    }
}

/// The people that the configured filter finds.
package struct PeopleFacts: Sendable, Equatable {
    package var filter: String
    package var people: Int
    package var withoutEmail: Int
    /// People who share an email with somebody, and a few of those emails' holders by DN.
    package var sharingEmail: Int
    package var sharers: [String]
    /// By what is wrong with their entries.
    package var unclearLogin: Int
    package var invalidText: Int
    /// The most frequent domains of emails.
    package var domains: [NamedCount]
    /// Where they stand: the entries right above them, the fullest first.
    package var branches: [NamedCount]

    package init(
        filter: String, people: Int, withoutEmail: Int = 0, sharingEmail: Int = 0, sharers: [String] = [],
        unclearLogin: Int = 0, invalidText: Int = 0, domains: [NamedCount] = [], branches: [NamedCount] = []
    ) {
        self.filter = filter
        self.people = people
        self.withoutEmail = withoutEmail
        self.sharingEmail = sharingEmail
        self.sharers = sharers
        self.unclearLogin = unclearLogin
        self.invalidText = invalidText
        self.domains = domains
        self.branches = branches
    }
}

/// The groups, by which schema they are, and how they are nested.
package struct GroupFacts: Sendable, Equatable {
    package var filter: String
    package var groups: Int
    /// Classes of a sample of them.
    package var classes: [NamedCount]
    /// In how many of the sample each attribute names members.
    package var memberAttributes: [NamedCount]
    package var sample: Int
    package var empty: Int
    /// Groups with groups as members, and how many levels that goes down.
    package var nesting: Int
    package var depth: Int
    /// Groups that contain themselves, by way of others.
    package var inCycles: Int
    /// Members that are neither a person nor a group of what was read.
    package var unresolved: Int
    /// DN and direct members of the largest.
    package var largest: NamedCount?

    package init(
        filter: String, groups: Int, classes: [NamedCount] = [], memberAttributes: [NamedCount] = [], sample: Int = 0,
        empty: Int = 0, nesting: Int = 0, depth: Int = 0, inCycles: Int = 0, unresolved: Int = 0,
        largest: NamedCount? = nil
    ) {
        self.filter = filter
        self.groups = groups
        self.classes = classes
        self.memberAttributes = memberAttributes
        self.sample = sample
        self.empty = empty
        self.nesting = nesting
        self.depth = depth
        self.inCycles = inCycles
        self.unresolved = unresolved
        self.largest = largest
    }
}

/// What says that an account is disabled or has ended, and when somebody last signed in.
package struct AccountFacts: Sendable, Equatable {
    package var people: Int
    /// What is looked at: `nsAccountLock`, `employeeType=disabled`.
    package var flags: [String]
    package var disabledByFlag: Int
    package var disabledByAttribute: Int
    package var locked: Int
    package var expired: Int
    /// What says it cannot be seen or understood.
    package var unclear: Int
    package var expires: String?
    package var lastSignIn: String?
    /// People who show one, and the newest of all, seconds since 1970.
    package var withLastSignIn: Int
    package var newestSignIn: Int64?

    package init(
        people: Int, flags: [String] = [], disabledByFlag: Int = 0, disabledByAttribute: Int = 0, locked: Int = 0,
        expired: Int = 0, unclear: Int = 0, expires: String? = nil, lastSignIn: String? = nil,
        withLastSignIn: Int = 0, newestSignIn: Int64? = nil
    ) {
        self.people = people
        self.flags = flags
        self.disabledByFlag = disabledByFlag
        self.disabledByAttribute = disabledByAttribute
        self.locked = locked
        self.expired = expired
        self.unclear = unclear
        self.expires = expires
        self.lastSignIn = lastSignIn
        self.withLastSignIn = withLastSignIn
        self.newestSignIn = newestSignIn
    }

    package var disabled: Int { disabledByFlag + disabledByAttribute + locked + expired }
}

/// Whether the server gives the members of a large group at once or in parts.
package struct RangeFacts: Sendable, Equatable {
    /// The largest group: DN and direct members as they were read.
    package var group: NamedCount?
    package var attribute: String
    /// Values in the first part; nil where they came at once.
    package var partSize: Int?

    package init(group: NamedCount? = nil, attribute: String = "member", partSize: Int? = nil) {
        self.group = group
        self.attribute = attribute
        self.partSize = partSize
    }
}
