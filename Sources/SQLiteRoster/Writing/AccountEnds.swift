import DirectoryModel

/// The table of accounts that end at a time, by state: who has to be judged anew stands at its ends.
struct AccountEnds {
    private let insert: SQLStatement
    private let delete: SQLStatement

    init(_ connection: OpaquePointer) throws {
        insert = try SQLStatement(
            connection, "INSERT OR IGNORE INTO account_ends (state, ends, person) VALUES (?, ?, ?)")
        delete = try SQLStatement(
            connection, "DELETE FROM account_ends WHERE state = ? AND ends = ? AND person = ?")
    }

    func enter(_ record: UnsafeRawBufferPointer, _ state: PersonState?, _ person: UInt32) throws {
        try run(insert, record, state, person)
    }

    func leave(_ record: UnsafeRawBufferPointer, _ state: PersonState?, _ person: UInt32) throws {
        try run(delete, record, state, person)
    }

    private func run(
        _ statement: SQLStatement, _ record: UnsafeRawBufferPointer, _ state: PersonState?, _ person: UInt32
    ) throws {
        guard let state, let ends = AccountEnds.end(record, state) else { return }
        statement.bind(1, Int64(state.rawValue))
        statement.bind(2, ends)
        statement.bind(3, Int64(person))
        try statement.run()
    }

    /// State, time and person of every row, in order.
    static func all(_ connection: OpaquePointer) throws -> [[Int64]] {
        let rows = try SQLStatement(
            connection, "SELECT state, ends, person FROM account_ends ORDER BY state, ends, person")
        var all: [[Int64]] = []
        try rows.forEach { all.append([rows.integer(0), rows.integer(1), rows.integer(2)]) }
        return all
    }

    /// When an account ends that the clock decides about; nil for others.
    static func end(_ record: UnsafeRawBufferPointer, _ state: PersonState) -> Int64? {
        guard state == .enabled || state == .expired,
            let bytes = RecordFields.first(PersonField.expires.tag, in: record), bytes.count == 8
        else { return nil }
        return Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
    }
}
