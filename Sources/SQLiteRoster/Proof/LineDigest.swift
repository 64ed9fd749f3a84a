import DirectoryModel

/// The digest of one place in line.
enum LineDigest {
    /// The columns that a place is digested from, in order; what follows from others is left out.
    static let columns = "directory, entry_id, scope, role, seat_priority, since, for_pace, is_first"

    /// The digest of a row that has these columns from a place on.
    static func of(_ row: SQLStatement, from place: Int32 = 0) throws -> DigestSum {
        var digest = RowDigest()
        digest.add(row.integer(place))
        digest.add(try row.id(place + 1))
        for column in 2..<Int32(8) { digest.add(row.integer(place + column)) }
        return digest.value
    }
}
