/// Where a text stands in a `TextTable`.
package struct TextSpan: Sendable, Hashable {
    package var start: UInt32
    package var length: UInt32

    package init(start: UInt32, length: UInt32) {
        self.start = start
        self.length = length
    }

    package static let empty = TextSpan(start: 0, length: 0)
}

/// Many texts in one piece of memory, as bytes.
package struct TextTable: Sendable {
    package private(set) var bytes: [UInt8]

    package init(bytes: [UInt8] = []) { self.bytes = bytes }

    package mutating func reserve(_ byteCount: Int) { bytes.reserveCapacity(byteCount) }

    /// Adds a text; the table holds at most 4 GiB, beyond that texts are empty.
    package mutating func append(_ text: some Collection<UInt8>) -> TextSpan {
        guard let start = UInt32(exactly: bytes.count), let length = UInt32(exactly: text.count) else { return .empty }
        bytes.append(contentsOf: text)
        return TextSpan(start: start, length: length)
    }

    /// The same for bytes of an array, without the cost of a generic call for each of very many texts.
    package mutating func append(_ text: ArraySlice<UInt8>) -> TextSpan {
        guard let start = UInt32(exactly: bytes.count), let length = UInt32(exactly: text.count) else { return .empty }
        bytes.append(contentsOf: text)
        return TextSpan(start: start, length: length)
    }

    package func slice(_ span: TextSpan) -> ArraySlice<UInt8> {
        let start = min(Int(span.start), bytes.count)
        return bytes[start..<min(start + Int(span.length), bytes.count)]
    }

    /// The text, for display: bytes that are not UTF-8 show as U+FFFD.
    package subscript(span: TextSpan) -> String { String(decoding: slice(span), as: UTF8.self) }
}
