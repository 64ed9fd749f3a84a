/// Bytes as words of eight, for hashing.
enum ByteWords {
    /// Each whole word, little-endian, and at the end what is left of the bytes with how many there were.
    @inline(__always)
    static func forEach(_ bytes: UnsafeRawBufferPointer, _ body: (UInt64) -> Void) {
        var offset = 0
        while bytes.count - offset >= 8 {
            body(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < bytes.count {
            rest = rest << 8 | UInt64(bytes[offset])
            offset += 1
        }
        body(rest ^ UInt64(bytes.count) << 56)
    }
}
