/// A history as a person reads it when it failed.
extension History: CustomStringConvertible {
    var description: String {
        var lines = ["\(target.platform.name), pools \(target.pools.map { "\($0.scope):\($0.limit)" })"]
        lines += policy + target.limits.map { "limit \($0.key.rawValue): \($0.value)" }.sorted()
        lines += rules.compactMap { $0.map(text) }
        lines += groups.filter { !$0.value.groups.isEmpty }.map {
            "group \($0.key) holds groups \($0.value.groups.sorted())"
        }.sorted()
        if !direct.isEmpty { lines.append("direct members only: \(direct.sorted())") }
        for (night, events) in nights.enumerated() {
            lines.append("night \(night): " + events.map { "\($0)" }.joined(separator: "; "))
        }
        return lines.joined(separator: "\n").replacing("ReferenceModelTests.", with: "")
    }

    private var policy: [String] {
        let remove = target.removeAfter.map { "\($0) s" } ?? "never"
        return [
            "policy: activates \(target.activatesNewUsers), reports disabled \(target.reportsDisabled)",
            "missing \(target.missingRuns) runs \(target.missingSeconds) s, settle \(target.settleSeconds) s",
            "suspends out of scope \(target.suspendsOutOfScope), inactive \(target.suspendsInactive)",
            "inactive after \(target.inactiveSeconds) s, remove after \(remove), shortage \(target.shortage)",
            "domain \(target.emailDomain ?? "any"), protected \(target.protected.sorted())",
            "floors \(target.platform.floors) \(target.floors), withholds \(target.withholdsPrivileges)",
            "reclaims after \(target.reclaimSeconds.map { "\($0) s" } ?? "never")",
            "leave \(target.leave.map { "\($0)" } ?? "none"), only \(target.only ?? "everybody")",
            "remove after \(target.removeAfterCause), window \(target.windowSeconds) s, week \(target.weekly)",
            "pace \(target.pace), owners hold seats in \(target.ownersHoldSeats.sorted())",
        ]
    }

    private func text(_ rule: ModelRule) -> String {
        var text = "\(rule.name): \(rule.condition) gives \(rule.scope):\(rule.role)"
        if let role = rule.otherwise { text += " otherwise \(role)" }
        if let template = rule.template { text += " template \(template) (\(rule.templatePriority))" }
        if let name = rule.switchOn { text += " switch \(name)" }
        if let assistant = rule.assistant { text += " assistant \(assistant)" }
        return text + " priority \(rule.seatPriority)"
    }
}
