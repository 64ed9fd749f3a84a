import DirectoryModel

/// The digest of one place in line.
///
/// Scope and role go in as what they say, not as numbers: a line is decided by, and the texts themselves are not looked through
/// before each run.
enum LineDigest {
    /// The columns that a place is digested from, in order: all but its target, whose digest it is part of.
    static let columns = """
        w.entry_id, s.text, r.text, w.seat_priority, w.since, w.for_pace, w.is_first, w.directory,
          w.person, w.label
        """
    /// Where they are read from.
    static let source = """
        waiting w LEFT JOIN texts s ON s.text_number = w.scope LEFT JOIN texts r ON r.text_number = w.role
        """

    /// The digest of a row that has these columns from a place on.
    static func of(_ row: SQLStatement, from place: Int32 = 0) throws -> DigestSum {
        var digest = RowDigest()
        digest.add(try row.id(place))
        digest.add(row.bytes(place + 1))
        digest.add(row.bytes(place + 2))
        for column in 3..<Int32(9) { digest.add(try row.wholeNumber(place + column)) }
        digest.add(row.bytes(place + 9))
        return digest.value
    }
}
