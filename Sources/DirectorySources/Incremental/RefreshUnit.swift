/// One search of a directory that is kept up to date.
struct RefreshUnit: Hashable, Sendable {
    enum Kind: String, Sendable, CaseIterable { case people, groups, containers }

    var kind: Kind
    /// As configured.
    var base: String

    /// The name of its mark in a position.
    var mark: String { "\(kind.rawValue) \(base)" }
}
