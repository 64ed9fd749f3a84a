import AccessModel
import DirectoryModel

/// What keeps a plan from being applied to a roster that was written since: everything it rests on is compared.
extension Reconciler {
    /// One sentence for each thing that moved, at most so many; empty where only users moved whom the plan has nothing to do with.
    package func moved(_ plan: TargetPlan, in roster: TargetRoster, atMost most: Int = 10) -> [String] {
        var moved: [String] = []
        var places: [PersonKey: Int] = [:]
        for place in roster.users.indices { places[roster.key(of: place)] = place }
        var subjects: Set<Int> = []
        for subject in plan.subjects {
            guard Int(subject.directory) < plan.directories.count else { continue }
            let place = places[PersonKey(directory: plan.directories[Int(subject.directory)], id: subject.id)]
            if let place { subjects.insert(place) }
            guard let row = subject.row, moved.count < most else { continue }
            let label = plan.texts[subject.email]
            if row.user == 0 {
                if place != nil { moved.append("`\(label)` is a user meanwhile") }
            } else if let place, roster.users[place].user == row.user {
                if roster.users[place].version != subject.version {
                    moved.append("user `\(label)` was changed meanwhile")
                }
            } else {
                moved.append("user `\(label)` is not the one of the plan any more")
            }
        }
        moved += takenEmails(plan, roster, subjects).prefix(max(0, most - moved.count))
        var book = AccessBook(settings: settings, known: roster.accesses)
        let held = AccessCensus(roster: roster, accesses: roster.accesses.count).seatsHeld(in: &book)
        for (place, pool) in settings.topology.pools.enumerated() {
            guard let row = plan.ledger.first(where: { $0.pool.name == pool.name }), row.heldBefore != held[place]
            else { continue }
            moved.append("`\(pool.name)` holds \(held[place]) seats, not \(row.heldBefore)")
        }
        return Array(moved.prefix(most))
    }

    /// Emails that the plan gives and that somebody else has got meanwhile.
    private func takenEmails(_ plan: TargetPlan, _ roster: TargetRoster, _ subjects: Set<Int>) -> [String] {
        var wanted: [UInt64: [ArraySlice<UInt8>]] = [:]
        for subject in plan.subjects {
            guard let row = subject.row, row.status != .removed else { continue }
            let email = plan.texts.slice(row.email)
            wanted[email.withUnsafeBufferPointer(EmailFold.hash), default: []].append(email)
        }
        var taken: [String] = []
        for (place, user) in roster.users.enumerated() where user.status != .removed && !subjects.contains(place) {
            let email = roster.texts.slice(user.email)
            let isWanted = email.withUnsafeBufferPointer { mine in
                wanted[EmailFold.hash(mine)]?.contains { $0.withUnsafeBufferPointer { EmailFold.same(mine, $0) } }
            }
            if isWanted == true { taken.append("`\(roster.email(of: place))` is the email of somebody else meanwhile") }
        }
        return taken
    }
}
