/// About whom a run that read changes decided.
package enum DecisionScope: Sendable, Equatable {
    /// So many people, whom the changes can affect.
    case people(Int)
    /// Everybody, for this reason: one sentence without its period.
    case everybody(String)
}
