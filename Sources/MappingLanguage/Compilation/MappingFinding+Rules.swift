import AccessModel
import Diagnostics

/// What can be said of rules.
extension MappingFinding {
    /// Code of the finding about a privileged rule that gives nothing.
    package static let needsLock = "mapping.privileged-needs-lock"

    static func privilegedNeedsLock(_ rule: Rule) -> MappingFinding {
        MappingFinding(
            code: needsLock,
            message: "rule `\(rule.name)` is privileged and there is no lock file: it gives nothing",
            hint: "run `rollcall lock` and have the lock file reviewed", position: rule.position)
    }

    static func attributeNotRead(_ test: AttributeTest) -> MappingFinding {
        MappingFinding(
            code: "mapping.attribute-not-read",
            message: "attribute `\(test.name)` was not read from the directory, so nobody can be tested by it",
            hint: "add it to `trusted_attributes`", position: test.position)
    }

    static func unknownWord(_ word: String, group: String, _ rule: Rule, known: [String]) -> MappingFinding {
        MappingFinding(
            code: "mapping.captured-word-unknown",
            message:
                "group `\(group)` fits rule `\(rule.name)`, but `\(word)` is not in the topology: it gives nothing",
            hint: NearestName.hint(for: word, in: known, called: "in the topology"), position: rule.position)
    }

    static func matchesNobody(_ rule: Rule) -> MappingFinding {
        MappingFinding(
            code: "mapping.rule-matches-nobody", message: "rule `\(rule.name)` matches nobody", position: rule.position)
    }

    /// By file and place, then code and message; each once.
    static func sorted(_ findings: [MappingFinding]) -> [MappingFinding] {
        let sorted = findings.sorted { left, right in
            if left.position != right.position {
                guard let mine = left.position else { return true }
                guard let other = right.position else { return false }
                return mine < other
            }
            return left.code == right.code ? precedes(left.message, right.message) : precedes(left.code, right.code)
        }
        return sorted.enumerated().filter { $0.offset == 0 || sorted[$0.offset - 1] != $0.element }.map(\.element)
    }
}
