import DirectoryModel
import Reconciliation

/// Puts a plan's changes into the outbox, one message for each user, in the order of the plan.
struct OutboxWriter {
    let context: PlanContext
    let record: RunRecord
    let compose: RosterOpening.Composer

    /// `users` has for each subject the number of the user.
    func write(users: [Int64]) throws {
        let plan = context.plan
        if plan.changes.isEmpty { return }
        var first: [Int32] = Array(repeating: -1, count: plan.subjects.count)
        var next: [Int32] = Array(repeating: -1, count: plan.changes.count)
        for place in plan.changes.indices.reversed() {
            let subject = Int(plan.changes[place].subject)
            guard first.indices.contains(subject) else { continue }
            next[place] = first[subject]
            first[subject] = Int32(truncatingIfNeeded: place)
        }
        let insert = try SQLStatement(
            context.connection,
            "INSERT INTO outbox (target, user, label, key, run, queued, body) VALUES (?, ?, ?, ?, ?, ?, ?)")
        let last = try integer(context.connection, "SELECT max(message) FROM outbox") ?? 0
        for place in subjectsInOrder(plan) where users[place] != 0 {
            var changes: [Change] = []
            var at = first[place]
            while at >= 0 {
                changes.append(plan.changes[Int(at)])
                at = next[Int(at)]
            }
            guard let message = compose(plan, place, changes, users[place], record) else { continue }
            insert.bind(1, context.target)
            insert.bind(2, users[place])
            insert.bind(3, text: plan.texts[plan.subjects[place].email])
            insert.bind(4, text: message.key)
            insert.bind(5, record.number)
            insert.bind(6, record.started)
            insert.bind(7, text: String(decoding: message.body, as: UTF8.self))
            try insert.run()
        }
        var digest = try OutboxDigest(context.connection)
        try digest.enter(after: last)
        try digest.write()
    }

    /// Subjects by their first change: leavers first, so that emails and seats come free on the platform, too.
    private func subjectsInOrder(_ plan: TargetPlan) -> [Int] {
        var seen = [Bool](repeating: false, count: plan.subjects.count)
        var order: [Int] = []
        for change in plan.changes {
            let place = Int(change.subject)
            guard seen.indices.contains(place), !seen[place] else { continue }
            seen[place] = true
            order.append(place)
        }
        return order
    }
}
