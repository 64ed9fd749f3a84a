/// Brings the roster of one target in step with what the directory and the rules say: pure, and the same bytes for the same input.
package struct Reconciler: Sendable {
    package let settings: TargetSettings

    package init(settings: TargetSettings) { self.settings = settings }

    /// The plan without guards on the target as a whole: what would happen if nothing held it.
    ///
    /// Privileged grants are withheld all the same.
    package func plan(_ input: ReconcileInput, allowed: AllowedChanges = .everything) -> TargetPlan {
        write(input, allowed).plan
    }

    /// The written plan with what guards need to know about it.
    func write(_ input: ReconcileInput, _ allowed: AllowedChanges) -> PlanWriter {
        var planning = Planning(settings: settings, input: input, allowed: allowed)
        planning.decide()
        var writer = PlanWriter(planning)
        writer.write()
        return writer
    }
}
