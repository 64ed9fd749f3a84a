import Reconciliation

/// Reads the findings of one target, as its last applied run left them.
struct FindingsReader {
    var connection: OpaquePointer

    private static let columns = "code, weight, directory, entry_id, label, message, hint"

    /// In the order of a plan.
    func findings(target: Int64) throws -> [Finding] {
        let rows = try SQLStatement(
            connection,
            """
            SELECT \(FindingsReader.columns) FROM findings WHERE target = ?
            ORDER BY weight DESC, code, label, message, directory IS NOT NULL, directory, entry_id
            """)
        rows.bind(1, target)
        var findings: [Finding] = []
        try rows.forEach { findings.append(try FindingsReader.finding(rows)) }
        return findings
    }

    /// Those about one person, or about no single one.
    func statement(about person: Bool) throws -> SQLStatement {
        try SQLStatement(
            connection,
            """
            SELECT \(FindingsReader.columns), place FROM findings INDEXED BY findings_by_person
            WHERE target = ?1 AND \(person ? "directory = ?2 AND entry_id = ?3" : "directory IS NULL")
            """)
    }

    static func finding(_ row: SQLStatement) throws -> Finding {
        let person = row.isNull(3) ? nil : PersonKey(directory: row.text(2), id: try row.id(3))
        return Finding(
            code: row.text(0), weight: Finding.Weight(rawValue: UInt8(truncatingIfNeeded: row.integer(1))) ?? .severe,
            person: person, label: row.text(4), message: row.text(5), hint: row.text(6))
    }
}
