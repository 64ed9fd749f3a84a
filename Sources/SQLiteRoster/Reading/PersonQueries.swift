import AccessModel
package import DirectoryModel
import MappingLanguage
package import Reconciliation

/// Somebody found by what a human typed.
package struct FoundPerson: Sendable, Equatable {
    package var person: PersonKey
    /// Whether the person is in the mirror of the last applied run.
    package var inMirror: Bool
    package var state: PersonState
    /// The record of the mirror; empty for somebody who is not in it.
    package var record: [UInt8]
}

/// Somebody who had an email that nobody has any more.
package struct FormerEmail: Sendable, Equatable {
    package var person: FoundPerson
    /// The run that gave them another one, and when it started, in seconds since 1970.
    package var run: Int64
    package var time: Int64
}

/// A group that somebody is a direct member of.
package struct DirectGroup: Sendable, Equatable {
    package var directory: String
    package var id: ImmutableID
    package var name: String
    package var dn: String
}

extension SQLiteRoster {
    /// People whose id, login, email, alias or DN is exactly this (case and spaces do not count), and users with this email.
    package func find(_ text: String) throws -> [FoundPerson] {
        try read { try PersonFinder($0).find(text) }
    }

    /// Users who had this email before a run gave them another one, as far back as the roster keeps what runs replaced.
    package func findFormer(email: String) throws -> [FormerEmail] {
        try read { try PersonFinder($0).findFormer(email: email) }
    }

    /// The groups that hold a person directly, by directory and name.
    package func directGroups(of person: PersonKey) throws -> [DirectGroup] {
        try read { connection in
            let directories = try DirectoryNumbers(connection)
            guard let directory = directories.known(person.directory),
                let number = try PersonNumbers(connection).known(directory: directory, id: person.id)
            else { return [] }
            let rows = try SQLStatement(
                connection,
                """
                SELECT g.directory, g.entry_id, g.name, g.dn FROM person_groups p
                CROSS JOIN mirror_groups g ON g.grp = p.pair & 0xffffffff
                WHERE p.pair BETWEEN ?1 << 32 AND ?1 << 32 | 0xffffffff ORDER BY g.directory, g.name
                """)
            rows.bind(1, Int64(number))
            var groups: [DirectGroup] = []
            try rows.forEach {
                groups.append(
                    DirectGroup(
                        directory: directories.name(of: rows.integer(0)), id: try rows.id(1), name: rows.text(2),
                        dn: rows.text(3)))
            }
            return groups
        }
    }

    /// The mirror of the last applied run.
    package func loadMirror() throws -> Mirror {
        try read { try MirrorReader(connection: $0).mirror() }
    }
}

/// Finds people through the indexes.
struct PersonFinder {
    let connection: OpaquePointer
    private let directories: DirectoryNumbers

    init(_ connection: OpaquePointer) throws {
        self.connection = connection
        directories = try DirectoryNumbers(connection)
    }

    func find(_ text: String) throws -> [FoundPerson] {
        var numbers: Set<Int64> = []
        if let id = ImmutableID(written: text) {
            let persons = try PersonNumbers(connection)
            for directory in directories.all {
                if let number = try persons.known(directory: directory.number, id: id) { numbers.insert(Int64(number)) }
            }
        }
        try addByKey(text, &numbers)
        try addByEmail(text, &numbers)
        if numbers.isEmpty { try addRemoved(text, &numbers) }
        return try numbers.sorted().compactMap(person).sorted { $0.person < $1.person }
    }

    private func addByKey(_ text: String, _ numbers: inout Set<Int64>) throws {
        let rows = try SQLStatement(
            connection,
            """
            SELECT m.person, m.record FROM person_keys k CROSS JOIN mirror_people m ON m.person = k.pair & 0xffffffff
            WHERE k.pair BETWEEN ?1 << 32 AND ?1 << 32 | 0xffffffff
            """)
        var found: [Int64] = []
        try Array(text.utf8).withUnsafeBytes { typed in
            rows.bind(1, Int64(LookupKey.hash(typed)))
            try rows.forEach {
                var isSame = false
                LookupKey.forEachField(rows.bytes(1)) { if LookupKey.same($0, typed) { isSame = true } }
                if isSame { found.append(rows.integer(0)) }
            }
        }
        numbers.formUnion(found)
    }

    private func addByEmail(_ text: String, _ numbers: inout Set<Int64>) throws {
        let rows = try SQLStatement(
            connection,
            """
            SELECT u.person FROM targets t CROSS JOIN user_emails e ON e.target = t.target AND e.email_key = ?
            JOIN users u USING (user)
            """)
        rows.bind(1, text: EmailKey.key(text))
        try rows.forEach { numbers.insert(rows.integer(0)) }
    }

    /// People who were removed have given up their emails; they are still known by the last one.
    private func addRemoved(_ text: String, _ numbers: inout Set<Int64>) throws {
        let rows = try SQLStatement(
            connection, "SELECT u.person, u.email FROM targets t JOIN users u ON u.target = t.target AND u.status = ?")
        rows.bind(1, StoredCode.code(UserStatus.removed))
        let key = EmailKey.key(text)
        try rows.forEach { if EmailKey.key(rows.text(1)) == key { numbers.insert(rows.integer(0)) } }
    }

    /// The images of users are of before the run that has them.
    func findFormer(email: String) throws -> [FormerEmail] {
        let rows = try SQLStatement(
            connection,
            """
            SELECT u.person, i.run, r.started, i.email FROM user_images i JOIN users u USING (user)
            JOIN runs r ON r.run = i.run ORDER BY i.run
            """)
        let key = EmailKey.key(email)
        var last: [Int64: (run: Int64, time: Int64)] = [:]
        try rows.forEach {
            if EmailKey.key(rows.text(3)) == key { last[rows.integer(0)] = (rows.integer(1), rows.integer(2)) }
        }
        return try last.compactMap { number, end in
            try person(number).map { FormerEmail(person: $0, run: end.run, time: end.time) }
        }.sorted { $0.person.person < $1.person.person }
    }

    private func person(_ number: Int64) throws -> FoundPerson? {
        let rows = try SQLStatement(
            connection, "SELECT directory, entry_id, state, record FROM mirror_people WHERE person = ?")
        rows.bind(1, number)
        defer { rows.reset() }
        guard try rows.step() else { return nil }
        let key = PersonKey(directory: directories.name(of: rows.integer(0)), id: try rows.id(1))
        return FoundPerson(
            person: key, inMirror: !rows.isNull(3),
            state: PersonState(rawValue: UInt8(truncatingIfNeeded: rows.integer(2))) ?? .enabled,
            record: Array(rows.bytes(3)))
    }
}
