import DirectoryModel
import GRDBSQLite

/// A prepared statement on the raw connection: the hot path, without an allocation per row.
///
/// Bound bytes are not copied: they must stay where they are until the statement has run. Ids go through a scratch area.
final class SQLStatement {
    private let handle: OpaquePointer
    private let connection: OpaquePointer
    private let scratch: UnsafeMutablePointer<UInt8>
    /// Places for ids that one statement may bind.
    private static let idSlots = 4
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    init(_ connection: OpaquePointer, _ sql: String) throws {
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared else { throw SQLFailure(connection: connection) }
        handle = prepared
        self.connection = connection
        scratch = UnsafeMutablePointer<UInt8>.allocate(capacity: 16 * SQLStatement.idSlots)
    }

    deinit {
        sqlite3_finalize(handle)
        scratch.deallocate()
    }

    // Binding; places count from 1.

    func bind(_ place: Int32, _ value: Int64) { sqlite3_bind_int64(handle, place, value) }

    func bind(_ place: Int32, _ value: Int) { sqlite3_bind_int64(handle, place, Int64(value)) }

    func bind(_ place: Int32, optional value: Int64?) {
        if let value { sqlite3_bind_int64(handle, place, value) } else { sqlite3_bind_null(handle, place) }
    }

    /// A time that may be unknown (`Int64.min`), stored as null.
    func bind(_ place: Int32, time value: Int64) {
        if value == Int64.min { sqlite3_bind_null(handle, place) } else { sqlite3_bind_int64(handle, place, value) }
    }

