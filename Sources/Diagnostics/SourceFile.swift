/// The bytes of a file that a person wrote, cut into lines so that a diagnostic can show one.
package struct SourceFile: Sendable {
    /// As the person named it; stands in front of every diagnostic.
    package let name: String
    package let bytes: [UInt8]
    /// Byte offset of the first byte of each line.
    private let lineStarts: [Int]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        lineStarts = SourceFile.starts(of: bytes)
    }

    package init(name: String, text: String) {
        self.init(name: name, bytes: Array(text.utf8))
    }

    /// The line without its end, bytes that are no UTF-8 replaced; nil beyond the last.
    package func line(_ number: Int) -> String? {
        guard lineStarts.indices.contains(number - 1) else { return nil }
        var start = lineStarts[number - 1]
        if number == 1, bytes.starts(with: SourceText.byteOrderMark) { start = SourceText.byteOrderMark.count }
        var end = number < lineStarts.count ? lineStarts[number] : bytes.count
        while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// The line and column of a byte.
    package func position(ofByte offset: Int) -> SourcePosition {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        let before = bytes[lineStarts[low]..<max(lineStarts[low], min(offset, bytes.count))]
        let column = String(decoding: before, as: UTF8.self).unicodeScalars.count + 1
        return SourcePosition(file: name, line: low + 1, column: column)
    }

    /// Lines end in LF, CR LF or a lone CR, as in YAML.
    private static func starts(of bytes: [UInt8]) -> [Int] {
        var starts = [0]
        for (index, byte) in bytes.enumerated() {
            let crOfPair = byte == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A
            if byte == 0x0A || (byte == 0x0D && !crOfPair) { starts.append(index + 1) }
        }
        return starts
    }
}
