import Diagnostics

/// Lines of text for people, as bytes: the only way from a report to a terminal.
///
/// Every piece of text passes `SafeText` here, so nothing a directory holds can move a cursor or hide a line; escape
/// sequences are made here alone.
package struct TextPage: Sendable {
    package private(set) var bytes: [UInt8] = []
    package let style: TextStyle
    /// Texts that were too long for the style.
    private var cut = 0

    package init(style: TextStyle = .plain) { self.style = style }

    package mutating func line(_ spans: Span..., indent: Int = 0) {
        line(spans, indent: indent)
    }

    /// A line, or as many as the terminal has to have for it.
    package mutating func line(_ spans: [Span], indent: Int = 0) {
        guard let columns = style.columns else { return row(spans, indent: indent) }
        let safe = spans.map { Span(SafeText.escaped($0.text), $0.tone) }
        for (indent, spans) in LineFold.lines(safe, indent: indent, into: columns) { row(spans, indent: indent) }
    }

    /// A line that is to be copied, as a command or a line of a file: it stays in one piece.
    mutating func copied(_ text: String, indent: Int) { row([Span(text)], indent: indent) }

    /// One line, however long it is.
    mutating func row(_ spans: [Span], indent: Int = 0) {
        for _ in 0..<indent { bytes.append(0x20) }
        for span in spans { append(span) }
        bytes.append(0x0A)
    }

    /// Lines that a page of the same style has written before.
    mutating func lines(written: [UInt8]) { bytes.append(contentsOf: written) }

    package mutating func blank() { bytes.append(0x0A) }

    /// Rows with their cells in columns: the last column is not padded, numbers stand on the right, what is very long stands out.
    package mutating func columns(_ rows: [[Span]], rightAligned: Set<Int> = [], indent: Int = 0) {
        var widths: [Int] = []
        let safe = rows.map { $0.map { Span(SafeText.escaped($0.text), $0.tone) } }
        for row in safe {
            for (column, cell) in row.enumerated() {
                let width = DisplayWidth.columns(of: cell.text)
                if column == widths.count { widths.append(0) }
                if width <= TextStyle.columnAtMost { widths[column] = max(widths[column], width) }
            }
        }
        for row in safe {
            var spans: [Span] = []
            for (column, cell) in row.enumerated() {
                let padding = String(
                    repeating: " ", count: max(0, widths[column] - DisplayWidth.columns(of: cell.text)))
                let isLast = column == row.count - 1
                if column > 0 { spans.append("  ") }
                if rightAligned.contains(column) {
                    spans.append(Span(padding))
                    spans.append(cell)
                } else {
                    spans.append(cell)
                    if !isLast { spans.append(Span(padding)) }
                }
            }
            // A table of figures is read by its columns, and stays one; a number before a text makes none.
            if rightAligned.count > 1 { self.row(spans, indent: indent) } else { line(spans, indent: indent) }
        }
    }

    /// A name or a cell as it is shown: safe, and no longer than one reads in this style, or has room; what is cut is counted.
    mutating func shown(_ text: String, within room: Int? = nil) -> String {
        guard let most = [style.cellAtMost, room].compactMap(\.self).min() else { return SafeText.escaped(text) }
        let shown = SafeText.escaped(text, to: most)
        if shown != SafeText.escaped(text) { cut += 1 }
        return shown
    }

    /// Says how many texts were cut, and how to see them whole.
    mutating func tellCut(indent: Int = 0) {
        guard cut > 0 else { return }
        line(Span("\(Counted.text(cut, "long text")) cut at `…`; \(style.seeRest)", .faint), indent: indent)
        cut = 0
    }

    /// Hands over what was written and forgets it.
    package mutating func drain() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    private mutating func append(_ span: Span) {
        let text = SafeText.escaped(span.text)
        guard style.colors, let rendition = span.tone.graphicRendition, !text.isEmpty else {
            bytes.append(contentsOf: text.utf8)
            return
        }
        bytes.append(contentsOf: "\u{1B}[\(rendition)m".utf8)
        bytes.append(contentsOf: text.utf8)
        bytes.append(contentsOf: "\u{1B}[0m".utf8)
    }
}
