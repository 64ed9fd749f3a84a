internal import CLDAP

extension LDAPError {
    /// What happened, in one sentence without a period.
    package var message: String {
        switch problem {
        case .settings(let sentence, _): sentence
        case .unreachable(let reason): "cannot connect to `\(server)`: \(reason)"
        case .tls(let fault): "TLS with `\(server)` failed: \(LDAPError.sentence(fault))"
        case .oldTLS(let version): "`\(server)` offers only `\(version)`, at least TLS 1.2 is needed"
        case .startTLSRefused: "`\(server)` refused StartTLS\(said)"
        case .timedOut(.connect): "`\(server)` did not finish connecting within `timeouts.connect`"
        case .timedOut(.answer): "`\(server)` sent nothing for as long as `timeouts.idle` allows"
        case .timedOut(.wholePull): "reading from `\(server)` took longer than `timeouts.pull`"
        case .disconnected: "the connection to `\(server)` ended in the middle\(said)"
        case .bindFailed: "`\(server)` refused the bind: \(LDAPLibrary.text(of: code)) (\(code))\(said)"
        case .failed(let base):
            "`\(server)` ended the search under `\(base)` with \(LDAPLibrary.text(of: code)) (\(code))\(said)"
        case .malformed(let what): "`\(server)` sent something that is not LDAP: \(what)"
        case .cancelled: "reading from `\(server)` was stopped"
        }
    }

    /// What to do about it.
    package var hint: String {
        switch problem {
        case .settings(_, let hint): hint
        case .unreachable: "check `urls`, name resolution and firewalls, and that the server is running"
        case .tls(let fault): LDAPError.remedy(fault)
        case .oldTLS: "enable TLS 1.2 or 1.3 on the server"
        case .startTLSRefused: "give the server a certificate, or use `ldaps://` with `tls: {mode: ldaps}`"
        case .timedOut(.connect): "check that the port speaks the protocol of the URL, or raise `timeouts.connect`"
        case .timedOut(.answer): "look at the server's load, or raise `timeouts.idle`"
        case .timedOut(.wholePull): "look at the server's load and the network, or raise `timeouts.pull`"
        case .disconnected: "look at the server's log; the next run starts over"
        case .bindFailed: bindRemedy
        case .failed: searchRemedy
        case .malformed:
            "check that the URL points to an LDAP server, with nothing in between that alters what it sends"
        case .cancelled: "run again"
        }
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
        default: "check `bind` and the server's log"
        }
    }

    private var searchRemedy: String {
        switch code {
        case LDAP_NO_SUCH_OBJECT: "correct the base, or give the bind account the right to search it"
        case LDAP_SIZELIMIT_EXCEEDED, LDAP_TIMELIMIT_EXCEEDED, LDAP_ADMINLIMIT_EXCEEDED:
            "raise the limits of the bind account on the server (OpenLDAP: `limits dn.exact=\"…\" size=unlimited time=unlimited`)"
        case LDAP_REFERRAL: "name the server that holds the base in `urls`; referrals are never followed"
        case LDAP_INSUFFICIENT_ACCESS: "give the bind account the right to read the base"
        case LDAP_INVALID_DN_SYNTAX: "write the base as a distinguished name, such as `ou=people,dc=example,dc=org`"
        case LDAP_BUSY, LDAP_UNAVAILABLE, LDAP_OTHER: "look at the server's log; the next run starts over"
        case LDAP_FILTER_ERROR: "correct the filter"
        case LDAP_UNAVAILABLE_CRITICAL_EXTENSION: "the server does not support paged results; leave out the page size"
        default: "look at the server's log"
        }
    }

    private static func sentence(_ fault: TLSFault) -> String {
        switch fault {
        case .untrusted: "its certificate does not come from an authority in `tls.ca_file`"
        case .expired: "its certificate, or that of its authority, has expired"
        case .notYetValid: "its certificate is not valid yet"
        case .revoked: "its certificate is revoked"
        case .weak: "its certificate is signed by an algorithm that is too weak"
        case .wrongPurpose: "its certificate is not meant for this purpose"
        case .wrongHost(let name):
            name.isEmpty ? "its certificate is for another host" : "its certificate is for another host: `\(name)`"
        case .wrongKey: "its key is not the one in `tls.pin_sha256`"
        case .notTLS(let reason), .noCommonVersion(let reason), .clientCertificate(let reason), .other(let reason):
            reason
        }
    }

    private static func remedy(_ fault: TLSFault) -> String {
        switch fault {
        case .untrusted: "put the certificate of the authority that signed the server's into `tls.ca_file`"
        case .expired: "renew the server's certificate"
        case .notYetValid: "check the clocks of this machine and of the server"
        case .revoked, .weak, .wrongPurpose: "give the server a new certificate"
        case .wrongHost: "use the host name of the certificate in `urls`, or give the server a certificate for this one"
        case .wrongKey: "if the server's key was changed on purpose, update `tls.pin_sha256`"
        case .notTLS:
            "check that the port speaks TLS from the first byte; for port 389 use `ldap://` with `tls: {mode: starttls}`"
        case .noCommonVersion: "enable TLS 1.2 or 1.3 on the server"
        case .clientCertificate: "check `tls.certificate_file` and `tls.key_file`"
        case .other: "look at the server's log"
        }
    }
}
