package import DirectoryModel
import MappingLanguage

/// Whom a target is about while it is a pilot: members of one group; everybody else is left as they are.
struct PilotScope {
    private let people: PersonSet
    /// For each of the roster's sets of groups whether the pilot's group is in it: what counts for who is not in the mirror.
    private let recorded: [Bool]
    let name: String

    /// Nil where the target is no pilot.
    init?(_ input: ReconcileInput) {
        guard let place = input.evaluation.pilot else { return nil }
        guard place < input.evaluation.groups.count, place < input.evaluation.effectivePeople.count else {
            people = .empty
            recorded = []
            name = ""
            return
        }
        let group = input.evaluation.groups[place]
        people = input.evaluation.effectivePeople[place]
        recorded = input.roster.groupSets.map { $0.contains(group.key) }
        name = group.name
    }

    /// How many people of the mirror it is about.
    var count: Int { people.count }

    func contains(person: UInt32) -> Bool { people.contains(person) }

    /// Whether a user takes part; who is not in the mirror does when they did in the last applied run.
    @inline(__always)
    func contains(_ row: UserRow, _ person: UInt32) -> Bool {
        if person != RosterJoin.none { return people.contains(person) }
        return Int(row.groupSet) < recorded.count && recorded[Int(row.groupSet)]
    }
}

/// What a pilot means for one person.
package struct PilotStanding: Sendable, Equatable {
    /// Name of the pilot's group; empty where it cannot be believed, so that nobody takes part.
    package var group: String
    /// Whether the person takes part; nobody else is changed.
    package var takesPart: Bool

    /// Nil where the target is no pilot; `person` is a place in the mirror of the input.
    package init?(_ person: PersonIndex, _ input: ReconcileInput) {
        guard let scope = PilotScope(input) else { return nil }
        group = scope.name
        takesPart = scope.contains(person: UInt32(truncatingIfNeeded: Int(person)))
    }
}

/// The own causes that hold, person by person.
enum OwnCauseMasks {
    /// One bit for each of the first 64 causes; empty where none holds for anybody.
    static func of(_ input: ReconcileInput) -> [UInt64] {
        if input.evaluation.causes.allSatisfy({ $0.count == 0 }) { return [] }
        var masks = [UInt64](repeating: 0, count: input.mirror.people.count)
        for (place, people) in input.evaluation.causes.enumerated() where place < 64 {
            people.forEach { if Int($0) < masks.count { masks[Int($0)] |= 1 << UInt64(place) } }
        }
        return masks
    }
}

extension Planning {
    /// Tells once how many people a pilot leaves as they are.
    mutating func reportPilot(outside: Int) {
        guard let pilot else { return }
        let people = pilot.count == 1 ? "1 person" : "\(pilot.count) people"
        let others = outside == 1 ? "1 other user is" : "\(outside) other users are"
        guard !pilot.name.isEmpty else {
            findings.append(
                Finding(
                    code: "pilot.only", weight: .warning,
                    message:
                        "a pilot whose group is not known yet, or not locked: nobody takes part, \(others) left as they are",
                    hint: "look at the group of `policy: only`, and take it into the lock file with `rollcall lock`"))
            return
        }
        findings.append(
            Finding(
                code: "pilot.only", weight: .note,
                message: "a pilot: group `\(pilot.name)` with \(people) is kept in step, \(others) left as they are",
                hint: "see `policy: only` in the configuration"))
    }

    /// Whether a human's grant to a user is over.
    func hasExpiredGrant(_ place: Int) -> Bool {
        input.roster.details[place]?.manual.contains { $0.isExpired(at: input.now) } ?? false
    }

    /// That a pilot leaves somebody what a human gave for a time that is over.
    mutating func reportExpiredOutside(_ place: Int) {
        findings.append(
            Finding(
                code: "pilot.grant-expired", weight: .warning, person: input.roster.key(of: place),
                label: input.roster.email(of: place),
                message: "what was given by hand has expired, and stays, since a pilot leaves this user as they are",
                hint: "take it back with `rollcall revoke`"))
    }

    /// Whether somebody in the mirror takes part, where the target is a pilot.
    func isInPilot(person: Int) -> Bool { pilot?.contains(person: UInt32(truncatingIfNeeded: person)) ?? true }
}
