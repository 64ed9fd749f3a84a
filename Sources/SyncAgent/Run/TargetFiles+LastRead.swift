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
    /// `told` is what the last applied run found. Throws where the mapping names what that directory did not have.
    package func inquiry(
        _ input: ReconcileInput, _ mirror: Mirror, pins: [GroupPin], told: [Finding]
    ) throws(AgentFailure) -> TargetInquiry {
        var input = input
        input.mirror = united(mirror, input.roster)
        let mirror = input.mirror
        let read = mirror.directories.enumerated().filter { place, _ in
            mirror.people.contains { Int($0.directory) == place }
        }.map(\.element)
        // Of a directory that no run kept, nothing says who is not in it.
        let absences = absences(input, told) { read.contains($0.directory) }
        input.absences = absences.findings
        var inquiry = TargetInquiry(settings, try compiled(namedMapping, input.mirror, pins), input)
        inquiry.assumedGone = absences.assumed
        return inquiry
    }

    /// What the next run would learn of whom it asks about.
    private func absences(
        _ input: ReconcileInput, _ told: [Finding], where isRead: (PersonKey) -> Bool = { _ in true }
    ) -> RememberedAbsences {
        let missing = MissingUsers(
            targets: [(settings, input.roster)], mirror: input.mirror, approvals: input.approvals, run: input.run)
        return RememberedAbsences(missing.keys.filter(isRead), of: input.roster, told: told)
    }

    /// The same from the people alone whom a question can concern; throws where it takes everybody.
    package func inquiry(
        part input: ReconcileInput, others: [RosterRest.Users], pins: [GroupPin], told: [Finding]
    ) throws(EverybodyReason) -> TargetInquiry {
        guard samePerson == nil else { throw EverybodyReason(.samePerson, "`same_person` compares everybody") }
        var input = input
        var counted = input
        // Of part of the people nothing tells that a directory shrank; where a guard holds the target, a part is not enough.
        counted.roster.baseline = nil
        let absences = absences(counted, told)
        input.absences = absences.findings
        var inquiry = try TargetInquiry(settings, namedMapping, trust: trust(pins), part: input, others: others)
        inquiry.assumedGone = absences.assumed
        return inquiry
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
