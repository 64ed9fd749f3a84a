import DirectoryModel
import GRDBSQLite

/// A 128-bit digest of values one after the other: of a row, or of many rows in order.
///
/// It notices damage and edits, at the speed of reading; it is no defense against somebody who computes a roster that fits.
struct RowDigest {
    private var first: UInt64 = 0x9e37_79b9_7f4a_7c15
    private var second: UInt64 = 0xc2b2_ae3d_27d4_eb4f

    init() {}

    @inline(__always)
    mutating func add(_ number: Int64) { mix(UInt64(bitPattern: number)) }

    mutating func add(optional number: Int64?) {
        mix(number == nil ? 1 : 0)
        mix(UInt64(bitPattern: number ?? 0))
    }

    mutating func add(_ id: ImmutableID) {
        mix(id.high)
        mix(id.low)
        mix(UInt64(id.count))
    }

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        ByteWords.forEach(bytes) { mix($0) }
    }

    mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    }

    /// Every value of a statement's row.
    mutating func add(row: SQLStatement) {
        for place in 0..<row.columnCount {
            switch row.kind(place) {
            case SQLITE_NULL: mix(3)
            case SQLITE_INTEGER:
                mix(1)
                add(row.integer(place))
            default:
                mix(2)
                add(row.bytes(place))
            }
        }
    }

    var value: DigestSum {
        DigestSum(high: RowDigest.finished(first), low: RowDigest.finished(second))
    }

    @inline(__always)
    private mutating func mix(_ word: UInt64) {
        let one = (first ^ word).multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
        first = one.high ^ one.low &+ 0xe703_7ed1_a0b4_28db
        let other = (second &+ word).multipliedFullWidth(by: 0x8ebc_6af0_9c88_c6e3)
        second = other.high ^ other.low &+ 0x5899_65cc_7537_4cc3
    }

    private static func finished(_ state: UInt64) -> UInt64 {
        var word = state ^ (state >> 32)
        word = word &* 0xd6e8_feb8_6659_fd93
        return word ^ (word >> 32)
    }
}

/// Digests of rows added up, in whatever order; a row that goes is taken off again.
struct DigestSum: Equatable {
    var high: UInt64 = 0
    var low: UInt64 = 0

    static func += (left: inout DigestSum, right: DigestSum) {
        left.high &+= right.high
        left.low &+= right.low
    }

    static func -= (left: inout DigestSum, right: DigestSum) {
        left.high &-= right.high
        left.low &-= right.low
    }

    var bytes: [UInt8] {
        [high, low].flatMap { word in
            stride(from: UInt64(56), through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> $0) }
        }
    }

    /// Zero where the bytes are not sixteen.
    init(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 16 else { return }
        high = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
        low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }

    init(high: UInt64 = 0, low: UInt64 = 0) {
        self.high = high
        self.low = low
    }
}
