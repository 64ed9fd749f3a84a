/// Writes Markdown (GFM) to bytes; text of others gets there as plain words and code only.
struct MarkdownWriter {
    /// A piece of a line.
    ///
    /// A literal is markup of this program; everything that may hold a name has to say how it is shown.
    enum Piece: ExpressibleByStringLiteral {
        case markup(StaticString)
        case sentence(String)
        case code(String)
        case number(Int)

        init(stringLiteral value: StaticString) { self = .markup(value) }
    }

    private(set) var bytes: [UInt8] = []

    mutating func line(_ pieces: Piece...) { line(pieces) }

    mutating func line(_ pieces: [Piece]) {
        for piece in pieces { append(piece, inTable: false) }
        bytes.append(0x0A)
    }

    mutating func blank() { bytes.append(0x0A) }

    /// A heading with blank lines around it.
    mutating func heading(_ marks: StaticString, _ pieces: Piece...) {
        blank()
        line([.markup(marks), " "] + pieces)
        blank()
    }

    /// A table; columns whose title begins with a space stand on the right, as numbers do.
    mutating func table(_ titles: [StaticString], _ rows: [[Piece]]) {
        bytes.append(contentsOf: "|".utf8)
        for title in titles {
            title.withUTF8Buffer { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: " |".utf8)
        }
        bytes.append(contentsOf: "\n|".utf8)
        for title in titles {
            let isRight = title.withUTF8Buffer { $0.starts(with: "  ".utf8) }
            bytes.append(contentsOf: (isRight ? "---:|" : "---|").utf8)
        }
        bytes.append(0x0A)
        for row in rows {
            bytes.append(contentsOf: "|".utf8)
            for cell in row {
                bytes.append(0x20)
                append(cell, inTable: true)
                bytes.append(contentsOf: " |".utf8)
            }
            bytes.append(0x0A)
        }
    }

    /// Hands over what was written and forgets it.
    mutating func drain() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    private mutating func append(_ piece: Piece, inTable: Bool) {
        switch piece {
        case .markup(let markup): markup.withUTF8Buffer { bytes.append(contentsOf: $0) }
        case .sentence(let text): bytes.append(contentsOf: MarkdownText.sentence(text, inTable: inTable).utf8)
        case .code(let text): bytes.append(contentsOf: MarkdownText.code(text, inTable: inTable).utf8)
        case .number(let number): bytes.append(contentsOf: Counted.number(number).utf8)
        }
    }
}
