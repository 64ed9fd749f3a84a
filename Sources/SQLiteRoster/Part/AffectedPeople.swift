import DirectoryModel
import MappingLanguage
import Reconciliation

/// Picks the people whom a change can affect, in the numbers of the file.
final class AffectedPeople {
    /// An entry of the mirror, or of a directory's changes.
    struct Entry: Hashable {
        var directory: Int64
        var id: ImmutableID
    }

    /// The ways by which somebody is affected.
    enum Piece: CaseIterable {
        case entries, members, nesting, settling, grantEnds, removals, reminders, signIns, written, line, protected,
            dependent, rivals
    }

    let connection: OpaquePointer
    let question: PartQuestion
    let targets: [PartReader.Target]
    let directories: DirectoryNumbers
    let groups: GroupPaths
    /// Numbers of the people, of those who are in no mirror any more too.
    private(set) var numbers: Set<UInt32> = []
    /// People who are new in a directory and have no number yet.
    private(set) var newcomers: Set<Entry> = []
    /// People who are new or changed.
    private(set) var changed: [Entry: PersonChange] = [:]
    private let persons: PersonNumbers
    private let leftOut: Set<Piece>
    /// People whose emails are still to be looked at.
    private var open: [UInt32] = []

    init(_ reader: PartReader, _ targets: [PartReader.Target]) throws {
        connection = reader.connection
        question = reader.question
        leftOut = reader.leavingOut
        self.targets = targets
        directories = try DirectoryNumbers(connection)
        persons = try PersonNumbers(connection)
        groups = try GroupPaths(connection, most: question.mostPeople)
    }

    func collect() throws {
        try wantGroups()
        for person in question.people {
            guard let directory = directories.known(person.directory) else { continue }
            try add(Entry(directory: directory, id: person.id))
        }
        for (directory, rows) in question.changes.sorted(by: { $0.key < $1.key }) where !rows.isEmpty {
            guard let number = directories.known(directory) else {
                throw EverybodyReason(.directories, "directory `\(directory)` was not in the last run")
            }
            try addChanges(rows, number)
        }
        for target in targets {
            try addDue(target)
            try addWritten(target)
            try addStanding(target)
        }
        if !leftOut.contains(.rivals) { try addRivals() }
    }

    // MARK: Adding

    func add(_ number: UInt32) throws {
        guard numbers.insert(number).inserted else { return }
        open.append(number)
        try check()
    }

    private func add(_ entry: Entry) throws {
        if let number = try persons.known(directory: entry.directory, id: entry.id) { return try add(number) }
        guard newcomers.insert(entry).inserted else { return }
        try check()
    }

    private func check() throws {
        guard numbers.count + newcomers.count > question.mostPeople else { return }
        throw EverybodyReason(.tooMany, "more than \(question.mostPeople) people are concerned")
    }

    /// Adds the people whom rows name in their first column.
    private func add(_ sql: String, _ bind: (SQLStatement) -> Void) throws {
        let rows = try SQLStatement(connection, sql)
        bind(rows)
        try rows.forEach { try add(UInt32(truncatingIfNeeded: rows.integer(0))) }
    }

    // MARK: What the directory changed

    private func wantGroups() throws {
        for target in targets {
            for group in target.baseline.mappedGroups {
                guard let directory = directories.known(group.key.directory),
                    let number = try groups.number(directory: directory, id: group.key.id)
                else { throw EverybodyReason(.groups, "group `\(group.name)` is not in the directory") }
                groups.want(number)
            }
            for reference in target.settings.protect {
                guard case .group(let name) = reference else { continue }
                for number in try groups.numbers(named: name, directories) { groups.want(number) }
            }
        }
    }

