/// The fields of a person's record in memory that SQLite owns (`PersonRecord`).
enum RecordFields {
    /// Every field with its tag, in order; a damaged record simply ends.
    @inline(__always)
    static func forEach(_ record: UnsafeRawBufferPointer, _ body: (UInt8, UnsafeRawBufferPointer) -> Void) {
        var index = 0
        while record.count - index >= 5 {
            let tag = record[index]
            let length = Int(UInt32(littleEndian: record.loadUnaligned(fromByteOffset: index + 1, as: UInt32.self)))
            index += 5
            guard length <= record.count - index else { return }
            body(tag, UnsafeRawBufferPointer(rebasing: record[index..<(index + length)]))
            index += length
        }
    }

    /// The first value of a field.
    static func first(_ tag: UInt8, in record: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        var found: UnsafeRawBufferPointer?
        forEach(record) { if $0 == tag, found == nil { found = $1 } }
        return found
    }
}
