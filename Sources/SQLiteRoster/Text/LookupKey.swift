import DirectoryModel

/// What people are looked up by: a short hash of login, email, alias or DN, in lower case and without spaces.
///
/// The hash only narrows the search; who is found is compared by the folded text itself.
enum LookupKey {
    private static let prime: UInt32 = 16_777_619

    /// A 32-bit FNV-1a hash of the folded bytes.
    static func hash(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var hash: UInt32 = 2_166_136_261
        for byte in bytes where byte != 0x20 { hash = (hash ^ UInt32(lowered(byte))) &* prime }
        return hash
    }

    /// Whether two texts are the same to somebody who types them.
    static func same(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> Bool {
        left.lazy.filter { $0 != 0x20 }.map(lowered).elementsEqual(right.lazy.filter { $0 != 0x20 }.map(lowered))
    }

    /// Distinct keys of a record's fields, appended as `key << 32 | person`.
    static func append(record: UnsafeRawBufferPointer, person: UInt32, to packed: inout [UInt64]) {
        let first = packed.count
        forEachField(record) { field in
            let key = UInt64(hash(field)) << 32 | UInt64(person)
            if !packed[first...].contains(key) { packed.append(key) }
        }
    }

    /// The fields people are known by: DN, login, emails, aliases (`PersonField`).
    static func forEachField(_ record: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
        var index = 0
        while record.count - index >= 5 {
            let tag = record[index]
            let length = Int(UInt32(littleEndian: record.loadUnaligned(fromByteOffset: index + 1, as: UInt32.self)))
            index += 5
            guard length <= record.count - index else { return }
            if tag >= PersonField.dn.tag, tag <= PersonField.alias.tag {
                body(UnsafeRawBufferPointer(rebasing: record[index..<(index + length)]))
            }
            index += length
        }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
    }
}