    private func addChanges(_ rows: MirrorRowChanges, _ directory: Int64) throws {
        guard rows.removedGroups.isEmpty else { throw EverybodyReason(.groups, "a group is gone") }
        for group in rows.groups { try groups.checkKnown(group.row, directory: directory) }
        for change in rows.people {
            let entry = Entry(directory: directory, id: change.row.id)
            changed[entry] = change
            if !leftOut.contains(.entries) { try add(entry) }
        }
        for id in rows.removedPeople { try add(Entry(directory: directory, id: id)) }
        for one in rows.joinedGroups {
            guard let group = try groups.number(directory: directory, id: one.group),
                let member = try groups.number(directory: directory, id: one.member)
            else { throw EverybodyReason(.groups, "a group is new") }
            groups.join(member, to: group)
        }
        for one in rows.joinedPeople + rows.leftPeople {
            guard let group = try groups.number(directory: directory, id: one.group) else {
                throw EverybodyReason(.groups, "a group is new")
            }
            if try !leftOut.contains(.members) && groups.leadsAnywhere(group) {
                try add(Entry(directory: directory, id: one.member))
            }
        }
        for one in rows.joinedGroups + rows.leftGroups {
            guard let group = try groups.number(directory: directory, id: one.group),
                let member = try groups.number(directory: directory, id: one.member)
            else { throw EverybodyReason(.groups, "a group is gone") }
            if try !leftOut.contains(.nesting) && groups.leadsAnywhere(group) {
                for person in try groups.people(below: member) { try add(person) }
            }
        }
    }

    // MARK: What the clock and others changed

    /// People about whom the clock alone changes something between the last run and now.
    private func addDue(_ target: PartReader.Target) throws {
        let window = target.window(question.now)
        func add(_ piece: Piece, _ span: ClockWindow.Span, _ sql: String) throws {
            if leftOut.contains(piece) { return }
            try self.add(sql) { rows in
                rows.bind(1, target.number)
                rows.bind(2, span.after)
                rows.bind(3, span.until)
            }
        }
        for (kind, until) in [("unmapped", window.settled), ("missing", window.missed)] {
            try add(
                .settling, ClockWindow.Span(after: Int64.min, until: until),
                """
                SELECT u.person FROM user_pending p CROSS JOIN users u USING (user)
                WHERE p.first_seen > ?2 AND p.first_seen <= ?3 AND p.kind = '\(kind)' AND u.target = ?1
                """)
        }
        try add(
            .grantEnds, ClockWindow.Span(after: Int64.min, until: window.now),
            """
            SELECT u.person FROM manual_grants m CROSS JOIN users u USING (user)
            WHERE m.until > ?2 AND m.until <= ?3 AND u.target = ?1
            """)
        for span in window.removed {
            try add(
                .removals, span,
                """
                SELECT u.person FROM user_causes c CROSS JOIN users u USING (user)
                WHERE c.since > ?2 AND c.since <= ?3 AND u.target = ?1 AND u.status <> 3
                """)
        }
        let bySince = "SELECT person FROM users WHERE since > ?2 AND since <= ?3 AND target = ?1"
        try add(.reminders, window.invited, bySince + " AND status = 0")
        try add(.signIns, window.signedIn, bySince + " AND status < 3")
        try add(
            .signIns, window.signedIn,
            "SELECT person FROM users WHERE last_sign_in > ?2 AND last_sign_in <= ?3 AND target = ?1 AND status < 3")
        try add(
            .signIns, window.signedIn,
            """
            SELECT m.person FROM mirror_people m CROSS JOIN users u ON u.person = m.person AND u.target = ?1
            WHERE m.last_sign_in > ?2 AND m.last_sign_in <= ?3
            """)
    }

    /// Users whom the last run that looked at everybody wrote, and whom acts by hand wrote since.
    private func addWritten(_ target: PartReader.Target) throws {
        if leftOut.contains(.written) { return }
        func bind(_ rows: SQLStatement) {
            rows.bind(1, target.number)
            rows.bind(2, target.baseline.run)
        }
        try add(
            """
            SELECT u.person FROM user_images i CROSS JOIN users u USING (user) WHERE i.run >= ?2 AND u.target = ?1
            """, bind)
        try add(
            """
            SELECT u.person FROM created_users c CROSS JOIN users u ON u.user BETWEEN c.first AND c.last AND u.target = ?1
            WHERE c.run >= ?2 AND c.target = ?1
            """, bind)
    }

