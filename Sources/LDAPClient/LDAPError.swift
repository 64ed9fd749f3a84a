/// Why something asked of a server did not succeed: facts first, and an account of them in words.
package struct LDAPError: Error, Sendable, Equatable {
    package enum Problem: Sendable, Equatable {
        /// What was configured cannot work; the sentence says why, the hint what to do.
        case settings(String, hint: String)
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
        /// A search or read ended with a result code, libldap's included.
        case failed(base: String)
        /// The server sent something that is not LDAP.
        case malformed(String)
        /// The run was told to stop.
        case cancelled
    }

    package enum Wait: Sendable, Equatable { case connect, answer, wholePull }

    package let problem: Problem
    /// The server's URL.
    package let server: String
    /// The result code, 0 where none came.
    package let code: Int32
    /// What the server said with it, escaped and cut.
    package let serverText: String

    package init(_ problem: Problem, server: String, code: Int32 = 0, serverText: String = "") {
        self.problem = problem
        self.server = server
        self.code = code
        self.serverText = serverText
    }

    /// Whether another server of the same directory may be tried: only when this one could not be reached at all.
    package var isConnectFailure: Bool {
        switch problem {
        case .unreachable, .timedOut(.connect): true
        default: false
        }
    }

    package var resultClass: ResultClass {
        switch problem {
        case .unreachable, .timedOut, .disconnected: .retry
        case .bindFailed, .failed: ResultClass(code: code)
        default: .fatal
        }
    }
}
