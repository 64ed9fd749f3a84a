import AccessModel
import MappingLanguage

/// What becomes of what rules give beside what only the roster and the plan know: grants by hand, and privileges that wait for an approval.
extension TargetInquiry {
    /// The explanation with the outcomes of rules as the next run leaves them.
    func settled(_ explanation: Explanation, of person: PersonKey) -> Explanation {
        let after = standing(of: person, after: openPlan)?.access ?? .none
        let byHand = input.roster.explanation(of: person)?.details.manual.map(\.part) ?? []
        let isWithheld = !withheld(from: person).isEmpty
        if byHand.isEmpty && !isWithheld { return explanation }
        var explanation = explanation
        let held = after.manualParts
        for part in explanation.desired.access.manualParts where !held.contains(part) {
            guard let name = part.outcomeName,
                let fate = higher(than: part, in: after, byHand) ?? (isWithheld ? TargetInquiry.withheldWords : nil)
            else { continue }
            for place in explanation.rules.indices where explanation.rules[place].isMatched {
                explanation.rules[place].replaceGiven(name, "\(name) \(fate)")
            }
        }
        return explanation
    }

    private static let withheldWords = "is withheld until somebody approves it"

    /// What was given by hand and counts instead of the part; nil where nothing does.
    private func higher(
        than part: ManualGrant.Part, in access: Access, _ byHand: [ManualGrant.Part]
    ) -> String? {
        switch part {
        case .role(let role, let scope):
            guard let held = access.roleAsHigh(as: ScopedRole(scope: scope, role: role), on: settings.platform),
                byHand.contains(.role(held.role, scope: held.scope))
            else { return nil }
            return "loses to \(held.outcomeName), which is given by hand"
        case .template:
            let given = access.templates.first { byHand.contains(.template($0)) }
            guard let given, settings.platform.templatesPerUser == .one else { return nil }
            return "loses to template `\(given)`, which is given by hand"
        case .switchOn, .grant, .permission: return nil
        }
    }
}

extension ManualGrant.Part {
    /// What outcomes of rules call it; nil for what they say in other words.
    fileprivate var outcomeName: String? {
        switch self {
        case .role(let role, let scope): ScopedRole(scope: scope, role: role).outcomeName
        case .template(let name): "template `\(name)`"
        case .grant(let role, let scope): "`\(role)` on `\(scope)`"
        case .permission(let area, let values): "permission `\(AreaSetting(area: area, values: values).text)`"
        case .switchOn: nil
        }
    }
}

extension Access {
    /// The role that is as high as another one where that one would stand, or around there.
    func roleAsHigh(as wanted: ScopedRole, on platform: Platform) -> ScopedRole? {
        roles.first { held in
            wanted.scope.isInside(held.scope)
                && (platform.rank(of: held.role) ?? Int.max) <= (platform.rank(of: wanted.role) ?? Int.max)
        }
    }
}
