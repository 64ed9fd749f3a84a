/// What kind of thing went wrong while a server was asked: what its likely causes hang on.
package enum FailureCause: String, Sendable, CaseIterable {
    case badSettings = "bad-settings"
    case unknownName = "unknown-name"
    case noServices = "no-services"
    case connectionRefused = "connection-refused"
    case noRoute = "no-route"
    case connectionTimedOut = "connection-timed-out"
    case tlsUntrusted = "tls-untrusted"
    case tlsSelfSigned = "tls-self-signed"
    case tlsExpired = "tls-expired"
    case tlsNotYetValid = "tls-not-yet-valid"
    case tlsWrongHost = "tls-wrong-host"
    case tlsWrongKey = "tls-wrong-key"
    case tlsRevoked = "tls-revoked"
    case tlsWeak = "tls-weak"
    case tlsWrongPurpose = "tls-wrong-purpose"
    case tlsClosed = "tls-closed"
    case tlsNotSpoken = "tls-not-spoken"
    case tlsNoCommonVersion = "tls-no-common-version"
    case tlsClientCertificate = "tls-client-certificate"
    case tlsTimedOut = "tls-timed-out"
    case startTLSRefused = "starttls-refused"
    case tlsOther = "tls-other"
    case wrongPassword = "wrong-password"
    case unknownAccount = "unknown-account"
    case wrongCredentials = "wrong-credentials"
    case accountClosed = "account-closed"
    case passwordExpired = "password-expired"
    case wantsTLS = "wants-tls"
    case methodRefused = "method-refused"
    case kerberos
    case bindTimedOut = "bind-timed-out"
    case bindRefused = "bind-refused"
    case disconnected
    case timedOut = "timed-out"
    case malformed
    case limited
    case noAccess = "no-access"
    case noEntry = "no-entry"
    case referral
    case busy
    case incomplete
    case stopped
    case other
}
