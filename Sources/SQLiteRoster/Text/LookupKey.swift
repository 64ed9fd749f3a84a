import DirectoryModel

/// What people are looked up by: a short hash of login, email, alias or DN, folded and without spaces.
///
/// The hash only narrows the search; who is found is compared by the folded text itself.
enum LookupKey {
    private static let prime: UInt32 = 16_777_619
    private static let basis: UInt32 = 2_166_136_261

    /// The upper 31 bits of a 32-bit FNV-1a hash of the folded bytes.
    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var hash = basis
        for byte in bytes where byte != 0x20 {
            if byte >= 0x80 { return plainHash(folded(bytes)) }
            hash = (hash ^ UInt32(lowered(byte))) &* prime
        }
        return hash >> 1
    }

    /// Whether two texts are the same to somebody who types them.
    static func same(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        folded(left) == folded(right)
    }

    /// Distinct keys of a record's fields, appended as `key << 32 | person`.
    static func append(record: UnsafeRawBufferPointer, person: UInt32, to packed: inout [UInt64]) {
        let first = packed.count
        forEachField(record) { field in
            let key = UInt64(hash(field)) << 32 | UInt64(person)
            var place = first
            while place < packed.count, packed[place] != key { place += 1 }
            if place == packed.count { packed.append(key) }
        }
    }

    /// The fields people are known by: DN, login, emails, aliases (`PersonField`).
    static func forEachField(_ record: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
        // Tags 1 to 4.
        RecordFields.forEach(record) { tag, field in if tag >= 1, tag <= 4 { body(field) } }
    }

    /// Folded as directories do where that is possible, without spaces.
    private static func folded(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var folded: [UInt8] = []
        if !bytes.contains(where: { $0 >= 0x80 }) || !TextFold.fold(bytes, into: &folded) {
            folded = bytes.map(lowered)
        }
        folded.removeAll { $0 == 0x20 }
        return folded
    }

    private static func plainHash(_ bytes: [UInt8]) -> UInt32 {
        var hash = basis
        for byte in bytes { hash = (hash ^ UInt32(byte)) &* prime }
        return hash >> 1
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
    }
}
