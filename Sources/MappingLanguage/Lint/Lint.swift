import AccessModel
import Diagnostics

/// What is allowed and hardly meant.
enum Lint {
    static func check(_ mapping: Mapping, into diagnostics: inout DiagnosticList) {
        guard !diagnostics.hasErrors else { return }
        checkDuplicates(mapping, into: &diagnostics)
        for rule in mapping.rules { checkCapture(rule, into: &diagnostics) }
        checkTemplates(mapping, into: &diagnostics)
        checkLogic(mapping, into: &diagnostics)
    }

    private static func checkDuplicates(_ mapping: Mapping, into diagnostics: inout DiagnosticList) {
        var seen: [String: [Rule]] = [:]
        for rule in mapping.rules {
            let text = rule.condition.text
            if let same = seen[text]?.first(where: { isSame($0, rule) }) {
                diagnostics.warning(
                    "mapping.duplicate-rule", at: rule.position,
                    "rule `\(rule.name)` asks and gives the same as rule `\(same.name)` in line \(same.position.line)",
                    hint: "remove one of them")
            }
            seen[text, default: []].append(rule)
        }
    }

    static func isSame(_ left: Rule, _ right: Rule) -> Bool {
        left.gift == right.gift && left.otherwise == right.otherwise && left.isPrivileged == right.isPrivileged
            && left.seatPriority == right.seatPriority && left.templatePriority == right.templatePriority
    }

    private static func checkCapture(_ rule: Rule, into diagnostics: inout DiagnosticList) {
        guard let captured = rule.condition.groups.compactMap(\.reference.captured).first else { return }
        let uses = rule.gift.workspace == .captured || rule.gift.grants.contains { $0.assistant == .captured }
        if uses { return }
        diagnostics.warning(
            "mapping.unused-capture", at: rule.position,
            "rule `\(rule.name)` captures `{\(captured.word)}` and does not use it",
            hint: "give `workspace: \"{\(captured.word)}\"`, or name the groups in full")
    }

    private static func checkTemplates(_ mapping: Mapping, into diagnostics: inout DiagnosticList) {
        let given = Set(mapping.rules.flatMap(\.gift.templates))
        for template in mapping.templates where !template.retired && !given.contains(template.name) {
            diagnostics.warning(
                "mapping.unused-template", at: mapping.templatePositions[template.name],
                "no rule gives template `\(template.name)`",
                hint: "remove it, or mark it `retired: true` while people are moved off it")
        }
    }
}
