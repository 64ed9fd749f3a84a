import AccessModel
import DirectoryModel
import Reconciliation

/// Reads the line for seats of one target in order: scope, priority (higher first), since, directory, id.
struct WaitingReader {
    var connection: OpaquePointer

    /// The line, and the digest of its rows.
    func line(target: Int64) throws -> (places: [PlaceInLine], digest: DigestSum) {
        let rows = try SQLStatement(
            connection,
            """
            SELECT d.name, \(LineDigest.columns) FROM \(LineDigest.source) JOIN directories d USING (directory)
            WHERE w.target = ? ORDER BY s.text, w.is_first DESC, w.seat_priority DESC, w.since, w.entry_id, d.name
            """)
        rows.bind(1, target)
        var line: [PlaceInLine] = []
        var digest = DigestSum()
        var scope = ScopePath.root
        var role = ""
        var directory = ""
        try rows.forEach {
            // Neighbors mostly share these: then nothing is made anew.
            if !rows.bytes(0).elementsEqual(directory.utf8) { directory = rows.text(0) }
            if !rows.bytes(2).elementsEqual(scope.description.utf8) { scope = ScopePath(rows.text(2)) }
            if !rows.bytes(3).elementsEqual(role.utf8) { role = rows.text(3) }
            line.append(
                PlaceInLine(
                    person: PersonKey(directory: directory, id: try rows.id(1)), scope: scope, role: role,
                    seatPriority: Int(rows.integer(4)), since: rows.integer(5), forPace: rows.integer(6) == 1,
                    isFirst: rows.integer(7) == 1))
            digest += try LineDigest.of(rows, from: 1)
        }
        return (line, digest)
    }
}