    func bind(_ place: Int32, text: String) {
        var text = text
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                _ = sqlite3_bind_text(
                    handle, place, characters.baseAddress ?? SQLStatement.nothing, Int32(characters.count),
                    SQLStatement.copied)
            }
        }
    }

    func bind(_ place: Int32, optionalText text: String?) {
        if let text { bind(place, text: text) } else { sqlite3_bind_null(handle, place) }
    }

    /// Text that stays in place until the statement has run.
    func bind(_ place: Int32, keptText bytes: UnsafeRawBufferPointer) {
        let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) ?? SQLStatement.nothing
        sqlite3_bind_text(handle, place, start, Int32(truncatingIfNeeded: bytes.count), nil)
    }

    /// A blob that stays in place until the statement has run.
    func bind(_ place: Int32, keptBlob bytes: UnsafeRawBufferPointer) {
        if let start = bytes.baseAddress {
            sqlite3_bind_blob(handle, place, start, Int32(truncatingIfNeeded: bytes.count), nil)
        } else {
            sqlite3_bind_zeroblob(handle, place, 0)
        }
    }

    func bind(_ place: Int32, blob: [UInt8]) {
        _ = blob.withUnsafeBytes { bytes in
            if let start = bytes.baseAddress {
                sqlite3_bind_blob(handle, place, start, Int32(truncatingIfNeeded: bytes.count), SQLStatement.copied)
            } else {
                sqlite3_bind_zeroblob(handle, place, 0)
            }
        }
    }

    /// An immutable id, held in the scratch area's place `slot` until the next id is bound there.
    func bind(_ place: Int32, id: ImmutableID, slot: Int = 0) {
        let start = scratch + 16 * (slot % SQLStatement.idSlots)
        UnsafeMutableRawPointer(start).storeBytes(of: id.high.bigEndian, as: UInt64.self)
        UnsafeMutableRawPointer(start + 8).storeBytes(of: id.low.bigEndian, as: UInt64.self)
        sqlite3_bind_blob(handle, place, start, Int32(id.count), nil)
    }

    // Running.

    /// One row further; false at the end, where the statement is ready to run again.
    func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        default:
            let failure = SQLFailure(connection: connection)
            sqlite3_reset(handle)
            throw failure
        }
    }

    /// Runs a statement that answers nothing.
    func run() throws {
        while try step() {}
    }

    /// Runs a statement and hands each row to `body`.
    func forEach(_ body: () throws -> Void) throws {
        do {
            while try step() { try body() }
        } catch {
            sqlite3_reset(handle)
            throw error
        }
    }

    /// Ends a query early.
    func reset() { sqlite3_reset(handle) }

    /// Rows that the last run of this connection changed.
    var changes: Int { Int(sqlite3_changes(connection)) }

    // Columns; places count from 0.

    func integer(_ place: Int32) -> Int64 { sqlite3_column_int64(handle, place) }

    /// A number; a value of another kind in its place is damage, and read as a number it would look like 0.
    func wholeNumber(_ place: Int32) throws -> Int64 {
        guard isInteger(place) else {
            throw SQLFailure(code: SQLITE_CORRUPT, message: "something else where a number stood")
        }
        return integer(place)
    }

    /// The same, or nothing.
    func optionalWholeNumber(_ place: Int32) throws -> Int64? { isNull(place) ? nil : try wholeNumber(place) }

    /// How many columns a row has.
    var columnCount: Int32 { sqlite3_column_count(handle) }

    /// What a value is: `SQLITE_INTEGER`, `SQLITE_TEXT`, `SQLITE_BLOB`, `SQLITE_NULL`.
    func kind(_ place: Int32) -> Int32 { sqlite3_column_type(handle, place) }

    /// Whether a value is a number, not a text or blob.
    func isInteger(_ place: Int32) -> Bool { kind(place) == SQLITE_INTEGER }

    func isNull(_ place: Int32) -> Bool { kind(place) == SQLITE_NULL }

    func optionalInteger(_ place: Int32) -> Int64? { isNull(place) ? nil : integer(place) }

    func time(_ place: Int32) -> Int64 { isNull(place) ? Int64.min : integer(place) }

    /// The bytes of a text or blob; valid until the next step.
    func bytes(_ place: Int32) -> UnsafeRawBufferPointer {
        guard let start = sqlite3_column_blob(handle, place) else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, place)))
    }

    func text(_ place: Int32) -> String { String(decoding: bytes(place), as: UTF8.self) }

    func optionalText(_ place: Int32) -> String? { isNull(place) ? nil : text(place) }

    /// An immutable id; a blob of another length than 1 to 16 bytes is damage.
    func id(_ place: Int32) throws -> ImmutableID {
        let bytes = bytes(place)
        guard let id = ImmutableID(blob: bytes) else {
            throw SQLFailure(code: SQLITE_CORRUPT, message: "an id of \(bytes.count) bytes")
        }
        return id
    }

    /// What an empty text points at; SQLite takes a null pointer for a null.
    nonisolated(unsafe) private static let nothing: UnsafePointer<CChar> = {
        let byte = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
        byte.initialize(to: 0)
        return UnsafePointer(byte)
    }()
}

/// Runs SQL that answers nothing, on the raw connection.
func execute(_ connection: OpaquePointer, _ sql: String) throws {
    guard sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK else {
        throw SQLFailure(connection: connection)
    }
}

/// The integer in the first column of the first row; nil when there is none or it is null.
func integer(_ connection: OpaquePointer, _ sql: String) throws -> Int64? {
    let statement = try SQLStatement(connection, sql)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    return statement.optionalInteger(0)
}

extension ImmutableID {
    /// The id whose raw bytes these are; nil when there are none or more than 16.
    init?(blob bytes: UnsafeRawBufferPointer) {
        var high: UInt64 = 0
        var low: UInt64 = 0
        if bytes.count == 16 {
            high = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
            low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        } else {
            for (position, byte) in bytes.prefix(16).enumerated() {
                if position < 8 {
                    high |= UInt64(byte) << UInt64(56 - 8 * position)
                } else {
                    low |= UInt64(byte) << UInt64(120 - 8 * position)
                }
            }
        }
        self.init(high: high, low: low, byteCount: bytes.count)
    }
}
