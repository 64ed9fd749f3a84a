import Synchronization

/// What a proxy sends, or does, in place of a message.
package enum LDAPAction: Sendable {
    /// The message goes on in its direction.
    case pass(LDAPMessage)
    /// Bytes go on in its direction, whatever they are.
    case bytes([UInt8])
    /// A message goes back to where this one came from.
    case reply(LDAPMessage)
    /// Something is done before the next action.
    case perform(@Sendable () -> Void)
    /// From here on so many bytes a second go on in this direction.
    case drip(bytesPerSecond: Int)
    /// Nothing more goes on in this direction, and the connection stays open.
    case stall
    /// This direction ends; the other stays open.
    case halfClose
    /// The connection ends in order, or by a reset.
    case close
    case reset
}

/// What a proxy knows of the connection that a message is on.
package struct LDAPExchange: Sendable {
    /// Counted from 0 over all connections of the proxy.
    package var connection: Int
    /// The request that a message of the server answers; nil for notices.
    package var request: LDAPMessage?
}

/// What bad servers and networks do with messages.
///
/// Faults of a proxy work one after another, each on what the one before passes.
package struct LDAPFault: Sendable {
    package typealias Change = @Sendable (LDAPMessage, LDAPExchange) -> [LDAPAction]

    /// For messages of the client, and of the server.
    package var onRequest: Change?
    package var onResponse: Change?

    package init(onRequest: Change? = nil, onResponse: Change? = nil) {
        self.onRequest = onRequest
        self.onResponse = onResponse
    }

    /// A fault of the server's messages only, by a closure that changes each.
    package static func responses(_ change: @escaping Change) -> LDAPFault { LDAPFault(onResponse: change) }
    package static func requests(_ change: @escaping Change) -> LDAPFault { LDAPFault(onRequest: change) }
}

/// Which messages of a server a fault is about.
package struct LDAPPlace: Sendable {
    /// Nil for every kind.
    package var kind: LDAPMessage.Kind?
    /// Which of those that match, counted on each connection: the first has number 1; nil for all of them.
    package var number: Int?
    /// What must hold of the request that is answered.
    package var request: @Sendable (LDAPMessage) -> Bool

    package init(
        _ kind: LDAPMessage.Kind?, number: Int? = nil,
        request: @escaping @Sendable (LDAPMessage) -> Bool = { _ in true }
    ) {
        self.kind = kind
        self.number = number
        self.request = request
    }

    package static let bind = LDAPPlace(.bindResponse, number: 1)
    /// An entry of a search whose base begins so.
    package static func entry(_ number: Int?, under base: String = "") -> LDAPPlace {
        LDAPPlace(.searchEntry, number: number) { isUnder($0, base) }
    }
    /// The end of a page, or of a search without pages, whose base begins so.
    package static func done(_ number: Int?, under base: String = "") -> LDAPPlace {
        LDAPPlace(.searchDone, number: number) { isUnder($0, base) }
    }
    /// An entry, or the end, of a search with this scope and base.
    package static func entry(scope: Int, base: String, number: Int? = nil) -> LDAPPlace {
        LDAPPlace(.searchEntry, number: number) { $0.search?.scope == scope && isUnder($0, base) }
    }
    package static func done(scope: Int, base: String, number: Int? = nil) -> LDAPPlace {
        LDAPPlace(.searchDone, number: number) { $0.search?.scope == scope && isUnder($0, base) }
    }

    /// Whether a search is of a whole subtree with this base; with an empty one any search.
    private static func isUnder(_ request: LDAPMessage, _ base: String) -> Bool {
        base.isEmpty || request.search?.base.lowercased().hasPrefix(base.lowercased()) == true
    }

    /// A test of messages that counts, for one fault.
    func matcher() -> @Sendable (LDAPMessage, LDAPExchange) -> Bool {
        let seen = Mutex<[Int: Int]>([:])
        return { message, exchange in
            guard kind == nil || message.kind == kind, exchange.request.map(request) ?? (kind == nil) else {
                return false
            }
            guard let number else { return true }
            return seen.withLock { seen in
                seen[exchange.connection, default: 0] += 1
                return seen[exchange.connection] == number
            }
        }
    }
}

/// Counts from 1, whoever asks.
package final class Count: Sendable {
    private let value = Mutex(0)

    package init() {}

    package func next() -> Int {
        value.withLock {
            $0 += 1
            return $0
        }
    }

    package var current: Int { value.withLock { $0 } }
}
