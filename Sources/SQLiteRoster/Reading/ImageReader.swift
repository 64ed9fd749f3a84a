import AccessModel
import DirectoryModel
import GRDBSQLite
import MappingLanguage
package import Reconciliation

extension SQLiteRoster {
    /// What a run did to users and to the line, target by target; nothing for a run that changed nobody.
    ///
    /// Refuses where somebody edited what was kept of the users before.
    package func images(ofRun run: Int64) throws -> [RunImages] {
        try read {
            try KeptRows(connection: $0).checkImages()
            return try ImageReader($0).images(ofRun: run)
        }
    }
}

/// Reads what a run did from images, from later images and from the rows of today.
final class ImageReader {
    private let connection: OpaquePointer
    private let texts: TextReader
    private let details: DetailsReader
    private let directories: DirectoryNumbers
    private let access: SQLStatement
    private let groupSet: SQLStatement
    private let next: SQLStatement
    private let today: SQLStatement
    private var accesses: [Int64: (access: Access, effective: String)] = [:]
    private var groupSets: [Int64: [GroupKey]] = [:]

    private static let columns = "email, name, status, managed, access, group_set, reason, since"

    init(_ connection: OpaquePointer) throws {
        self.connection = connection
        texts = try TextReader(connection)
        details = try DetailsReader(connection)
        directories = try DirectoryNumbers(connection)
        access = try SQLStatement(connection, "SELECT text, effective FROM accesses WHERE access = ?")
        groupSet = try SQLStatement(connection, "SELECT members FROM group_sets WHERE group_set = ?")
        next = try SQLStatement(
            connection,
            """
            SELECT \(ImageReader.columns), details FROM user_images WHERE user = ? AND run > ? ORDER BY run LIMIT 1
            """)
        today = try SQLStatement(connection, "SELECT \(ImageReader.columns), user FROM users WHERE user = ?")
    }

    func images(ofRun run: Int64) throws -> [RunImages] {
        let targets = try SQLStatement(connection, "SELECT target, name FROM targets NOT INDEXED ORDER BY name")
        var all: [RunImages] = []
        try targets.forEach {
            let target = targets.integer(0)
            var images = RunImages(
                target: targets.text(1), users: try changed(run, target) + created(run, target),
                placesTaken: try taken(run, target), placesGiven: try given(run, target),
                placesChangedSince: try placesChanged(since: run, target),
                labels: try labels(run, target))
            images.users.sort { $0.user < $1.user }
            if !images.users.isEmpty || !images.placesTaken.isEmpty || !images.placesGiven.isEmpty {
                all.append(images)
            }
        }
        return all
    }

    /// People who were forgotten since are left out: nothing may bring them back.
    private func changed(_ run: Int64, _ target: Int64) throws -> [UserImage] {
        let rows = try SQLStatement(
            connection,
            """
            SELECT i.email, i.name, i.status, i.managed, i.access, i.group_set, i.reason, i.since, i.details, i.user
            FROM user_images i JOIN users u ON u.user = i.user WHERE i.run = ? AND u.target = ? AND u.email <> '\(Pseudonyms.prefix)' || u.user
            """)
        rows.bind(1, run)
        rows.bind(2, target)
        var images: [UserImage] = []
        try rows.forEach {
            let before = try state(rows, DetailsText.details(rows.optionalText(8) ?? ""))
            guard let left = try left(user: rows.integer(9), by: run) else { return }
            images.append(UserImage(user: rows.integer(9), before: before, left: left))
        }
        return images
    }

    private func created(_ run: Int64, _ target: Int64) throws -> [UserImage] {
        let rows = try SQLStatement(
            connection,
            """
            SELECT u.user FROM created_users c JOIN users u ON u.user BETWEEN c.first AND c.last
            WHERE c.run = ? AND c.target = ? AND u.email <> '\(Pseudonyms.prefix)' || u.user
            """)
        rows.bind(1, run)
        rows.bind(2, target)
        var images: [UserImage] = []
        try rows.forEach {
            guard let left = try left(user: rows.integer(0), by: run) else { return }
            images.append(UserImage(user: rows.integer(0), before: nil, left: left))
        }
        return images
    }

    /// What a run left of a user: the next image, or the row of today.
    private func left(user: Int64, by run: Int64) throws -> UserState? {
        next.bind(1, user)
        next.bind(2, run)
        defer { next.reset() }
        if try next.step() { return try state(next, DetailsText.details(next.optionalText(8) ?? "")) }
        today.bind(1, user)
        defer { today.reset() }
        return try today.step() ? try state(today, try details.details(user: user)) : nil
    }

    private func state(_ row: SQLStatement, _ details: UserDetails) throws -> UserState {
        guard let status = StoredCode.status(row.integer(2)) else {
            throw SQLFailure(code: SQLITE_CORRUPT, message: "an image cannot be read")
        }
        let held = try access(row.integer(4))
        return UserState(
            email: Array(row.bytes(0)), name: Array(row.bytes(1)), status: status, managed: row.integer(3) == 1,
            access: held.access, effective: held.effective, groupSet: try groups(row.integer(5)),
            reason: try texts.text(row.optionalInteger(6)), since: row.integer(7), details: details)
    }

