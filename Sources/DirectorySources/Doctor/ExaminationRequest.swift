package import DirectoryModel
package import LDAPClient

/// Which directory is to be examined, as whom, and what is known of it.
package struct ExaminationRequest: Sendable {
    /// Name of the directory as configured, or the host.
    package var name: String
    /// Servers, in order; none where the domain's SRV records name them.
    package var urls: [LDAPURL]
    package var domain: String?
    package var connection: ConnectionSettings
    package var account: BindAccount
    /// How the directory is read; nil without a configuration.
    package var source: SourceSettings?
    /// What the server is, where somebody says so without a configuration.
    package var kind: DirectoryKind?
    /// Bases that somebody names without a configuration.
    package var peopleBases: [String]
    package var groupBases: [String]
    /// Attributes that rules may use.
    package var trusted: [String]
    /// Of the bind password, for the commands that are shown.
    package var passwordFile: String?
    /// The time of the examination, seconds since 1970.
    package var now: Int64
    package var lookup: ServiceLookup?
    /// Why the secret of the bind cannot be had; nil where it can.
    package var bindFailure: PullFailure?

    package init(
        name: String, urls: [LDAPURL], domain: String? = nil, connection: ConnectionSettings, account: BindAccount,
        source: SourceSettings? = nil, now: Int64
    ) {
        self.name = name
        self.urls = urls
        self.domain = domain
        self.connection = connection
        self.account = account
        self.source = source
        self.now = now
        kind = nil
        peopleBases = []
        groupBases = []
        trusted = []
    }

    /// A configured directory of servers.
    package init(_ settings: LDAPSourceSettings, now: Int64) {
        self.init(
            name: settings.source.name, urls: settings.urls, domain: settings.domain, connection: settings.connection,
            account: settings.account, source: settings.source, now: now)
        lookup = settings.lookup
    }

    /// The account as a command line names it.
    var bind: ExaminedAccess.Bind {
        switch account.method {
        case .anonymous: .anonymous
        case .simple(let dn, _): .simple(dn: dn, passwordFile: passwordFile)
        case .external: .external
        case .gssapi: .gssapi
        }
    }

    /// The DN of the account; empty where it has none.
    var accountName: String {
        if case .simple(let dn, _) = account.method { return dn }
        return ""
    }

    var tlsMode: TLSFacts.Mode {
        switch connection.tls.mode {
        case .ldaps: .ldaps
        case .starttls: .starttls
        case .none: .none
        }
    }

    /// How the tools of OpenLDAP reach a server.
    func access(_ url: String) -> ExaminedAccess {
        let tls = connection.tls
        return ExaminedAccess(
            url: url, bind: bind, usesStartTLS: tls.mode == .starttls, caFile: tls.mode == .none ? nil : tls.caFile,
            certificateFile: tls.certificateFile, keyFile: tls.keyFile)
    }
}
