import Reconciliation

/// Keeps what users and places in line were before a run, so that it can be undone.
final class ImageWriter {
    private let details: DetailsReader
    private let image: SQLStatement
    private let created: SQLStatement
    private let place: SQLStatement
    private let run: Int64

    init(_ connection: OpaquePointer, run: Int64) throws {
        self.run = run
        details = try DetailsReader(connection)
        image = try SQLStatement(
            connection,
            """
            INSERT OR IGNORE INTO user_images (run, user, email, name, status, managed, access, group_set, reason, since,
              last_sign_in, version, details)
            SELECT ?1, user, email, name, status, managed, access, group_set, reason, since, last_sign_in, version, ?2
            FROM users WHERE user = ?3
            """)
        created = try SQLStatement(
            connection, "INSERT OR IGNORE INTO created_users (run, target, first, last) VALUES (?, ?, ?, ?)")
        place = try SQLStatement(
            connection,
            """
            INSERT OR IGNORE INTO waiting_images (run, target, directory, entry_id, scope, role, seat_priority, since,
              for_pace, is_first)
            SELECT ?1, target, directory, entry_id, scope, role, seat_priority, since, for_pace, is_first
            FROM waiting
            WHERE target = ?2 AND directory = ?3 AND entry_id = ?4 AND scope = ?5 AND role = ?6
            """)
    }

    /// Keeps a user as the file has them; the details that go with the row.
    func write(user: Int64) throws -> UserDetails {
        let old = try details.details(user: user)
        image.bind(1, run)
        image.bind(2, optionalText: old.isEmpty ? nil : DetailsText.text(old))
        image.bind(3, user)
        try image.run()
        return old
    }

    /// Keeps the numbers of the users that the run creates on a target.
    func writeCreated(target: Int64, first: Int64, last: Int64) throws {
        created.bind(1, run)
        created.bind(2, target)
        created.bind(3, first)
        created.bind(4, last)
        try created.run()
    }

    /// Keeps a place in line that goes or changes; `bindKey` binds directory, id, scope and role from place 3 on.
    func writePlace(target: Int64, _ bindKey: (SQLStatement) -> Void) throws {
        place.bind(1, run)
        place.bind(2, target)
        bindKey(place)
        try place.run()
    }
}
