import AccessModel

/// Writes what an access is made of, and what it permits, as rows of their own: what the views show.
final class AccessPartsWriter {
    private let part: SQLStatement
    private let permission: SQLStatement
    private let clear: SQLStatement
    private let rows: [(table: String, ofAccess: SQLStatement)]
    /// What the digests of the tables change by.
    private(set) var differences: [String: DigestSum] = [:]

    init(_ connection: OpaquePointer) throws {
        part = try SQLStatement(
            connection, "INSERT INTO access_parts (access, place, kind, scope, name, value) VALUES (?, ?, ?, ?, ?, ?)")
        permission = try SQLStatement(
            connection, "INSERT INTO access_permissions (access, place, scope, area, permission) VALUES (?, ?, ?, ?, ?)"
        )
        clear = try SQLStatement(connection, "DELETE FROM access_permissions WHERE access = ?")
        rows = try PartDigests.accessTables.map {
            ($0, try SQLStatement(connection, "SELECT * FROM \($0) WHERE access = ?"))
        }
    }

    /// Changes the rows of an access, and counts how their digests change.
    private func change(_ number: Int64, _ body: () throws -> Void) throws {
        let before = try digests(number)
        try body()
        for (part, after) in try digests(number) {
            differences[part, default: DigestSum()] += after
            differences[part, default: DigestSum()] -= before[part] ?? DigestSum()
        }
    }

    private func digests(_ number: Int64) throws -> [String: DigestSum] {
        var sums: [String: DigestSum] = [:]
        for (table, ofAccess) in rows {
            ofAccess.bind(1, number)
            sums[table] = try KeptRows.sum(ofAccess)
        }
        return sums
    }

    /// Writes the rows of an access that has none yet.
    func write(_ access: Access, effective: String, access number: Int64) throws {
        try change(number) {
            for (order, piece) in AccessPart.parts(of: access).enumerated() {
                part.bind(1, number)
                part.bind(2, order)
                part.bind(3, text: piece.kind.rawValue)
                part.bind(4, text: piece.scope)
                part.bind(5, text: piece.name)
                part.bind(6, text: piece.value)
                try part.run()
            }
            try writePermissions(effective, number)
        }
    }

    /// Writes anew what an access permits.
    func rewrite(effective: String, access number: Int64) throws {
        try change(number) {
            clear.bind(1, number)
            try clear.run()
            try writePermissions(effective, number)
        }
    }

    private func writePermissions(_ effective: String, _ number: Int64) throws {
        for (order, piece) in PermissionPart.parts(ofEffective: effective).enumerated() {
            permission.bind(1, number)
            permission.bind(2, order)
            permission.bind(3, text: piece.scope)
            permission.bind(4, text: piece.area)
            permission.bind(5, text: piece.permission)
            try permission.run()
        }
    }
}
