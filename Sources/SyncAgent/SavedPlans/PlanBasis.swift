package import Reconciliation

/// What plans were made from, as far as applying them later depends on it.
package struct PlanBasis: Sendable, Equatable {
    package struct Target: Sendable, Equatable {
        package var name: String
        /// Digest of each file and section that decided, limits and pace among them.
        package var fingerprints: [String: String]
        /// The run that the guards compared with; nil before the first.
        package var baselineRun: Int64?
        /// Everybody's place in line in one digest: who, where, for what and since when.
        package var line: String
    }
    package var generation: Int64
    /// Number of the run that the plans were made for.
    package var run: Int64
    package var time: Int64
    package var version: String
    package var pins: [GroupPin]
    /// Users who are known by another identity once the plans are applied.
    package var moves: [IdentityMove] = []
    package var targets: [Target]
}

extension PlanBasis {
    init(
        _ roster: Roster, targets: [TargetFiles], pins: [GroupPin], moves: [IdentityMove], facts: RunOutcome.Facts
    ) {
        self.moves = moves
        generation = roster.generation
        run = facts.number
        time = facts.started
        version = facts.version
        self.pins = pins
        self.targets = targets.map { target in
            let users = roster.targets.first { $0.target == target.settings.name }
            return Target(
                name: target.settings.name, fingerprints: target.planFingerprints,
                baselineRun: users?.baseline?.run, line: PlanBasis.line(users?.waiting ?? []))
        }
    }

    static func line(_ waiting: [PlaceInLine]) -> String {
        let places = waiting.map {
            "\($0.person.directory) \($0.person.id) \($0.scope) \($0.role) \($0.seatPriority) \($0.since) \($0.forPace) \($0.isFirst)"
        }
        return ContentDigest.of(places.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: "\n"))
    }
}
