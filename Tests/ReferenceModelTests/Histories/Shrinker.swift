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
        let last = HistoryRun(history).count
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
                let had = $0.leave != nil; $0.leave = nil; return had
            },
            {
                let had = $0.reclaimSeconds != nil; $0.reclaimSeconds = nil; return had
            },
            {
                let had = $0.only != nil; $0.only = nil; return had
            },
            {
                let had = !$0.weekly.isEmpty; $0.weekly = [:]; return had
            },
            {
                let had = !$0.removeAfterCause.isEmpty; $0.removeAfterCause = [:]; return had
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
