/// The scopes that one target really has, and their seat pools.
package struct Topology: Sendable, Equatable {
    /// Every scope of the target, sorted; the outermost is always there.
    package var scopes: [ScopeInstance]
    /// Sorted by scope, then class; a class without a pool in a scope is unlimited there.
    package var pools: [SeatPool]

    package init(scopes: [ScopeInstance], pools: [SeatPool]) {
        self.scopes = scopes
        self.pools = pools
    }

    package func scope(at path: ScopePath) -> ScopeInstance? { scopes.first { $0.path == path } }
}

/// One workspace, assistant, or the whole.
package struct ScopeInstance: Sendable, Equatable {
    package var path: ScopePath
    /// For information: `pro`.
    package var plan: String?
    /// Whether people with an outer role hold seats here.
    package var ownersHoldSeats: Bool

    package init(path: ScopePath, plan: String? = nil, ownersHoldSeats: Bool = false) {
        self.path = path
        self.plan = plan
        self.ownersHoldSeats = ownersHoldSeats
    }
}

/// A limited number of seats of one class in one scope.
package struct SeatPool: Sendable, Equatable {
    package var scope: ScopePath
    /// Name of the seat class.
    package var seatClass: String
    package var limit: Int
    /// For information, per seat: `29 EUR`.
    package var price: String?

    package init(scope: ScopePath, seatClass: String, limit: Int, price: String? = nil) {
        self.scope = scope
        self.seatClass = seatClass
        self.limit = limit
        self.price = price
    }

    /// `support/seat`, or just the class in the outermost scope.
    package var name: String {
        scope == .root ? seatClass : "\(scope)/\(seatClass)"
    }
}
