import AccessModel
import DirectoryModel
import MappingLanguage

/// Why somebody no longer stands in line.
extension PlanWriter {
    /// Of a user or newcomer about whom the plan decides.
    func whyStopped(_ place: PlaceInLine, _ index: Int) -> Reason {
        let item = planning.cases[index]
        if item.newStatus == .suspended || item.newStatus == .removed, !newDetails(index).causes.isEmpty {
            let kind = standing(index)
            return .cause(kind, detail: beginning(kind, item))
        }
        if item.flags.contains(.withheld) {
            return .seats(pool: "", detail: "what they wait for takes an approval by name")
        }
        return whyStopped(place, person: item.person)
    }

    /// Of somebody about whom there is nothing else to say.
    func whyStopped(_ place: PlaceInLine, _ left: LineChanges.Left) -> Reason {
        whyStopped(place, person: left.person ?? RosterJoin.none)
    }

    private func whyStopped(_ place: PlaceInLine, person: UInt32) -> Reason {
        let input = planning.input
        guard person != RosterJoin.none else { return .cause(.missing, detail: "no longer in the directory") }
        let record = input.mirror.people[Int(person)]
        if !record.state.isEnabled { return .cause(.disabled, detail: "disabled in the directory") }
        let own = planning.ownCauses(of: person)
        let causes = planning.settings.policy.ownCauses.enumerated()
        if let (_, cause) = causes.first(where: { $0.offset < 64 && own & 1 << UInt64($0.offset) != 0 }) {
            return .cause(.own(cause.name), detail: CauseKind.own(cause.name).beginning)
        }
        return .noRule(before: "`\(place.role)`")
    }
}

extension Reason {
    /// What the end of a wait rests on.
    var stopEvidence: Evidence {
        if case .cause(let kind, _) = self { kind.evidence } else { .absence }
    }
}
