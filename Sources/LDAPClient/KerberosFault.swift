/// Why a bind by Kerberos did not come about, as far as the libraries tell.
package enum KerberosFault: Error, Sendable, Equatable {
    /// The part of the SASL library that speaks Kerberos is not installed.
    case missingMechanism
    case unreadableKeytab(path: String, reason: String)
    /// The keytab is of somebody else.
    case otherPrincipal(wanted: String, found: String)
    case noTicket
    case expiredTicket
    case clockSkew
    /// Kerberos does not know the directory server by the name in its URL.
    case unknownServer
    /// Kerberos does not know us.
    case unknownClient
    /// Our key is not that of the account any more.
    case wrongKey
    /// The account is locked, disabled or expired.
    case revoked
    /// No Kerberos server answered.
    case noKerberosServer
    case other(reason: String)

    /// Whether a Kerberos server may have counted it as a failure of the account, and locks that after a few.
    var isCounted: Bool {
        switch self {
        case .wrongKey, .revoked, .other: true
        case .missingMechanism, .unreadableKeytab, .otherPrincipal, .noTicket, .expiredTicket, .clockSkew,
            .unknownServer,
            .unknownClient, .noKerberosServer:
            false
        }
    }

    /// Reads the fault from what the SASL library said; nil when it is not Kerberos that failed.
    package init?(said text: String) {
        let lower = text.lowercased()
        guard lower.utf8Range(of: "gss") != nil || lower.utf8Range(of: "sasl(") != nil else { return nil }
        self.init(reason: text)
    }

    /// Reads the fault from the words of the Kerberos library.
    package init(reason text: String) {
        let lower = text.lowercased()
        let known: [(String, KerberosFault)] = [
            ("no worthy mechs", .missingMechanism), ("clock skew too great", .clockSkew),
            ("ticket expired", .expiredTicket), ("ticket has expired", .expiredTicket),
            ("credentials have expired", .expiredTicket), ("no kerberos credentials available", .noTicket),
            ("no credentials cache found", .noTicket), ("no credentials were supplied", .noTicket),
            ("matching credential not found", .noTicket), ("credentials cache", .noTicket),
            ("cannot contact any kdc", .noKerberosServer), ("cannot find kdc", .noKerberosServer),
            ("cannot resolve network address for kdc", .noKerberosServer),
            ("preauthentication failed", .wrongKey), ("password incorrect", .wrongKey),
            ("decrypt integrity check failed", .wrongKey), ("no suitable keys", .wrongKey),
            ("have been revoked", .revoked), ("client's entry in database has expired", .revoked),
            ("client not found in kerberos database", .unknownClient),
            ("server not found in kerberos database", .unknownServer),
        ]
        if let found = known.first(where: { lower.utf8Range(of: $0.0) != nil }) {
            self = found.1
        } else if lower.utf8Range(of: "not found in kerberos database") != nil {
            self = lower.utf8Range(of: "client '") != nil ? .unknownClient : .unknownServer
        } else {
            self = .other(reason: text)
        }
    }

    /// What happened, after "cannot bind to … by Kerberos:".
    var sentence: String {
        switch self {
        case .missingMechanism: "the GSSAPI mechanism is not installed on this machine"
        case .unreadableKeytab(let path, let reason): "cannot use the keytab `\(path)`: \(reason)"
        case .otherPrincipal(let wanted, let found): "the keytab is of `\(found)` and has no key of `\(wanted)`"
        case .noTicket: "there is no ticket"
        case .expiredTicket: "the ticket has expired"
        case .clockSkew: "the clocks of this machine and of the Kerberos server differ too much"
        case .unknownServer: "Kerberos does not know a service `ldap` by the host name in the URL"
        case .unknownClient: "Kerberos does not know the account"
        case .wrongKey: "the key in the keytab is not the account's any more"
        case .revoked: "the account is locked, disabled or expired"
        case .noKerberosServer: "no Kerberos server answered"
        case .other(let reason): reason
        }
    }

    /// What to do about it.
    var remedy: String {
        switch self {
        case .missingMechanism: "install the package `libsasl2-modules-gssapi-mit`"
        case .unreadableKeytab: "correct `bind.keytab`, and let the user who runs rollcall read it, and nobody else"
        case .otherPrincipal: "export a keytab of that principal, or correct `bind.principal`"
        case .noTicket: "name a keytab as `bind.keytab`, or get a ticket into the cache of `bind.ccache` with `kinit`"
        case .expiredTicket: "get a new ticket with `kinit`, or use `bind.keytab`, which needs nobody to renew tickets"
        case .clockSkew: "set this machine's clock by NTP; Kerberos allows five minutes"
        case .unknownServer:
            "use the full host name that the server has in Kerberos (`ldap/HOST@REALM`) in `urls`, not an address or alias"
        case .unknownClient: "correct `bind.principal` and the keytab, and the realm in /etc/krb5.conf"
        case .wrongKey: "export a new keytab; it was tried once, because trying again may lock the account"
        case .revoked: "unlock or enable the account"
        case .noKerberosServer: "check the realm in /etc/krb5.conf, its DNS records and firewalls (port 88)"
        case .other: "run `kinit` and `ldapwhoami -Y GSSAPI` as the same user to see more"
        }
    }
}
