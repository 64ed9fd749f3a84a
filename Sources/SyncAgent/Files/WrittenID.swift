import DirectoryModel

/// Immutable ids as `ImmutableID.description` writes them: bytes that are no text stand in hexadecimal after `0x`.
enum WrittenID {
    static func parse(_ text: String) -> ImmutableID? {
        let digits = Array(text.utf8)
        if digits.count > 2, digits.count % 2 == 0, digits.starts(with: "0x".utf8) {
            var bytes: [UInt8] = []
            for start in stride(from: 2, to: digits.count, by: 2) {
                let pair = String(decoding: digits[start..<(start + 2)], as: UTF8.self)
                guard let byte = UInt8(pair, radix: 16) else { return ImmutableID(text: text) }
                bytes.append(byte)
            }
            if !bytes.allSatisfy({ (0x21...0x7e).contains($0) }) { return ImmutableID(bytes: bytes) }
        }
        return ImmutableID(text: text)
    }
}
