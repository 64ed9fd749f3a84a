internal import CLDAP

extension LDAPError {
    /// What happened, in one sentence without a period.
    package var message: String {
        switch problem {
        case .settings(let sentence, _): sentence
        case .unreachable(let reason): "cannot connect to `\(server)`: \(reason)"
        case .noServers(let reason, _): "no servers are known for `srv: \(server)`: \(reason)"
        case .tls(let fault): "TLS with `\(server)` failed: \(fault.sentence(certificate))"
        case .oldTLS(let version): "`\(server)` offers only `\(version)`, at least TLS 1.2 is needed"
        case .startTLSRefused: "`\(server)` refused StartTLS\(said)"
        case .timedOut(.connect): "`\(server)` did not finish connecting within `timeouts.connect`"
        case .timedOut(.bind): "`\(server)` did not answer the bind within `timeouts.connect`"
        case .timedOut(.answer): "`\(server)` sent nothing for as long as `timeouts.idle` allows"
        case .timedOut(.wholePull): "reading from `\(server)` took longer than `timeouts.pull`"
        case .disconnected: "the connection to `\(server)` ended in the middle\(said)"
        case .bindFailed: "`\(server)` refused the bind: \(LDAPLibrary.text(of: code)) (\(code))\(said)"
        case .account(let fault): "`\(server)` refused the bind: \(fault.sentence) (\(code))\(said)"
        case .kerberos(let fault): "cannot bind to `\(server)` by Kerberos: \(fault.sentence)\(kerberosSaid(fault))"
        case .bindUnanswered(let count):
            "`\(server)` did not answer the bind, the last of \(count) that nobody answered"
        case .identityUnknown:
            "`\(server)` did not say who it takes us for: \(LDAPLibrary.text(of: code)) (\(code))\(said)"
        case .failed(let base) where isNotBound:
            "`\(server)` takes us for anonymous: it does not search under `\(base)`\(said)"
        case .failed(let base):
            "`\(server)` ended the search under `\(base)` with \(LDAPLibrary.text(of: code)) (\(code))\(said)"
        case .malformed(let what): "`\(server)` sent something that is not LDAP: \(what)"
        case .cancelled: "reading from `\(server)` was stopped"
        }
    }

    /// What to do about it.
    package var hint: String {
        switch problem {
        case .settings(_, let hint), .noServers(_, let hint): hint
        case .unreachable: "check `urls`, name resolution and firewalls, and that the server is running"
        case .tls(let fault): fault.remedy
        case .oldTLS: "enable TLS 1.2 or 1.3 on the server"
        case .startTLSRefused: "give the server a certificate, or use `ldaps://` with `tls: {mode: ldaps}`"
        case .timedOut(.bind): "look at the server's load, or raise `timeouts.connect`"
        case .timedOut(.connect): "check that the port speaks the protocol of the URL, or raise `timeouts.connect`"
        case .timedOut(.answer): "look at the server's load, or raise `timeouts.idle`"
        case .timedOut(.wholePull): "look at the server's load and the network, or raise `timeouts.pull`"
        case .disconnected where mayWantCertificate:
            "look at the server's log; if it wants a certificate of ours, give `tls.certificate_file` and `tls.key_file`"
        case .disconnected: "look at the server's log; the next run starts over"
        case .bindFailed: bindRemedy
        case .account(let fault): fault.remedy
        case .kerberos(let fault): fault.remedy
        case .bindUnanswered:
            "look at the servers' logs; no more were sent, because each may have counted as a wrong password"
        case .identityUnknown: "look at the server's log; the next run starts over"
        case .failed where isNotBound: "check `bind`"
        case .failed: searchRemedy
        case .malformed:
            "check that the URL points to an LDAP server, with nothing in between that alters what it sends"
        case .cancelled: "run again"
        }
    }

    /// What the libraries said, where the sentence does not.
    private func kerberosSaid(_ fault: KerberosFault) -> String {
        if case .other = fault { return "" }
        return said
    }

    private var said: String { serverText.isEmpty ? "" : "; it said: \(serverText)" }

    private var bindRemedy: String {
        switch code {
        case LDAP_INVALID_CREDENTIALS:
            "check `bind.dn` and the password it is given; a wrong password tried again may lock the account"
        case LDAP_STRONG_AUTH_REQUIRED, LDAP_CONFIDENTIALITY_REQUIRED:
            "the server wants TLS before the password: use `tls: {mode: ldaps}` or `{mode: starttls}`"
        case LDAP_INAPPROPRIATE_AUTH, LDAP_AUTH_METHOD_NOT_SUPPORTED:
            "the server does not allow this `bind.method` for this account"
        case LDAP_INSUFFICIENT_ACCESS: "give the bind account the right to authenticate"
        case LDAP_INVALID_DN_SYNTAX: "write `bind.dn` as a distinguished name, such as `cn=rollcall,dc=example,dc=org`"
        case LDAP_UNWILLING_TO_PERFORM: "look at the server's log; it does not accept this bind"
        case LDAP_BUSY, LDAP_UNAVAILABLE: "look at the server's load and its log; the next run starts over"
        default: "check `bind` and the server's log"
        }
    }

    private var searchRemedy: String {
        switch code {
        case LDAP_NO_SUCH_OBJECT: "correct the base, or give the bind account the right to search it"
        case LDAP_SIZELIMIT_EXCEEDED, LDAP_TIMELIMIT_EXCEEDED, LDAP_ADMINLIMIT_EXCEEDED:
            "raise the limits of the bind account on the server: OpenLDAP "
                + "`limits dn.exact=\"…\" size=unlimited time=unlimited`, 389 DS and FreeIPA `nsSizeLimit: -1` "
                + "and `nsLookThroughLimit: -1` on its entry, Active Directory the query policy; or set `page_size`, "
                + "where it may read by pages what it may not read at once"
        case LDAP_REFERRAL: "name the server that holds the base in `urls`; referrals are never followed"
        case LDAP_INSUFFICIENT_ACCESS: "give the bind account the right to read the base"
        case LDAP_INVALID_DN_SYNTAX: "write the base as a distinguished name, such as `ou=people,dc=example,dc=org`"
        case LDAP_BUSY, LDAP_UNAVAILABLE, LDAP_OTHER: "look at the server's log; the next run starts over"
        case LDAP_FILTER_ERROR: "correct the filter"
        case LDAP_UNAVAILABLE_CRITICAL_EXTENSION:
            "the server offers this account no paged results; `page_size: null` asks for everything at once"
        default: "look at the server's log"
        }
    }
}
