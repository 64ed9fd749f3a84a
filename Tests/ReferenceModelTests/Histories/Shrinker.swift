/// Makes a failing history smaller as long as it still fails.
struct Shrinker {
    private(set) var history: History

    init(_ history: History) {
        self.history = history
        var isShrinking = true
        while isShrinking { isShrinking = dropNights() || dropEvents() || dropRules() || simplify() }
    }

    private static func fails(_ history: History) -> Bool { !HistoryRun(history).differences.isEmpty }

    private mutating func keep(_ smaller: History) -> Bool {
        guard Shrinker.fails(smaller) else { return false }
        history = smaller
        return true
    }

    private mutating func dropNights() -> Bool {
        var smaller = history
        let last = HistoryRun(history).night
        if last + 1 < history.nights.count {
            smaller.nights.removeSubrange((last + 1)...)
            return keep(smaller)
        }
        for night in history.nights.indices.dropFirst().reversed() {
            smaller = history
            let events = smaller.nights.remove(at: night)
            if keep(smaller) { return true }
            smaller.nights[night - 1] += events
            if keep(smaller) { return true }
        }
        return false
    }

    private mutating func dropEvents() -> Bool {
        for night in history.nights.indices {
            for event in history.nights[night].indices.reversed() {
                var smaller = history
                smaller.nights[night].remove(at: event)
                if keep(smaller) { return true }
            }
        }
        return false
    }

    private mutating func dropRules() -> Bool {
        for place in history.rules.indices where history.rules[place] != nil {
            var smaller = history
            smaller.rules[place] = nil
            if keep(smaller) { return true }
        }
        return false
    }

    /// Settings back to what does least.
    private mutating func simplify() -> Bool {
        let steps: [(inout ModelTarget) -> Bool] = [
            {
                let had = !$0.protected.isEmpty; $0.protected = []; return had
            },
            {
                let had = !$0.floors.isEmpty || !$0.platform.floors.isEmpty; $0.floors = [:]; $0.platform.floors = [:];
                return had
            },
            {
                let had = !$0.limits.isEmpty; $0.limits = [:]; return had
            },
            {
                let had = $0.withholdsPrivileges; $0.withholdsPrivileges = false; return had
            },
            {
                let had = $0.pace < 1_000_000; $0.pace = 1_000_000; return had
            },
            {
                let had = $0.removeAfter != nil; $0.removeAfter = nil; return had
            },
            {
                let had = $0.shortage != .wait; $0.shortage = .wait; return had
            },
            {
                let had = $0.pools.contains { $0.limit != 100 };
                for place in $0.pools.indices { $0.pools[place].limit = 100 }; return had
            },
            {
                let had = $0.emailDomain != nil; $0.emailDomain = nil; return had
            },
            {
                let had = !$0.ownersHoldSeats.isEmpty; $0.ownersHoldSeats = []; return had
            },
        ]
        for step in steps {
            var smaller = history
            if step(&smaller.target), keep(smaller) { return true }
        }
        return false
    }
}

extension History: CustomStringConvertible {
    var description: String {
        var lines = ["\(target.platform.name), pools \(target.pools.map { "\($0.scope):\($0.limit)" })"]
        lines.append(
            "policy: activates \(target.activatesNewUsers), missing \(target.missingRuns) runs \(target.missingSeconds) s, out of scope \(target.suspendsOutOfScope ? "suspend" : "report"), settle \(target.settleSeconds) s, inactive \(target.suspendsInactive ? "suspend" : "report"), remove after \(target.removeAfter.map { "\($0)" } ?? "never"), shortage \(target.shortage), domain \(target.emailDomain ?? "any"), protected \(target.protected.sorted()), floors \(target.platform.floors) \(target.floors), withholds \(target.withholdsPrivileges), pace \(target.pace), reports disabled \(target.reportsDisabled), owners hold \(target.ownersHoldSeats.sorted())"
        )
        lines += target.limits.map { "limit \($0.key.rawValue): \($0.value)" }.sorted()
        for rule in rules.compactMap({ $0 }) {
            lines.append(
                "rule \(rule.name): \(rule.condition.groups.map { ($0.isNegated ? "not " : "") + $0.name }) \(rule.condition) gives \(rule.scope):\(rule.role) otherwise \(rule.otherwise ?? "-") template \(rule.template ?? "-")/\(rule.templatePriority) switch \(rule.switchOn ?? "-") assistant \(rule.assistant ?? "-") priority \(rule.seatPriority)"
            )
        }
        lines += groups.filter { !$0.value.groups.isEmpty }.map {
            "group \($0.key) holds groups \($0.value.groups.sorted())"
        }.sorted()
        if !direct.isEmpty { lines.append("direct members only: \(direct.sorted())") }
        for (night, events) in nights.enumerated() {
            lines.append("night \(night): " + events.map { "\($0)" }.joined(separator: "; "))
        }
        return lines.joined(separator: "\n")
    }
}
