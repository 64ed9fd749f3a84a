package import DirectoryModel
import MappingLanguage
package import Reconciliation

extension TargetFiles {
    /// The mirror with the identities joined that are one person by what it holds and by whom the roster knows.
    package func united(_ mirror: Mirror, _ roster: TargetRoster) -> Mirror {
        guard let samePerson else { return mirror }
        return mirror.united(
            IdentityLinks(IdentityLinks.Scene(rule: samePerson, mirror: mirror, rosters: [roster])).standsFor)
    }

    /// The input with what the rules give by the directory as it was last read, groups frozen where they must be.
    ///
    /// No directory is asked.  Throws where the mapping names what that directory did not have.
    package func lastRead(
        _ input: ReconcileInput, _ mirror: Mirror, pins: [GroupPin]
    ) throws(AgentFailure) -> ReconcileInput {
        let mirror = united(mirror, input.roster)
        let known = pins.filter { $0.target == settings.name }.map {
            KnownGroup(reference: $0.reference, key: $0.key, name: $0.name, dn: $0.dn)
        }
        let compiled: CompiledMapping
        do {
            compiled = try CompiledMapping(mapping, mirror: mirror, trust: lock.map { .locked($0) } ?? .pinned(known))
        } catch {
            throw AgentFailure(
                .badData, "the mapping of \(settings.name) does not fit the directory as it was last read",
                hint: "`rollcall check --online` says what is missing", causes: error.problems.map(\.message))
        }
        let population = compiled.population(in: MembershipGraph(mirror))
        var input = input
        input.mirror = mirror
        _ = Reconciler(settings: settings).freeze(&input) {
            compiled.evaluate(mirror, population: population, frozen: $0)
        }
        return input
    }
}
