/// What a guard counted.
package struct GuardTally: Sendable, Equatable {
    package var kind: GuardKind
    package var count: Int
    package var limit: Int
    /// `25 (50, halved: mappings/vivi.yaml changed since run 811)`.
    package var limitText: String
    /// How many of the count an approval covers.
    package var approved: Int
    /// How many earlier runs changed within the window; they are not in `count`.
    package var earlier: Int
    /// The rolling window, as a person would write it: `24h`, `7 days`.
    package var window: String
    /// Whether more would happen than the limit lets through, of the plan alone or with what earlier runs did.
    package var isExceeded: Bool

    package init(
        kind: GuardKind, count: Int, limit: Int, limitText: String, approved: Int, earlier: Int = 0,
        window: String = "", isExceeded: Bool? = nil
    ) {
        self.kind = kind
        self.earlier = earlier
        self.window = window
        self.count = count
        self.limit = limit
        self.limitText = limitText
        self.approved = approved
        let own = count - approved
        self.isExceeded = isExceeded ?? (own > limit || own > 0 && own + earlier > limit)
    }
}

extension GuardTally {
    /// The window of the limits of `week`.
    package static let week = "7 days"
}
