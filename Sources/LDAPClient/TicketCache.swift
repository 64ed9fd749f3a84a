internal import CLDAP
internal import Synchronization

/// Where the tickets of one bind by Kerberos are: a cache that somebody else keeps, or one in memory, which ends with the bind.
final class TicketCache: Sendable {
    /// As the Kerberos library names it.
    let name: String
    private let isOwn: Bool

    private static let count = Atomic(0)

    init(_ credentials: KerberosCredentials) {
        switch credentials.source {
        case .cache(let name): (self.name, isOwn) = (name, false)
        case .keytab:
            let number = TicketCache.count.wrappingAdd(1, ordering: .relaxed).newValue
            (name, isOwn) = ("MEMORY:rollcall-\(number)", true)
        }
    }

    deinit {
        if isOwn { cldap_kerberos_forget(name) }
    }
}
