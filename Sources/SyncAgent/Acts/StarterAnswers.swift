/// What `init` was told.
package struct StarterAnswers: Sendable, Equatable {
    package enum Bind: Sendable, Equatable {
        case anonymous
        case external
        /// The password is written to `passwordFile` by whoever asks, not by this.
        case simple(dn: String, passwordFile: String)
    }

    package enum Place: Sendable, Equatable {
        /// `ldaps://ldap.example.org`; with StartTLS for `ldap://` that is not loopback.
        case server(url: String)
        case file(String)
    }
    package var place: Place
    package var bind: Bind
    package var caFile: String?
    package var peopleBase: String
    package var groupsBase: String
    package var emailDomain: String
    /// Name of a shipped platform: `vivi`.
    package var platform: String
    package var target: String
    /// Where the roster is kept; relative to the configuration.
    package var state: String
    /// Name of a group whose members get something.
    package var group: String

    package init(
        place: Place, bind: Bind, caFile: String? = nil, peopleBase: String, groupsBase: String, emailDomain: String,
        platform: String, target: String, state: String, group: String = "staff"
    ) {
        self.place = place
        self.bind = bind
        self.caFile = caFile
        self.peopleBase = peopleBase
        self.groupsBase = groupsBase
        self.emailDomain = emailDomain
        self.platform = platform
        self.target = target
        self.state = state
        self.group = group
    }
}

/// A file that `init` would write.
package struct StarterFile: Sendable, Equatable {
    /// Relative to the directory that `init` is given.
    package var path: String
    package var content: String

    package init(path: String, content: String) {
        self.path = path
        self.content = content
    }
}
