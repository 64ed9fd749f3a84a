import Reconciliation

/// Reads the findings of one target, as its last applied run left them.
struct FindingsReader {
    var connection: OpaquePointer

    /// In the order of the plan.
    func findings(target: Int64) throws -> [Finding] {
        let rows = try SQLStatement(
            connection,
            """
            SELECT code, weight, directory, entry_id, label, message, hint FROM findings WHERE target = ? ORDER BY place
            """)
        rows.bind(1, target)
        var findings: [Finding] = []
        try rows.forEach {
            let person = rows.isNull(3) ? nil : PersonKey(directory: rows.text(2), id: try rows.id(3))
            findings.append(
                Finding(
                    code: rows.text(0),
                    weight: Finding.Weight(rawValue: UInt8(truncatingIfNeeded: rows.integer(1))) ?? .severe,
                    person: person, label: rows.text(4), message: rows.text(5), hint: rows.text(6)))
        }
        return findings
    }
}
