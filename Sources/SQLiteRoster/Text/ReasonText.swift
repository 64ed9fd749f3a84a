import Reconciliation

/// A reason as the audit keeps it: one sentence for humans.
enum ReasonText {
    static func text(_ reason: Reason) -> String {
        switch reason {
        case .rules(let rules): rules.map(rule).joined(separator: "; ")
        case .noRule(let before): "no rule gives \(before.isEmpty ? "it" : before) any more"
        case .cause(let kind, let detail): cause(kind, detail)
        case .seats(let pool, let detail): pool.isEmpty ? detail : "seats of \(pool): \(detail)"
        case .edited(let file): "\(file) was edited"
        case .directory(let detail): "the directory changed: \(detail)"
        case .recorded(let text): text
        case .human(let name, let reason): reason.isEmpty ? "by \(name)" : "by \(name): \(reason)"
        }
    }

    /// A detail that says the cause itself stands alone: `disabled in the directory: attribute …`.
    private static func cause(_ kind: CauseKind, _ detail: String) -> String {
        if detail.isEmpty { return kind.rawValue }
        // Plans say it in these words, too.
        if kind == .outOfScope || kind == .missing && detail.utf8.starts(with: "gone ".utf8) { return detail }
        return detail.utf8.starts(with: "\(kind.rawValue) ".utf8) ? detail : "\(kind.rawValue): \(detail)"
    }

    private static func rule(_ reason: RuleReason) -> String {
        let captured = reason.captured.map { " for \($0)" } ?? ""
        let noun = reason.groups.count == 1 ? "group" : "groups"
        let groups = reason.groups.isEmpty ? "" : ", \(noun) \(reason.groups.joined(separator: ", "))"
        return "rule `\(reason.rule)`\(captured) (\(reason.place))\(groups)"
    }
}
