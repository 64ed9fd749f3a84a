import AccessModel

/// What can be said of rules and the people they meet.
extension MappingFinding {
    static func losesPermissions(
        _ loser: Rule, to winner: Rule, _ gift: InstanceGift, _ extra: [AreaSetting], _ people: Int
    ) -> MappingFinding {
        let place = gift.scope == .root ? "" : " in `\(gift.scope)`"
        let more = extra.prefix(3).map { "`\($0.text)`" }.joined(separator: ", ")
        let rest = extra.count > 3 ? " and \(extra.count - 3) more" : ""
        return MappingFinding(
            code: "mapping.loser-gives-more",
            message: "rule `\(loser.name)` alone would also give \(more)\(rest)\(place); role `\(gift.role)` of rule "
                + "`\(winner.name)` wins (\(count(people)))",
            position: loser.position)
    }

    static func templateConflict(_ givers: [(rule: Rule, template: String)], _ people: Int) -> MappingFinding {
        var names: [String] = []
        for giver in givers where !names.contains(where: { $0.hasPrefix("`\(giver.template)`") }) {
            names.append("`\(giver.template)` (rule `\(giver.rule.name)`)")
        }
        return MappingFinding(
            code: "mapping.template-conflict",
            message: "\(count(people)) would get templates " + names.joined(separator: " and ")
                + ", and may have one: they keep what they have",
            hint: "give one of the rules a higher `template_priority`", position: givers.first?.rule.position)
    }

    static func grantWithoutEffect(_ rule: Rule, _ scope: String, _ people: Int) -> MappingFinding {
        MappingFinding(
            code: "mapping.grant-without-effect",
            message:
                "rule `\(rule.name)`: the grant on `\(scope)` has no effect for \(count(people)) whose role gives as much",
            position: rule.position)
    }

    static func retiredTemplate(_ rule: Rule, _ template: String, _ people: Int) -> MappingFinding {
        MappingFinding(
            code: "mapping.template-retired",
            message: "rule `\(rule.name)` gives `\(template)`, which is retired, to \(count(people))",
            hint: "move the rule to another template", position: rule.position)
    }

    static func unprivileged(_ rule: Rule, _ what: String, _ people: Int) -> MappingFinding {
        MappingFinding(
            code: "mapping.privileged-withheld",
            message: "rule `\(rule.name)` is not privileged: \(what) is withheld from \(count(people))",
            hint: "add `privileged: true`, with a literal group and `nested`", position: rule.position)
    }

    private static func count(_ people: Int) -> String { people == 1 ? "1 person" : "\(people) people" }
}