    /// People who are always looked at: in line, protected, and those whose case depends on others.
    private func addStanding(_ target: PartReader.Target) throws {
        if !leftOut.contains(.line) {
            try add("SELECT person FROM waiting WHERE target = ?") { $0.bind(1, target.number) }
        }
        if !leftOut.contains(.protected) { try addProtected(target) }
        if leftOut.contains(.dependent) { return }
        let codes = Finding.dependingOnOthers.sorted().map { "'\($0)'" }.joined(separator: ", ")
        try add(
            """
            SELECT e.person FROM findings f CROSS JOIN directories d ON d.name = f.directory
            CROSS JOIN mirror_entries e ON e.directory = d.directory AND e.entry_id = f.entry_id
            WHERE f.target = ? AND f.code IN (\(codes))
            """
        ) { $0.bind(1, target.number) }
    }

    /// People whom `protect` names, and those who are pinned for it.
    private func addProtected(_ target: PartReader.Target) throws {
        try add(
            """
            SELECT e.person FROM protected_people p CROSS JOIN directories d ON d.name = p.directory
            CROSS JOIN mirror_entries e ON e.directory = d.directory AND e.entry_id = p.entry_id WHERE p.target = ?
            """
        ) { $0.bind(1, target.number) }
        for reference in target.settings.protect {
            switch reference {
            case .group: break
            case .email(let email): try addHolders(of: Array(email.utf8))
            case .id(let text):
                guard let id = ImmutableID(written: text) else { continue }
                for directory in directories.all {
                    if let number = try persons.known(directory: directory.number, id: id) { try add(number) }
                }
            }
        }
    }

    // MARK: Rivals

    /// Everybody who has, or claims, an email of somebody in the part, and so on.
    private func addRivals() throws {
        let record = try SQLStatement(
            connection, "SELECT directory, entry_id, record FROM mirror_people WHERE person = ?")
        let users = try SQLStatement(connection, "SELECT email FROM users WHERE person = ? AND target = ?")
        for entry in newcomers {
            if let change = changed[entry] { try addHolders(ofEmailsIn: change.record) }
        }
        while let number = open.popLast() {
            var emails: [[UInt8]] = []
            var entry: Entry?
            record.bind(1, Int64(number))
            try record.forEach {
                entry = Entry(directory: record.integer(0), id: try record.id(1))
                emails += AffectedPeople.emails(Array(record.bytes(2)))
            }
            if let entry, let change = changed[entry] { emails += AffectedPeople.emails(change.record) }
            for target in targets {
                users.bind(1, Int64(number))
                users.bind(2, target.number)
                try users.forEach { emails.append(Array(users.bytes(0))) }
            }
            for email in emails { try addHolders(of: email) }
        }
    }

    private func addHolders(ofEmailsIn record: [UInt8]) throws {
        for email in AffectedPeople.emails(record) { try addHolders(of: email) }
    }

    private static func emails(_ record: [UInt8]) -> [[UInt8]] {
        PersonRecord(bytes: record[...]).values(.email).map { Array($0) }
    }

    private var looked: Set<String> = []

    private func addHolders(of email: [UInt8]) throws {
        var key: [UInt8] = []
        email.withUnsafeBytes { EmailKey.write($0, into: &key) }
        let text = String(decoding: key, as: UTF8.self)
        guard looked.insert(text).inserted else { return }
        let hash = email.withUnsafeBytes { LookupKey.hash($0) }
        try add("SELECT pair & 0xffffffff FROM person_keys WHERE pair BETWEEN ?1 << 32 AND ?1 << 32 | 0xffffffff") {
            $0.bind(1, Int64(hash))
        }
        for target in targets {
            try add(
                "SELECT u.person FROM user_emails e JOIN users u USING (user) WHERE e.target = ? AND e.email_key = ?"
            ) {
                $0.bind(1, target.number)
                $0.bind(2, text: text)
            }
        }
    }
}
