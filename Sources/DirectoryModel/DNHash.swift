/// A keyed 128-bit hash of a name's canonical form: what members are joined to entries by.
package struct DNHash: Hashable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The hash is uniform already, so half of it serves as a hash table's.
    package func hash(into hasher: inout Hasher) { hasher.combine(low) }
}

/// The secret that makes hashes of names unpredictable, so that nobody can craft two names with one hash.
package struct DNHashKey: Sendable, Equatable {
    package let first: UInt64
    package let second: UInt64

    /// The key; take both halves from a random source, once a run or once for as long as hashes are kept.
    package init(first: UInt64, second: UInt64) {
        self.first = first
        self.second = second
    }

    /// SipHash-2-4 with 128 bits of output (Aumasson, Bernstein) of the bytes.
    package func hash(_ bytes: UnsafeRawBufferPointer) -> DNHash {
        var state = SipState(first: first, second: second)
        let count = bytes.count
        var offset = 0
        while offset + 8 <= count {
            state.absorb(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            offset += 8
        }
        var last = UInt64(truncatingIfNeeded: count) << 56
        var shift: UInt64 = 0
        while offset < count {
            last |= UInt64(bytes[offset]) << shift
            shift += 8
            offset += 1
        }
        state.absorb(last)
        return state.finish()
    }
}

/// The four words of SipHash.
private struct SipState {
    var v0: UInt64
    var v1: UInt64
    var v2: UInt64
    var v3: UInt64

    @inline(__always)
    init(first: UInt64, second: UInt64) {
        v0 = first ^ 0x736f_6d65_7073_6575
        v1 = second ^ 0x646f_7261_6e64_6f6d ^ 0xee
        v2 = first ^ 0x6c79_6765_6e65_7261
        v3 = second ^ 0x7465_6462_7974_6573
    }

    @inline(__always)
    mutating func absorb(_ word: UInt64) {
        v3 ^= word
        round()
        round()
        v0 ^= word
    }

    @inline(__always)
    mutating func finish() -> DNHash {
        v2 ^= 0xee
        round()
        round()
        round()
        round()
        let low = v0 ^ v1 ^ v2 ^ v3
        v1 ^= 0xdd
        round()
        round()
        round()
        round()
        return DNHash(high: v0 ^ v1 ^ v2 ^ v3, low: low)
    }

    @inline(__always)
    private mutating func round() {
        v0 = v0 &+ v1
        v2 = v2 &+ v3
        v1 = rotate(v1, 13) ^ v0
        v3 = rotate(v3, 16) ^ v2
        v0 = rotate(v0, 32)
        v2 = v2 &+ v1
        v0 = v0 &+ v3
        v1 = rotate(v1, 17) ^ v2
        v3 = rotate(v3, 21) ^ v0
        v2 = rotate(v2, 32)
    }

    @inline(__always)
    private func rotate(_ word: UInt64, _ by: UInt64) -> UInt64 {
        word << by | word >> (64 - by)
    }
}
