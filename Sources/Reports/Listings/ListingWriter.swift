import Diagnostics

/// Writes the rows of a listing as text, JSON or CSV, a few hundred at a time: a million users need no more memory than ten.
package struct ListingWriter {
    /// Rows over which the widths of columns are measured; later rows may stand out.
    private static let measured = 500

    private let listing: Listing
    private let format: OutputFormat
    private var page: TextPage
    private var json = JSONWriter(layout: .pretty)
    private var sheet: CSVWriter
    private var pending: [[Cell]] = []
    private var widths: [Int] = []
    private var count = 0

    package init(_ listing: Listing, format: OutputFormat, style: TextStyle) {
        self.listing = listing
        self.format = format
        page = TextPage(style: style)
        sheet = CSVWriter(columns: listing.columns.map(\.key))
        switch format {
        case .text, .csv: break
        case .json:
            json.beginObject()
            json.field("format", listing.format)
            json.key(listing.plural)
            json.beginArray()
        }
    }

    /// Adds a row with a cell for each column.
    package mutating func row(_ cells: [Cell], to sink: ([UInt8]) throws -> Void) rethrows {
        count += 1
        switch format {
        case .csv:
            sheet.row(cells.map(\.forSheet))
            if sheet.bytes.count > 1 << 16 { try sink(sheet.drain()) }
        case .json:
            json.beginObject()
            for (column, cell) in zip(listing.columns, cells) { json.field(column.key, cell) }
            json.endObject()
            if json.bytes.count > 1 << 16 { try sink(json.drain()) }
        case .text:
            pending.append(cells)
            if pending.count >= ListingWriter.measured { try lines(to: sink) }
        }
    }

    /// Ends the listing; `nothing` is what people read where there are no rows.
    package mutating func end(nothing: String, to sink: ([UInt8]) throws -> Void) rethrows {
        switch format {
        case .csv: try sink(sheet.drain())
        case .json:
            json.endArray()
            json.field("count", count)
            json.endObject()
            json.newline()
            try sink(json.drain())
        case .text:
            try lines(to: sink)
            if count == 0 {
                page.line(Span(nothing))
            } else {
                page.blank()
                page.line(Span(Counted.text(count, listing.noun, plural: listing.nouns), .faint))
                page.tellCut()
            }
            try sink(page.drain())
        }
    }

    private mutating func lines(to sink: ([UInt8]) throws -> Void) rethrows {
        let rows = pending
        pending.removeAll(keepingCapacity: true)
        let texts = rows.map { row in row.map { page.shown($0.forPeople) } }
        if widths.isEmpty, !texts.isEmpty {
            widths = listing.columns.map { DisplayWidth.columns(of: $0.title) }
            for row in texts {
                for (column, text) in row.enumerated() where column < widths.count {
                    let width = DisplayWidth.columns(of: text)
                    if width <= TextStyle.columnAtMost { widths[column] = max(widths[column], width) }
                }
            }
            line(listing.columns.map(\.title), tone: .faint)
        }
        for row in texts { line(row, tone: .plain) }
        try sink(page.drain())
    }

    private mutating func line(_ texts: [String], tone: Tone) {
        var spans: [Span] = []
        for (column, text) in texts.enumerated() where column < widths.count {
            let padding = String(repeating: " ", count: max(0, widths[column] - DisplayWidth.columns(of: text)))
            if column > 0 { spans.append("  ") }
            if listing.columns[column].isNumber { spans.append(Span(padding)) }
            spans.append(Span(text, tone))
            if !listing.columns[column].isNumber, column < texts.count - 1 { spans.append(Span(padding)) }
        }
        page.line(spans)
    }
}

extension JSONWriter {
    mutating func field(_ name: String, _ cell: Cell) {
        key(name)
        switch cell {
        case .text(let text): value(text)
        case .number(let number): value(number)
        case .time(let seconds), .end(let seconds): value(Timestamp.machine(seconds))
        case .truth(let truth): value(truth)
        case .none: null()
        case .list(let texts):
            beginArray()
            for text in texts { value(text) }
            endArray()
        }
    }
}
