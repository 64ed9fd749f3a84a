package import Reconciliation

/// Reasons as sentences.
extension Reason {
    /// One line: rule with its place in the file and groups, cause, pool, file or human.
    package var sentence: String {
        switch self {
        case .rules(let rules):
            return rules.isEmpty ? "no rule" : rules.map(\.sentence).joined(separator: "; ")
        case .noRule(let before):
            return "no rule gives \(before.isEmpty ? "it" : before) any more"
        case .cause(let kind, let detail):
            // A detail may say the cause in its own words already.
            if detail.utf8.starts(with: kind.title.utf8) || kind == .outOfScope && !detail.isEmpty { return detail }
            return detail.isEmpty ? kind.title : "\(kind.title): \(detail)"
        case .seats(let pool, let detail):
            if pool.isEmpty { return detail.isEmpty ? "seats" : detail }
            return detail.isEmpty ? "seats of \(pool)" : "seats of \(pool): \(detail)"
        case .edited(let file):
            return "\(file) was edited"
        case .directory(let detail):
            return detail.isEmpty ? "the directory says so" : detail
        case .recorded(let text):
            return text
        case .human(let name, let reason):
            return reason.isEmpty ? "done by \(name)" : "done by \(name): \(reason)"
        }
    }

    /// The same with a line for each rule.
    package var sentences: [String] {
        if case .rules(let rules) = self, rules.count > 1 { return rules.map(\.sentence) }
        return [sentence]
    }

    /// Stable name of the kind of reason, for programs.
    package var name: String {
        switch self {
        case .rules: "rules"
        case .noRule: "no_rule"
        case .cause(let kind, _): kind.rawValue
        case .seats: "seats"
        case .edited: "edited"
        case .directory: "directory"
        case .human: "human"
        case .recorded: "recorded"
        }
    }
}

extension RuleReason {
    /// ``rule `Support desk` (mappings/vivi.yaml:14), group support``.
    package var sentence: String {
        let word = captured.map { " for \($0)" } ?? ""
        let noun = groups.count == 1 ? "group" : "groups"
        let from = groups.isEmpty ? "" : ", \(noun) \(groups.joined(separator: ", "))"
        return "rule `\(rule)`\(word) (\(place))\(from)"
    }
}

extension CauseKind {
    /// The cause as people say it.
    package var title: String {
        switch self {
        case .disabled: "disabled in the directory"
        case .missing: "gone from the directory"
        case .outOfScope: "outside the bases or the filter"
        case .unmapped: "no rule gives anything any more"
        case .inactive: "not signed in for long"
        case .manual: "suspended by hand"
        case .reclaimed: "seat taken back"
        case .own(let name): name
        }
    }
}
