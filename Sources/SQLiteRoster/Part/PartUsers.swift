import AccessModel
import GRDBSQLite
import MappingLanguage
import Reconciliation

/// Reads the users of one target who are in a part, and counts the others.
struct PartUsers {
    let connection: OpaquePointer
    let target: PartReader.Target

    /// The roster of these people, and how many others have which access in which status.
    func read(_ people: Set<UInt32>) throws -> (TargetRoster, [RosterRest.Users]) {
        let builder = TargetBuilder(
            name: target.settings.name, number: target.number, directories: try DirectoryOrder(connection))
        try builder.prepare(connection, reservesRoom: false)
        let rows = try SQLStatement(
            connection, "SELECT \(UserDigest.columns) FROM users WHERE person = ? AND target = ?")
        let reader = try DetailsReader(connection)
        for person in people.sorted() {
            rows.bind(1, Int64(person))
            rows.bind(2, target.number)
            try rows.forEach {
                try builder.add(rows)
                let details = try reader.details(user: rows.integer(0))
                if !details.isEmpty { builder.edit(user: rows.integer(0)) { $0 = details } }
            }
        }
        try builder.readState(connection, baseline: target.baseline)
        let rest = try rest(builder)
        return (builder.finish(), rest)
    }

    /// By access and status, from the kept counts.
    private func rest(_ builder: TargetBuilder) throws -> [RosterRest.Users] {
        var counts: [Int: RosterRest.Users] = [:]
        func add(_ access: UInt32, _ status: UserStatus, all: Int, managed: Int) {
            let key = Int(access) * 4 + Int(StoredCode.code(status))
            var group = counts[key] ?? RosterRest.Users(access: access, status: status, count: 0, managed: 0)
            group.count += all
            group.managed += managed
            counts[key] = group
        }
        try forEach(
            """
            SELECT c.access, c.status, c.users FROM accesses a CROSS JOIN access_users c USING (access) WHERE a.target = ?
            """, builder
        ) { add($0, $1, all: $2, managed: $2) }
        try forEach(
            """
            SELECT access, status, count(*) FROM users WHERE target = ? AND managed = 0 GROUP BY access, status
            """, builder
        ) { add($0, $1, all: 0, managed: -$2) }
        for row in builder.users { add(row.access, row.status, all: -1, managed: row.managed ? -1 : 0) }
        return counts.sorted { $0.key < $1.key }.map(\.value).filter { $0.count != 0 || $0.managed != 0 }
    }

    private func forEach(
        _ sql: String, _ builder: TargetBuilder, _ body: (UInt32, UserStatus, Int) -> Void
    ) throws {
        let rows = try SQLStatement(connection, sql)
        rows.bind(1, target.number)
        try rows.forEach {
            let access = Int(rows.integer(0))
            guard builder.accessPlaces.indices.contains(access), builder.accessPlaces[access] != UInt32.max,
                let status = StoredCode.status(rows.integer(1))
            else { throw SQLFailure(code: SQLITE_CORRUPT, message: "the count of users of access \(access)") }
            body(builder.accessPlaces[access], status, Int(rows.integer(2)))
        }
    }
}
