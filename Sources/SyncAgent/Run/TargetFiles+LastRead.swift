import Diagnostics
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
        let compiled = try compiled(mapping, mirror, pins)
        let population = compiled.population(in: MembershipGraph(mirror))
        var input = input
        input.mirror = mirror
        _ = Reconciler(settings: settings).freeze(&input) {
            compiled.evaluate(mirror, population: population, frozen: $0)
        }
        return input
    }
    /// The target as the next run would decide about it if the directory were still as it was last read, rules named as people know
    /// them.
    ///
    /// Throws where the mapping names what that directory did not have.
    package func inquiry(
        _ input: ReconcileInput, _ mirror: Mirror, pins: [GroupPin]
    ) throws(AgentFailure) -> TargetInquiry {
        var input = input
        input.mirror = united(mirror, input.roster)
        return TargetInquiry(settings, try compiled(namedMapping, input.mirror, pins), input)
    }

    /// The same from the people alone whom a question can concern; throws where it takes everybody.
    package func inquiry(
        part input: ReconcileInput, others: [RosterRest.Users], pins: [GroupPin]
    ) throws(EverybodyReason) -> TargetInquiry {
        guard samePerson == nil else { throw EverybodyReason(.samePerson, "`same_person` compares everybody") }
        return try TargetInquiry(settings, namedMapping, trust: trust(pins), part: input, others: others)
    }

    /// The mapping with its file called as people know it.
    private var namedMapping: Mapping {
        var mapping = mapping
        for place in mapping.rules.indices {
            let position = mapping.rules[place].position
            mapping.rules[place].position = SourcePosition(
                file: mappingName, line: position.line, column: position.column)
        }
        return mapping
    }

    private func trust(_ pins: [GroupPin]) -> GroupTrust {
        lock.map { .locked($0) }
            ?? .pinned(
                pins.filter { $0.target == settings.name }.map {
                    KnownGroup(reference: $0.reference, key: $0.key, name: $0.name, dn: $0.dn)
                })
    }

    private func compiled(
        _ mapping: Mapping, _ mirror: Mirror, _ pins: [GroupPin]
    ) throws(AgentFailure) -> CompiledMapping {
        do {
            return try CompiledMapping(mapping, mirror: mirror, trust: trust(pins))
        } catch {
            throw AgentFailure(
                .badData, "the mapping of \(settings.name) does not fit the directory as it was last read",
                hint: "`rollcall check --online` says what is missing", causes: error.problems.map(\.message))
        }
    }
}
