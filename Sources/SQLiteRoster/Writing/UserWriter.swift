import AccessModel
import DirectoryModel
import GRDBSQLite
import Reconciliation

/// Writes the users of one plan: changes of known ones first, so that emails come free, then new ones in the order of ids.
final class UserWriter {
    private let context: PlanContext
    private let plan: TargetPlan
    /// For each subject the number of the user; 0 where there is none.
    private(set) var users: [Int64]
    /// Subjects whose email has to be written.
    private var claimsEmail: [Bool]
    private var counts: AccessCounts
    private let details: DetailsWriter
    private let images: ImageWriter
    /// What the digest of the target's users changes by.
    private(set) var difference = DigestSum()
    /// Numbers of the new users.
    private var firstNew: Int64 = 0
    private var endOfNew: Int64 = 0

    init(_ context: PlanContext) throws {
        self.context = context
        plan = context.plan
        users = Array(repeating: 0, count: plan.subjects.count)
        claimsEmail = Array(repeating: false, count: plan.subjects.count)
        counts = AccessCounts()
        details = try DetailsWriter(context.connection)
        images = try ImageWriter(context.connection, run: context.run)
    }

    func write() throws {
        try plan.texts.bytes.withUnsafeBytes { texts in
            try updateKnown(texts)
            try insertNew(texts)
            try writeEmails(texts)
        }
        for (place, value) in plan.details.sorted(by: { $0.key < $1.key }) {
            guard plan.subjects.indices.contains(place), users[place] != 0 else { continue }
            try details.write(value, user: users[place])
            difference += UserDigest.of(value, user: users[place])
        }
        try digestNew()
        try counts.write(context.connection)
    }

    private func updateKnown(_ texts: UnsafeRawBufferPointer) throws {
        let old = try SQLStatement(
            context.connection, "SELECT \(UserDigest.columns) FROM users WHERE user = ? AND target = ?")
        let now = try SQLStatement(context.connection, "SELECT \(UserDigest.columns) FROM users WHERE user = ?")
        let update = try SQLStatement(
            context.connection,
            """
            UPDATE users SET email = ?, name = ?, status = ?, managed = ?, access = ?, group_set = ?,
              reason = coalesce(?, reason), since = ?, last_sign_in = ?, version = ? WHERE user = ?
            """)
        let release = try SQLStatement(
            context.connection, "DELETE FROM user_emails WHERE target = ? AND email_key = ? AND user = ?")
        var oldKey: [UInt8] = []
        var newKey: [UInt8] = []
        for (place, subject) in plan.subjects.enumerated() {
            guard let row = subject.row, row.user != 0 else { continue }
            let email = slice(texts, row.email)
            old.bind(1, row.user)
            old.bind(2, context.target)
            guard try old.step(), old.integer(12) == Int64(subject.version) else { throw moved(subject) }
            let oldStatus = old.integer(6)
            counts.add(access: old.integer(8), status: oldStatus, -1)
            EmailKey.write(old.bytes(4), into: &oldKey)
            difference -= UserDigest.of(old, id: try old.id(3))
            old.reset()
            difference -= UserDigest.of(try images.write(user: row.user), user: row.user)
            let status = StoredCode.code(row.status)
            let access = try context.accesses.number(of: row.access)
            counts.add(access: access, status: status, 1)
            EmailKey.write(email, into: &newKey)
            let held = oldStatus != removed
            let wanted = status != removed
            if held, !wanted || oldKey != newKey {
                release.bind(1, context.target)
                release.bind(2, text: String(decoding: oldKey, as: UTF8.self))
                release.bind(3, row.user)
                try release.run()
            }
            claimsEmail[place] = wanted && (!held || oldKey != newKey)
            update.bind(1, keptText: email)
            update.bind(2, keptText: slice(texts, row.name))
            update.bind(3, status)
            update.bind(4, row.managed ? 1 : 0)
            update.bind(5, access)
            update.bind(6, try context.groupSets.number(of: row.groupSet))
            update.bind(7, optional: try context.reason(row.reason))
            update.bind(8, row.since)
            update.bind(9, time: row.lastSignIn)
            update.bind(10, Int64(subject.version) + 1)
            update.bind(11, row.user)
            try update.run()
            now.bind(1, row.user)
            try now.forEach { difference += UserDigest.of(now, id: try now.id(3)) }
            users[place] = row.user
            try details.clear(user: row.user)
        }
    }

