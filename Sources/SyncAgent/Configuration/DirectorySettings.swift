package import DirectoryModel

/// One directory as configured: resolved, complete, valid.
package struct DirectorySettings: Sendable, Equatable {
    package typealias Kind = DirectoryKind

    /// Where it answers.
    package enum Location: Sendable, Equatable {
        /// URLs, tried in order; one server per run.
        case servers([String])
        /// A domain whose SRV records name the servers.
        case domain(String)
        /// Absolute path of an LDIF file.
        case file(String)
    }

    package enum Bind: Sendable, Equatable {
        case anonymous
        case simple(dn: String, secret: SecretSource)
        /// SASL EXTERNAL: who the operating system or the certificate says we are.
        case external
        /// Kerberos, by the keytab at an absolute path, by the key of one principal, the first when none is named.
        case keytab(path: String, principal: String?)
        /// Kerberos, by a cache with a ticket: an absolute path or a name such as `KEYRING:…`.
        case ticketCache(String)
    }

    package struct TLS: Sendable, Equatable {
        package enum Mode: String, Sendable, CaseIterable { case ldaps, starttls, none }
        package var mode: Mode
        /// Absolute paths.
        package var caFile: String?
        package var certificateFile: String?
        package var keyFile: String?
        /// Base64 of the SHA-256 of the public key of the server: accepted is that key only.
        package var pinSHA256: String?
        package var crlFile: String?

        package init(
            mode: Mode, caFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil,
            pinSHA256: String? = nil, crlFile: String? = nil
        ) {
            self.mode = mode
            self.caFile = caFile
            self.certificateFile = certificateFile
            self.keyFile = keyFile
            self.pinSHA256 = pinSHA256
            self.crlFile = crlFile
        }
    }

    /// Where and what to look for.
    package struct Search: Sendable, Equatable {
        /// DNs, at least one.
        package var bases: [String]
        /// Nil: what the kind of directory has by default.
        package var filter: String?
        /// Entries that match this are left out.
        package var exclude: String?
        /// Of groups, the attributes that hold their members; nil: what the kind of directory has by default.
        package var members: [String]?

        package init(bases: [String], filter: String? = nil, exclude: String? = nil) {
            self.bases = bases
            self.filter = filter
            self.exclude = exclude
        }
    }

    /// Which attribute says what.
    package struct Attributes: Sendable, Equatable {
        package var id: String
        package var login: String
        package var email: String
        package var aliases: [String]
        /// Attribute and value that say an account is disabled; nil for the kind's own flag only.
        package var disabled: DisabledBy?
        package var lastSignIn: String?
        /// When the account ends; nil for never.
        package var expires: String?
        /// Whether the kind's own flag says that an account is disabled.
        package var usesFlag = true

        package init(
            id: String, login: String, email: String, aliases: [String] = [], disabled: DisabledBy? = nil,
            lastSignIn: String? = nil, expires: String? = nil
        ) {
            self.id = id
            self.login = login
            self.email = email
            self.aliases = aliases
            self.disabled = disabled
            self.lastSignIn = lastSignIn
            self.expires = expires
        }
    }

    /// An attribute with a value that says: this account is disabled.
    package struct DisabledBy: Sendable, Equatable {
        package var attribute: String
        package var equals: String

        package init(attribute: String, equals: String) {
            self.attribute = attribute
            self.equals = equals
        }
    }

    package struct Timeouts: Sendable, Equatable {
        package var connect: Duration = .seconds(10)
        package var idle: Duration = .seconds(30)
        package var pull: Duration = .seconds(30 * 60)

        package init() {}
    }

    package var name: String
    package var kind: Kind
    package var location: Location
    package var bind: Bind
    package var tls: TLS
    package var people: Search
    package var groups: Search
    package var attributes: Attributes
    /// Lower-case, sorted.
    package var trustedAttributes: [String]
    /// Lower-case; empty is any.
    package var emailDomains: [String]
    /// Immutable ids of people and groups that a complete pull has seen.
    package var sentinels: [String]
    package var timeouts: Timeouts
    /// Whether runs between the nights may read only what changed.
    package var isFollowed = true
    /// How many entries are asked for at a time.
    package var pages = Pages.standard

    package enum Pages: Sendable, Equatable {
        /// As the kind of directory does by default.
        case standard
        /// All at once.
        case none
        case entries(Int)
    }

    package init(
        name: String, kind: Kind, location: Location, bind: Bind, tls: TLS, people: Search, groups: Search,
        attributes: Attributes, trustedAttributes: [String] = [], emailDomains: [String] = [],
        sentinels: [String] = [], timeouts: Timeouts = Timeouts()
    ) {
        self.name = name
        self.kind = kind
        self.location = location
        self.bind = bind
        self.tls = tls
        self.people = people
        self.groups = groups
        self.attributes = attributes
        self.trustedAttributes = trustedAttributes
        self.emailDomains = emailDomains
        self.sentinels = sentinels
        self.timeouts = timeouts
    }
}
