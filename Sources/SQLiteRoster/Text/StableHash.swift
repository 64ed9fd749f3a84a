/// A 64-bit hash that is the same on every machine and in every version: the file depends on it.
///
/// Eight bytes at a time, multiplied and folded; good for telling texts apart, not against an attacker: whoever finds
/// something by hash compares it as well.
struct StableHash {
    private var state: UInt64 = 0x9e37_79b9_7f4a_7c15

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        ByteWords.forEach(bytes) { mix($0) }
    }

    mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    }

    mutating func add(_ number: Int64) { mix(UInt64(bitPattern: number)) }

    /// The hash as SQLite holds it.
    var value: Int64 {
        var word = state
        word ^= word >> 32
        word = word &* 0xd6e8_feb8_6659_fd93
        word ^= word >> 32
        return Int64(bitPattern: word)
    }

    static func of(_ text: String) -> Int64 {
        var hash = StableHash()
        hash.add(text)
        return hash.value
    }

    private mutating func mix(_ word: UInt64) {
        let product = (state ^ word).multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
        state = product.high ^ product.low &+ 0xe703_7ed1_a0b4_28db
    }
}
