import DirectoryModel
package import MappingLanguage
package import Reconciliation

/// The run that first saw a user in a group, of those that saw them there without a break.
package struct SeenInGroup: Sendable, Equatable {
    package var group: GroupKey
    package var run: Int64
    /// When the run started, seconds since 1970.
    package var time: Int64
}

extension SQLiteRoster {
    /// Since when somebody is in the groups that rules of a target named when it was last applied; nothing for who is no user there.
    package func groupsSince(of person: PersonKey, target: String) throws -> [SeenInGroup] {
        try read { connection in
            guard let target = try TargetNumbers.known(target, connection),
                let directory = try DirectoryNumbers(connection).known(person.directory),
                let number = try PersonNumbers(connection).known(directory: directory, id: person.id)
            else { return [] }
            return try MembershipTimes(connection).times(person: Int64(number), target: target)
        }
    }
}

/// Reads when the recorded groups of a user changed, from the images of earlier runs.
private struct MembershipTimes {
    private let connection: OpaquePointer
    private let directories: DirectoryNumbers
    private let members: SQLStatement

    init(_ connection: OpaquePointer) throws {
        self.connection = connection
        directories = try DirectoryNumbers(connection)
        members = try SQLStatement(connection, "SELECT members FROM group_sets WHERE group_set = ?")
    }

    func times(person: Int64, target: Int64) throws -> [SeenInGroup] {
        let users = try SQLStatement(connection, "SELECT user, group_set FROM users WHERE person = ? AND target = ?")
        users.bind(1, person)
        users.bind(2, target)
        var found: [SeenInGroup] = []
        try users.forEach { found += try times(user: users.integer(0), today: users.integer(1), target) }
        return found
    }

    private func times(user: Int64, today: Int64, _ target: Int64) throws -> [SeenInGroup] {
        // What the run made of the user began with the run; an image is of before it.
        let images = try SQLStatement(
            connection,
            """
            SELECT i.run, i.group_set, coalesce(r.started, 0) FROM user_images i LEFT JOIN runs r USING (run)
            WHERE i.user = ? ORDER BY i.run DESC
            """)
        images.bind(1, user)
        var open = Set(try groups(today))
        var found: [SeenInGroup] = []
        try images.forEach {
            let before = Set(try groups(images.integer(1)))
            for group in open.subtracting(before).sorted() {
                found.append(SeenInGroup(group: group, run: images.integer(0), time: images.integer(2)))
            }
            open.formIntersection(before)
        }
        let created = try SQLStatement(
            connection,
            """
            SELECT c.run, coalesce(r.started, 0) FROM created_users c LEFT JOIN runs r USING (run)
            WHERE c.target = ?1 AND ?2 BETWEEN c.first AND c.last
            """)
        created.bind(1, target)
        created.bind(2, user)
        try created.forEach {
            for group in open.sorted() {
                found.append(SeenInGroup(group: group, run: created.integer(0), time: created.integer(1)))
            }
        }
        return found.sorted { $0.group < $1.group }
    }

    private func groups(_ number: Int64) throws -> [GroupKey] {
        members.bind(1, number)
        var found: [GroupKey] = []
        try members.forEach { found = GroupSetBytes.groups(members.bytes(0)) { directories.name(of: $0) } }
        return found
    }
}
