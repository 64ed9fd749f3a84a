internal import CLDAP

/// Why something asked of a server did not succeed: facts first, and an account of them in words.
package struct LDAPError: Error, Sendable, Equatable {
    package enum Problem: Sendable, Equatable {
        /// What was configured cannot work; the sentence says why, the hint what to do.
        case settings(String, hint: String)
        /// DNS names no servers of the domain, or none that may be used.
        case noServers(reason: String, hint: String)
        /// No connection: refused, unknown host, no route; in the words of the system.
        case unreachable(reason: String)
        case tls(TLSFault)
        /// The server agreed on a version of TLS older than 1.2.
        case oldTLS(version: String)
        /// The server does not offer StartTLS, or broke it off.
        case startTLSRefused
        /// Nothing came for as long as the settings allow.
        case timedOut(Wait)
        /// The connection ended in the middle.
        case disconnected
        /// The bind ended with a result code.
        case bindFailed
        /// The bind ended with a result code and the server told what is wrong with the account.
        case account(AccountFault)
        /// The bind by Kerberos failed, most often before the directory server was asked.
        case kerberos(KerberosFault)
        /// So many binds were sent and never answered.
        case bindUnanswered(count: Int)
        /// The server did not answer who it takes us for.
        case identityUnknown
        /// A search or read ended with a result code, libldap's included.
        case failed(base: String)
        /// The server sent something that is not LDAP.
        case malformed(String)
        /// The run was told to stop.
        case cancelled
    }

    package enum Wait: Sendable, Equatable { case connect, bind, answer, wholePull }

    package let problem: Problem
    /// The server's URL, or the domain whose servers were looked for.
    package let server: String
    /// The result code, 0 where none came.
    package let code: Int32
    /// What the server said with it, escaped and cut.
    package let serverText: String
    /// The certificate that the server showed, where TLS failed and it could be had.
    package var certificate: ServerCertificate?
    /// Whether a demand for a certificate of ours may be behind it: a server that misses one just ends the connection.
    package var mayWantCertificate = false

    package init(_ problem: Problem, server: String, code: Int32 = 0, serverText: String = "") {
        self.problem = problem
        self.server = server
        self.code = code
        self.serverText = serverText
    }

    /// Whether another server of the same directory may be tried after this happened while connecting and binding.
    ///
    /// Servers that are down, silent or busy are passed over. A wrong certificate is not: it may be somebody in between, or a server
    /// that nobody has looked after, and passing it over would hide that. Refused credentials are the same everywhere.
    package var leadsToNextServer: Bool {
        switch problem {
        case .unreachable, .timedOut(.connect), .timedOut(.bind), .disconnected, .tls(.closed): true
        case .bindFailed, .startTLSRefused: code == LDAP_BUSY || code == LDAP_UNAVAILABLE
        default: false
        }
    }

    /// Whether the credentials were turned down: sending them again may lock the account.
    package var isRefusal: Bool {
        switch problem {
        case .account, .bindUnanswered: true
        case .kerberos(.noKerberosServer): false
        case .kerberos: true
        case .bindFailed: !leadsToNextServer
        default: false
        }
    }

    /// Whether the same thing, done again from the beginning on a new connection, may succeed a moment later.
    package var isTransient: Bool {
        switch problem {
        case .disconnected, .tls(.closed), .timedOut(.bind), .timedOut(.answer), .kerberos(.noKerberosServer): true
        case .bindFailed, .startTLSRefused: leadsToNextServer
        case .failed, .identityUnknown: resultClass == .retry
        default: false
        }
    }

    /// Whether the server does not search for whom it takes us for, which is nobody: Active Directory says so by an operations error
    /// with Windows' ERROR_NOT_AUTHENTICATED (1244), and Samba in words.
    package var isNotBound: Bool {
        guard case .failed = problem, code == LDAP_OPERATIONS_ERROR else { return false }
        return serverText.hasPrefix("000004DC") || serverText.contains("Operation unavailable without authentication")
    }

    package var resultClass: ResultClass {
        if isNotBound { return .refused }
        return switch problem {
        case .unreachable, .timedOut, .disconnected: .retry
        case .account, .bindUnanswered, .kerberos: .refused
        case .bindFailed, .failed, .identityUnknown: ResultClass(code: code)
        default: .fatal
        }
    }
}
