/// How many nights or acts of each sort the histories had: a comparison of nothing proves nothing.
struct Coverage {
    private(set) var counts: [String: Int] = [:]

    /// Kinds that hold no target, and one that is too rare in 2,000 histories.
    private static let unasked: Set<ModelGuard> = [.groupShrink, .privilegedGain, .loseAccess]

    static let sorts =
        [
            "suspended by hand", "resumed by hand", "sign-ins imported", "group frozen", "privilege withheld",
            "invited",
            "waits for a seat", "waits for pace", "seat from the line", "returned", "removed", "invited again",
            "email changed", "email swapped", "stand-in given", "approval used", "held after an edit",
            "frozen after an edit", "permissions edited", "clock set back", "failed", "given by hand",
            "taken back by hand", "grant expired", "grant expired, rules give the same",
            "held by a window", "seat taken back", "removed for the seat", "seat released", "pilot",
        ]
        + ModelGuard.allCases.filter { !unasked.contains($0) }.map {
            "held for \($0.rawValue)"
        }
        + ModelCause.allCases.map { "suspended: \($0.rawValue)" } + ["pending: missing", "pending: unmapped", "lifted"]

    mutating func note(_ sort: String, _ happened: Bool) { if happened { counts[sort, default: 0] += 1 } }

    mutating func add(_ other: Coverage) { counts.merge(other.counts) { $0 + $1 } }

    var missing: [String] { Coverage.sorts.filter { counts[$0] == nil } }

    var text: String { counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ") }

    mutating func note(_ night: ModelNight) {
        note("nights", true)
        note("group frozen", !night.frozen.isEmpty)
        note("privilege withheld", !night.withheld.isEmpty)
        for kind in night.held { note("held for \(kind.rawValue)", true) }
        note(
            "held after an edit",
            !night.held.isEmpty && night.before.baseline.map { $0.fingerprint } != night.target.fingerprint)
        note("frozen after an edit", night.isFrozenAfterEdit)
        note("held by a window", night.isHeldByWindow)
        note("first in line", night.after.line.contains { $0.isFirst })
        note("pilot", night.target.only != nil && night.after.users.contains { !night.isAbout($0.key) })
        note("approval used", night.after.used != night.before.used)
        note("waits for a seat", night.after.line.contains { !$0.forPace })
        note("waits for pace", night.after.line.contains { $0.forPace })
        var emails: [String: String] = [:]
        for (person, new) in night.after.users {
            let old = night.before.users[person]
            note(person, old, new, night)
            if let old, old.email != new.email, old.status != .removed { emails[old.email] = new.email }
        }
        note("email changed", !emails.isEmpty)
        note("email swapped", emails.contains { emails[$0.value] == $0.key })
    }

    private mutating func note(_ person: String, _ old: ModelUser?, _ new: ModelUser, _ night: ModelNight) {
        let line = night.before.line.filter { $0.person == person }
        note("invited", old == nil)
        note("invited again", old?.status == .removed && new.isIn)
        note("returned", old?.status == .suspended && new.isIn)
        note("removed", old?.status == .suspended && new.status == .removed)
        note(
            "seat from the line",
            line.contains {
                new.isIn && new.access.roles[$0.scope] == $0.role && old?.access.roles[$0.scope] != $0.role
            })
        note(
            "stand-in given",
            night.target.shortage == .otherwise
                && night.after.line.contains {
                    $0.person == person && new.access.roles[$0.scope] != nil && old?.access.roles[$0.scope] == nil
                })
        if old?.isIn == true, new.status == .suspended {
            for cause in new.causes.keys { note("suspended: \(cause.rawValue)", true) }
        }
        note("suspended: manual", new.status == .suspended && new.causes[.manual] != nil)
        for cause in new.pending.keys { note("pending: \(cause.rawValue)", true) }
        note("seat taken back", new.pending[.reclaimed]?.firstSeen == night.now)
        note("removed for the seat", new.status == .removed && new.causes[.reclaimed] == night.now)
        note("seat released", new.causes[.leave] != nil && old.map { $0.access != new.access } ?? false)
        note("lifted", !new.lifted.isEmpty)
        note(
            "permissions edited",
            night.isAbout(person) && old.map { night.isEdited($0, new) && $0.isIn && new.isIn } ?? false)
        guard let old, old.manual.contains(where: { $0.isOver(night.now) }), new.isIn else { return }
        let hasEnded = !new.manual.contains { $0.isOver(night.now) }
        note("grant expired", hasEnded && old.access != new.access)
        note("grant expired, rules give the same", hasEnded && old.access == new.access)
    }
}
