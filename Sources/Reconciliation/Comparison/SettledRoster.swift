import AccessModel
import DirectoryModel

extension TargetRoster {
    /// The roster of a target on which a first plan was applied and everybody has signed in since: what files come to in the long run.
    ///
    /// The plan was made from a roster that holds nobody but `accounts`: those of the platform that are nobody's, which stay.
    package init(settled plan: TargetPlan, beside accounts: TargetRoster) {
        self.init(target: plan.target)
        directories = plan.directories
        texts = plan.texts
        accesses = plan.accesses
        effective = plan.effective
        groupSets = plan.groupSets
        waiting = plan.waiting
        ledger = plan.ledger
        protected = plan.protected
        baseline = plan.baseline
        let keys = plan.subjects.map { subject in
            PersonKey(
                directory: plan.directories.indices.contains(Int(subject.directory))
                    ? plan.directories[Int(subject.directory)] : "", id: subject.id)
        }
        let order = plan.subjects.indices.filter { plan.subjects[$0].row != nil }.sorted { keys[$0] < keys[$1] }
        users.reserveCapacity(order.count)
        for place in order {
            guard var row = plan.subjects[place].row else { continue }
            row.user = Int64(users.count + 1)
            row.version = 1
            if row.status == .invited { row.status = .active }
            if let details = plan.details[place], !details.isEmpty { self.details[users.count] = details }
            users.append(row)
        }
        append(accounts)
    }

    private mutating func append(_ accounts: TargetRoster) {
        for row in accounts.users where !row.managed {
            var row = row
            row.user = Int64(users.count + 1)
            row.email = texts.append(accounts.texts.slice(row.email))
            row.name = texts.append(accounts.texts.slice(row.name))
            row.access = number(of: accounts.accesses, Int(row.access))
            row.groupSet = 0
            users.append(row)
        }
    }

    private mutating func number(of known: [Access], _ place: Int) -> UInt32 {
        guard known.indices.contains(place) else { return 0 }
        if let same = accesses.firstIndex(of: known[place]) { return UInt32(truncatingIfNeeded: same) }
        accesses.append(known[place])
        effective.append("")
        return UInt32(truncatingIfNeeded: accesses.count - 1)
    }

    /// The same roster with nobody but accounts of the platform that are nobody's.
    package var accountsAlone: TargetRoster {
        var alone = TargetRoster(target: target)
        alone.directories = directories
        alone.texts = texts
        alone.accesses = accesses
        alone.effective = effective
        alone.users = users.filter { !$0.managed }
        for place in alone.users.indices { alone.users[place].groupSet = 0 }
        return alone
    }
}
