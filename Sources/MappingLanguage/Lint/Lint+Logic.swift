import AccessModel
import Diagnostics

/// Rules that cannot do anything, and rules that contradict each other, whatever the directory holds.
extension Lint {
    static func checkLogic(_ mapping: Mapping, into diagnostics: inout DiagnosticList) {
        let idle = checkConditions(mapping, into: &diagnostics)
        let rules = ComparedRules(mapping, without: idle)
        for place in rules.places {
            guard let other = rules.places.first(where: { rules.isShadowed(place, by: $0) }) else { continue }
            let (rule, wider) = (mapping.rules[place], mapping.rules[other])
            diagnostics.warning(
                "mapping.shadowed-rule", at: rule.position,
                "rule `\(rule.name)` never makes a difference: whomever it matches, rule `\(wider.name)` in line "
                    + "\(wider.position.line) matches, too, and gives as much or more",
                hint: "remove it, or narrow rule `\(wider.name)`")
        }
        if mapping.platform.templatesPerUser == .one { checkTemplateConflicts(rules, into: &diagnostics) }
    }

    /// Tells of conditions that nobody or everybody meets; the places of the former.
    private static func checkConditions(_ mapping: Mapping, into diagnostics: inout DiagnosticList) -> Set<Int> {
        var idle: Set<Int> = []
        for (place, rule) in mapping.rules.enumerated() {
            if ConditionLogic.isImpossible(rule.condition) {
                idle.insert(place)
                diagnostics.warning(
                    "mapping.never-matches", at: rule.position,
                    "rule `\(rule.name)` can match nobody: its condition contradicts itself",
                    hint: "look for something that is asked for and excluded at once")
            } else if ConditionLogic.isCertain(rule.condition) {
                diagnostics.warning(
                    "mapping.matches-everybody", at: rule.position,
                    "rule `\(rule.name)` matches everybody, whoever they are: its condition excludes nobody",
                    hint: "if that is meant, say it plainly with `under:` and the base of all people")
            }
        }
        return idle
    }

    private static func checkTemplateConflicts(_ rules: ComparedRules, into diagnostics: inout DiagnosticList) {
        let mapping = rules.mapping
        for place in rules.places {
            let rule = mapping.rules[place]
            let rivals = rules.places.filter { other in
                let rival = mapping.rules[other]
                return other != place && !rule.gift.templates.isEmpty && !rival.gift.templates.isEmpty
                    && rival.gift.templates != rule.gift.templates && rival.templatePriority == rule.templatePriority
            }
            guard let other = rivals.first(where: { rules.implies(place, $0) }) else { continue }
            let rival = mapping.rules[other]
            if other > place, rules.implies(other, place) { continue }
            diagnostics.warning(
                "mapping.contradicting-templates", at: rule.position,
                "everybody whom rule `\(rule.name)` matches gets template `\(rule.gift.templates.joined(separator: ", "))` "
                    + "from it and `\(rival.gift.templates.joined(separator: ", "))` from rule `\(rival.name)` in line "
                    + "\(rival.position.line), and may have one",
                hint: "give one of the rules a higher `template_priority`")
        }
    }
}
