package import AccessModel
import DirectoryModel
package import MappingLanguage

/// The roster's side of why somebody has what they have on one target: status and causes, access, places in line, and what tonight would change.
///
/// The rules' side, with chains of nesting, is `MappingLanguage.Explanation`.
package struct RosterExplanation: Sendable {
    /// Nil for somebody who is no user.
    package var row: UserRow?
    package var email: String
    package var name: String
    package var access: Access
    /// Effective permissions of the last applied run, in canonical text; what a suspended user would have.
    package var effective: String
    package var details: UserDetails
    package var groups: [GroupKey]
    package var isProtected: Bool
    /// Places in line, each with how many stand in it and which the person is, counted from 1.
    package var places: [Place]
    /// What the plan would do, in its order; empty without a plan.
    package var changes: [ReasonedChange]
    /// Findings of the plan about the person.
    package var findings: [Finding]
    /// Holds of the plan that name the person.
    package var holds: [Hold]

    package struct Place: Sendable, Equatable {
        package var line: PlaceInLine
        package var position: Int
        package var of: Int

        package init(line: PlaceInLine, position: Int, of: Int) {
            self.line = line
            self.position = position
            self.of = of
        }
    }
}

extension TargetRoster {
    /// What the roster, and tonight's plan if there is one, tell of a person; nil when they know nothing.
    package func explanation(of person: PersonKey, plan: TargetPlan? = nil) -> RosterExplanation? {
        let place = users.indices.first { users[$0].id == person.id && users[$0].managed && key(of: $0) == person }
        let row = place.map { users[$0] }
        var explanation = RosterExplanation(
            row: row, email: row.map { texts[$0.email] } ?? "", name: row.map { texts[$0.name] } ?? "",
            access: row.flatMap { accesses.indices.contains(Int($0.access)) ? accesses[Int($0.access)] : nil } ?? .none,
            effective: row.flatMap { effective.indices.contains(Int($0.access)) ? effective[Int($0.access)] : nil }
                ?? "",
            details: place.flatMap { details[$0] } ?? UserDetails(),
            groups: row.flatMap { groupSets.indices.contains(Int($0.groupSet)) ? groupSets[Int($0.groupSet)] : nil }
                ?? [],
            isProtected: protected.contains(person), places: places(of: person), changes: [], findings: [], holds: [])
        if let plan {
            explanation.changes = plan.changes(of: person)
            explanation.findings = plan.findings.filter { $0.person == person }
            explanation.holds = plan.holds.filter { $0.people.contains(person) }
            explanation.isProtected = explanation.isProtected || plan.protected.contains(person)
        }
        let isKnown =
            row != nil || !explanation.places.isEmpty || !explanation.changes.isEmpty || !explanation.findings.isEmpty
            || !explanation.holds.isEmpty
        return isKnown ? explanation : nil
    }

    /// The line of each scope is kept in order, those who wait only for their turn apart.
    package func places(of person: PersonKey) -> [RosterExplanation.Place] {
        waiting.filter { $0.person == person }.map { mine in
            let line = waiting.filter { $0.scope == mine.scope && $0.forPace == mine.forPace }
            let position = line.firstIndex { $0.person == person } ?? 0
            return RosterExplanation.Place(line: mine, position: position + 1, of: line.count)
        }
    }
}

extension TargetPlan {
    /// The plan's changes for one person, each with its reason in a few words.
    package func changes(of person: PersonKey) -> [ReasonedChange] {
        let mine = subjects.indices.filter { place in
            let subject = subjects[place]
            return subject.id == person.id && Int(subject.directory) < directories.count
                && directories[Int(subject.directory)] == person.directory
        }
        if mine.isEmpty { return [] }
        return changes.filter { mine.contains(Int($0.subject)) }.map { change in
            ReasonedChange(
                change: change,
                reason: reasons.indices.contains(Int(change.reason)) ? reasons[Int(change.reason)] : .rules([]))
        }
    }
}