    private func access(_ number: Int64) throws -> (access: Access, effective: String) {
        if let known = accesses[number] { return known }
        access.bind(1, number)
        defer { access.reset() }
        guard try access.step(), let found = Access(canonicalText: access.text(0)) else {
            throw SQLFailure(code: SQLITE_CORRUPT, message: "access \(number) cannot be read")
        }
        accesses[number] = (found, access.text(1))
        return (found, access.text(1))
    }

    private func groups(_ number: Int64) throws -> [GroupKey] {
        if let known = groupSets[number] { return known }
        groupSet.bind(1, number)
        var found: [GroupKey] = []
        try groupSet.forEach {
            found = GroupSetBytes.groups(groupSet.bytes(0)) { directories.name(of: $0) }
        }
        groupSets[number] = found
        return found
    }

    private func taken(_ run: Int64, _ target: Int64) throws -> [PlaceInLine] {
        let rows = try SQLStatement(
            connection,
            """
            SELECT directory, entry_id, scope, role, seat_priority, since, for_pace, is_first FROM waiting_images
            WHERE run = ? AND target = ?
            """)
        rows.bind(1, run)
        rows.bind(2, target)
        var places: [PlaceInLine] = []
        try rows.forEach {
            places.append(
                PlaceInLine(
                    person: PersonKey(directory: directories.name(of: rows.integer(0)), id: try rows.id(1)),
                    scope: ScopePath(try texts.text(rows.integer(2)) ?? ""),
                    role: try texts.text(rows.integer(3)) ?? "", seatPriority: Int(rows.integer(4)),
                    since: rows.integer(5), forPace: rows.integer(6) == 1, isFirst: rows.integer(7) == 1))
        }
        return places
    }

    private func given(_ run: Int64, _ target: Int64) throws -> [RunImages.PlaceKey] {
        let rows = try SQLStatement(
            connection,
            """
            SELECT m.directory, m.entry_id, a.scope FROM audit_runs r
              CROSS JOIN audit a ON a.entry BETWEEN r.first AND r.last AND a.target = ?2 AND a.kind = ?3
              JOIN mirror_people m ON m.person = a.person
            WHERE r.run = ?1
            """)
        rows.bind(1, run)
        rows.bind(2, target)
        rows.bind(3, StoredCode.code(.wait))
        var places: [RunImages.PlaceKey] = []
        try rows.forEach {
            places.append(
                RunImages.PlaceKey(
                    person: PersonKey(directory: directories.name(of: rows.integer(0)), id: try rows.id(1)),
                    scope: ScopePath(try texts.text(rows.optionalInteger(2)) ?? "")))
        }
        return places
    }

    private func placesChanged(since run: Int64, _ target: Int64) throws -> Set<RunImages.PlaceKey> {
        let rows = try SQLStatement(
            connection,
            """
            SELECT directory, entry_id, scope FROM waiting_images WHERE run > ?1 AND target = ?2
            UNION
            SELECT m.directory, m.entry_id, a.scope FROM audit_runs r
              CROSS JOIN audit a ON a.entry BETWEEN r.first AND r.last AND a.target = ?2 AND a.kind = ?3
              JOIN mirror_people m ON m.person = a.person
            WHERE r.run > ?1
            """)
        rows.bind(1, run)
        rows.bind(2, target)
        rows.bind(3, StoredCode.code(.wait))
        var places: Set<RunImages.PlaceKey> = []
        try rows.forEach {
            places.insert(
                RunImages.PlaceKey(
                    person: PersonKey(directory: directories.name(of: rows.integer(0)), id: try rows.id(1)),
                    scope: ScopePath(try texts.text(rows.optionalInteger(2)) ?? "")))
        }
        return places
    }

    private func labels(_ run: Int64, _ target: Int64) throws -> [PersonKey: [UInt8]] {
        let rows = try SQLStatement(
            connection,
            """
            SELECT m.directory, m.entry_id, l.text FROM audit_runs r
              CROSS JOIN audit a ON a.entry BETWEEN r.first AND r.last AND a.target = ?2 AND a.kind IN (?3, ?4)
              JOIN mirror_people m ON m.person = a.person JOIN texts l ON l.text_number = a.label
            WHERE r.run = ?1
            """)
        rows.bind(1, run)
        rows.bind(2, target)
        rows.bind(3, StoredCode.code(.wait))
        rows.bind(4, StoredCode.code(.stopWaiting))
        var labels: [PersonKey: [UInt8]] = [:]
        try rows.forEach {
            labels[PersonKey(directory: directories.name(of: rows.integer(0)), id: try rows.id(1))] = Array(
                rows.bytes(2))
        }
        return labels
    }
}
