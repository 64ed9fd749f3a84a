internal import CLDAP

/// What a result code means for a read, whatever else the server says.
package enum ResultClass: Sendable, Equatable {
    /// The answer may be whole.
    case complete
    /// Entries came, but not all: limits of time, number or administration.
    case partial
    /// The data are elsewhere.
    case referral
    /// Another attempt, from the beginning and on a new connection, may succeed.
    case retry
    /// The credentials were not accepted; repeating them may lock the account.
    case refused
    /// Only a change of configuration helps.
    case fatal

    /// Sorts a result code of RFC 4511 §4.1.9 or of libldap (negative).
    package init(code: Int32) {
        switch code {
        case LDAP_SUCCESS:
            self = .complete
        case LDAP_TIMELIMIT_EXCEEDED, LDAP_SIZELIMIT_EXCEEDED, LDAP_ADMINLIMIT_EXCEEDED, LDAP_PARTIAL_RESULTS:
            self = .partial
        case LDAP_REFERRAL:
            self = .referral
        case LDAP_SERVER_DOWN, LDAP_TIMEOUT, LDAP_CONNECT_ERROR, LDAP_X_CONNECTING, LDAP_BUSY, LDAP_UNAVAILABLE,
            LDAP_OTHER, LDAP_OPERATIONS_ERROR:
            self = .retry
        case LDAP_INVALID_CREDENTIALS, LDAP_INAPPROPRIATE_AUTH, LDAP_STRONG_AUTH_REQUIRED,
            LDAP_CONFIDENTIALITY_REQUIRED, LDAP_AUTH_METHOD_NOT_SUPPORTED:
            self = .refused
        default:
            self = .fatal
        }
    }
}
