import Diagnostics

/// A line that is wider than a terminal, as several that are not.
///
/// It is broken at spaces, what follows stands beneath the text that it goes on with. What is to be copied stays in one piece: what stands between
/// backquotes, and a command from its name to the end of the line. A piece that is wider than the terminal stands out.
struct LineFold {
    /// What is never broken, and the spaces before it.
    private struct Piece {
        var gap: Int
        var spans: [Span] = []
        var width = 0
    }

    private let columns: Int
    private var pieces: [Piece] = []
    private var open = Piece(gap: 0)
    private var isQuoted = false
    private var isCommand = false

    /// The lines, each with its indent; the line itself where it fits.
    ///
    /// The text of the spans is safe already.
    static func lines(_ spans: [Span], indent: Int, into columns: Int) -> [(indent: Int, spans: [Span])] {
        let width = spans.reduce(indent) { $0 + DisplayWidth.columns(of: $1.text) }
        guard width > columns else { return [(indent, spans)] }
        var fold = LineFold(columns: columns)
        for span in spans { fold.take(span) }
        fold.close(gap: 0)
        let lines = fold.lines(indent)
        return lines.isEmpty ? [(indent, spans)] : lines
    }

    private init(columns: Int) { self.columns = columns }

    // MARK: Pieces

    private mutating func take(_ span: Span) {
        var text = String.UnicodeScalarView()
        for scalar in span.text.unicodeScalars {
            // Within a word it is part of a name.
            if scalar == "`", isQuoted || text.isEmpty && open.spans.isEmpty || text.last == "(" { isQuoted.toggle() }
            guard scalar == " ", !isQuoted, !isCommand else {
                text.append(scalar)
                continue
            }
            add(&text, span.tone)
            isCommand = open.spans.count == 1 && open.spans[0].text == "rollcall"
            if isCommand { text.append(scalar) } else { close(gap: 1) }
        }
        add(&text, span.tone)
    }

    private mutating func add(_ text: inout String.UnicodeScalarView, _ tone: Tone) {
        guard !text.isEmpty else { return }
        let span = Span(String(text), tone)
        open.spans.append(span)
        open.width += DisplayWidth.columns(of: span.text)
        text.removeAll()
    }

    /// Ends the piece, if there is one, and begins the next after so many spaces more.
    private mutating func close(gap: Int) {
        if open.spans.isEmpty {
            open.gap += gap
        } else {
            pieces.append(open)
            open = Piece(gap: gap)
        }
    }

    // MARK: Lines

    private func lines(_ indent: Int) -> [(indent: Int, spans: [Span])] {
        let hanging = hanging(indent)
        var lines: [(indent: Int, spans: [Span])] = []
        var end = 0
        for piece in pieces {
            let start = end + piece.gap
            if let last = lines.indices.last, start + piece.width <= columns || start <= hanging {
                LineFold.append(piece, to: &lines[last].spans)
                end = start + piece.width
            } else {
                let start = lines.isEmpty ? indent + piece.gap : hanging
                lines.append((start, piece.spans))
                end = start + piece.width
            }
        }
        return lines
    }

    /// Words of one tone become one span again.
    private static func append(_ piece: Piece, to spans: inout [Span]) {
        let gap = String(repeating: " ", count: piece.gap)
        if let last = spans.indices.last, let first = piece.spans.first, spans[last].tone == first.tone {
            spans[last].text += gap + first.text
            spans += piece.spans.dropFirst()
        } else {
            spans.append(Span(gap))
            spans += piece.spans
        }
    }

    /// Where lines after the first begin: beneath the last cell that begins in the left half, else a little further in than the first line.
    private func hanging(_ indent: Int) -> Int {
        var end = indent + (pieces.first.map { $0.gap + $0.width } ?? 0)
        var hanging = indent + (pieces.first?.gap ?? 0) + 2
        for piece in pieces.dropFirst() {
            let start = end + piece.gap
            if piece.gap > 1, start <= columns / 2 { hanging = start }
            end = start + piece.width
        }
        return min(hanging, columns / 2)
    }
}