    private func insertNew(_ texts: UnsafeRawBufferPointer) throws {
        let insert = try SQLStatement(
            context.connection,
            """
            INSERT INTO users (user, target, person, directory, entry_id, email, name, status, managed, access,
              group_set, reason, since, last_sign_in, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
            """)
        var next = (try integer(context.connection, "SELECT max(user) FROM users") ?? 0) + 1
        firstNew = next
        insert.bind(2, context.target)
        for packed in newcomers() {
            let place = Int(packed & 0xffff_ffff)
            let subject = plan.subjects[place]
            guard let row = subject.row else { continue }
            guard subject.version == 0 else { throw moved(subject) }
            let status = StoredCode.code(row.status)
            let access = try context.accesses.number(of: row.access)
            counts.add(access: access, status: status, 1)
            claimsEmail[place] = status != removed
            insert.bind(1, next)
            insert.bind(3, Int64(context.people[place]))
            insert.bind(4, try context.directory(row.directory))
            insert.bind(5, id: row.id)
            insert.bind(6, keptText: slice(texts, row.email))
            insert.bind(7, keptText: slice(texts, row.name))
            insert.bind(8, status)
            insert.bind(9, row.managed ? 1 : 0)
            insert.bind(10, access)
            insert.bind(11, try context.groupSets.number(of: row.groupSet))
            insert.bind(12, optional: try context.reason(row.reason))
            insert.bind(13, row.since)
            insert.bind(14, time: row.lastSignIn)
            try insert.run()
            users[place] = next
            next += 1
        }
        endOfNew = next
    }

    /// The new rows as they stand, and which they are.
    private func digestNew() throws {
        guard endOfNew > firstNew else { return }
        let rows = try SQLStatement(
            context.connection, "SELECT \(UserDigest.columns) FROM users WHERE user >= ? AND user < ?")
        rows.bind(1, firstNew)
        rows.bind(2, endOfNew)
        try rows.forEach { difference += UserDigest.of(rows, id: try rows.id(3)) }
        try images.writeCreated(target: context.target, first: firstNew, last: endOfNew - 1)
    }

    /// Subjects that are new users, as `person << 32 | place`, in the order of people: that of ids on the first night.
    private func newcomers() -> [UInt64] {
        var packed: [UInt64] = []
        for (place, subject) in plan.subjects.enumerated() {
            guard let row = subject.row, row.user == 0 else { continue }
            packed.append(UInt64(context.people[place]) << 32 | UInt64(place))
        }
        packed.sort()
        return packed
    }

    /// Claims emails in the order of the plan, which is that of emails.
    private func writeEmails(_ texts: UnsafeRawBufferPointer) throws {
        let insert = try SQLStatement(
            context.connection, "INSERT INTO user_emails (target, email_key, user) VALUES (?, ?, ?)")
        insert.bind(1, context.target)
        var key: [UInt8] = []
        for (place, subject) in plan.subjects.enumerated() where claimsEmail[place] {
            guard let row = subject.row else { continue }
            EmailKey.write(slice(texts, row.email), into: &key)
            try key.withUnsafeBytes { bytes in
                insert.bind(2, keptText: bytes)
                insert.bind(3, users[place])
                do {
                    try insert.run()
                } catch let failure as SQLFailure where failure.code & 0xff == SQLITE_CONSTRAINT {
                    throw RosterError(
                        kind: .fault, message: "two users of `\(plan.target)` would have one email",
                        hint:
                            "the roster is unchanged; `rollcall audit verify` tells whether somebody edited it: if it "
                            + "finds nothing, report this as a bug of Rollcall")
                }
            }
        }
    }

    private func slice(_ texts: UnsafeRawBufferPointer, _ span: TextSpan) -> UnsafeRawBufferPointer {
        let start = min(Int(span.start), texts.count)
        return UnsafeRawBufferPointer(rebasing: texts[start..<min(start + Int(span.length), texts.count)])
    }

    private func moved(_ subject: Subject) -> RosterMoved {
        RosterMoved(message: "a user of `\(plan.target)` (\(subject.id)) was changed since the plan was made")
    }

    private let removed = StoredCode.code(.removed)
}
