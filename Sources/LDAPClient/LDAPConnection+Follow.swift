internal import CLDAP
internal import Glibc

/// How far following a search has come.
package enum Following: Sendable, Equatable {
    /// Nothing more came for a while; the search goes on.
    case quiet
    /// The server ended the search.
    case ended(SearchEnd)
    /// The stop flag of the settings was raised, or the task cancelled; the search is abandoned.
    case stopped
}

extension LDAPConnection {
    /// Takes in what comes of a search that the server does not end by itself, until nothing came for as long as `silence`.
    ///
    /// Without `silence` it waits for as long as the search lives; with `end` no longer than until then, whatever comes. Neither `timeouts.idle` nor `timeouts.pull` counts: silence is
    /// what such a search mostly consists of, and only keep-alive tells whether somebody is still there. Throws when the connection
    /// broke or what came is not LDAP. Pages cannot be followed.
    package func follow(
        _ search: inout BegunSearch, silence: Duration?, end: ContinuousClock.Instant? = nil,
        intermediate: (IntermediateResponse) throws(BERFault) -> Void,
        _ each: (borrowing EntryView) throws(BERFault) -> Void
    ) throws(LDAPError) -> Following {
        var quietEnd = silence.map { ContinuousClock.now.advanced(by: $0) }
        while true {
            var message: OpaquePointer?
            var step = timeval(min(.milliseconds(200), silence ?? .milliseconds(200)))
            let kind = ldap_result(handle, search.id, LDAP_MSG_ONE, &step, &message)
            guard kind >= 0 else { throw brokenOff(search) }
            if let message {
                defer { ldap_msgfree(message) }
                if try take(message, &search, intermediate, each) { return .ended(search.end) }
                quietEnd = silence.map { ContinuousClock.now.advanced(by: $0) }
            }
            if isStopped {
                abandon(search)
                return .stopped
            }
            if message == nil, let quietEnd, ContinuousClock.now >= quietEnd { return .quiet }
            if let end, ContinuousClock.now >= end { return .quiet }
        }
    }
}
