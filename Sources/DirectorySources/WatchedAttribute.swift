/// An attribute of people that a pull counts, so that one which is hidden from the bind account is not taken for absent.
struct WatchedAttribute: Equatable {
    enum Demand: Equatable {
        /// Nearly everybody has it: somebody must show it, and no smaller a share of the people than at the last full pull.
        case required
        /// No smaller a share.
        case counted
        /// No smaller a share where nearly everybody had it: of what only some have, the share goes up and down by itself.
        case common
        /// Who has it may be disabled: where several had it, and are not all gone, somebody must show it.
        case marker
    }

    let name: String
    let demand: Demand

    init(_ name: String, _ demand: Demand) {
        self.name = name
        self.demand = demand
    }
}
