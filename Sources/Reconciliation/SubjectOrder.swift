import DirectoryModel

/// The order of subjects: by the bytes of the email, then immutable id, then directory.
struct SubjectOrder {
    /// Somebody to sort: the first sixteen bytes of the email, and who it is.
    struct Key {
        var first: UInt64
        var second: UInt64
        var item: UInt32

        init(_ email: UnsafeBufferPointer<UInt8>, item: UInt32) {
            first = Key.word(email, 0)
            second = Key.word(email, 8)
            self.item = item
        }

        @inline(__always)
        private static func word(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> UInt64 {
            var word: UInt64 = 0
            var index = start
            let end = min(start + 8, bytes.count)
            while index < end {
                word = word << 8 | UInt64(bytes[index])
                index += 1
            }
            let missing = 8 - max(0, end - start)
            return missing >= 8 ? 0 : word << UInt64(8 * missing)
        }
    }

    static func sort(_ keys: inout [Key], tie: (UInt32, UInt32) -> Bool) {
        keys.sort { left, right in
            if left.first != right.first { return left.first < right.first }
            if left.second != right.second { return left.second < right.second }
            return tie(left.item, right.item)
        }
    }
}
