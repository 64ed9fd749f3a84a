import DirectoryModel

/// A pattern over text: `*` is any run of characters, `?` is one; compared in the folded form of directories, so case does not count.
///
/// Matching never backtracks over more than one piece: a pattern from a file cannot make a run slow.
package struct GlobPattern: Sendable, Hashable {
    /// Bytes allowed in a pattern.
    package static let longest = 200

    package let text: String
    /// Folded pieces between stars; one piece means that there is no star.
    private let pieces: [[UInt8]]

    package init(_ text: String) {
        self.text = text
        pieces = TextFold.fold(text).split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(
            Array.init)
    }

    /// Whether every text matches.
    package var matchesEverything: Bool { pieces.count > 1 && pieces.allSatisfy(\.isEmpty) }

    /// Whether folded text matches.
    package func matches(folded text: UnsafeRawBufferPointer) -> Bool {
        guard let first = pieces.first, let last = pieces.last else { return false }
        guard var position = GlobPattern.end(of: first, at: 0, in: text) else { return false }
        if pieces.count == 1 { return position == text.count }
        for piece in pieces.dropFirst().dropLast() {
            guard let end = GlobPattern.search(piece, from: position, in: text) else { return false }
            position = end
        }
        return GlobPattern.isSuffix(last, from: position, of: text)
    }

    package func matches(_ text: String) -> Bool {
        TextFold.fold(text).withUnsafeBytes { matches(folded: $0) }
    }

    /// Where the piece ends when it stands at `start`.
    private static func end(of piece: [UInt8], at start: Int, in text: UnsafeRawBufferPointer) -> Int? {
        var position = start
        for byte in piece {
            guard position < text.count else { return nil }
            if byte == UInt8(ascii: "?") {
                position = afterCharacter(position, in: text)
            } else {
                guard text[position] == byte else { return nil }
                position += 1
            }
        }
        return position
    }

    private static func search(_ piece: [UInt8], from start: Int, in text: UnsafeRawBufferPointer) -> Int? {
        var position = start
        while position <= text.count {
            if let end = end(of: piece, at: position, in: text) { return end }
            guard position < text.count else { return nil }
            position = afterScalar(position, in: text)
        }
        return nil
    }

    private static func isSuffix(_ piece: [UInt8], from start: Int, of text: UnsafeRawBufferPointer) -> Bool {
        if piece.isEmpty { return true }
        var position = start
        while position < text.count {
            if end(of: piece, at: position, in: text) == text.count { return true }
            position = afterScalar(position, in: text)
        }
        return false
    }

    /// Past one letter and its combining marks (U+0300 to U+036F), which stand apart in folded text.
    private static func afterCharacter(_ position: Int, in text: UnsafeRawBufferPointer) -> Int {
        var next = afterScalar(position, in: text)
        while next + 1 < text.count, text[next] == 0xcc || (text[next] == 0xcd && text[next + 1] < 0xb0) { next += 2 }
        return next
    }

    private static func afterScalar(_ position: Int, in text: UnsafeRawBufferPointer) -> Int {
        var next = position + 1
        while next < text.count, text[next] & 0xc0 == 0x80 { next += 1 }
        return next
    }
}
