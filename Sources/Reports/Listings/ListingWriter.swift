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
    /// As much of a cell of each column as there is room for; empty where there is no end to it.
    private var room: [Int] = []
    /// Columns for which the terminal has no room.
    private var leftOut: Set<Int> = []
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
                tellLeftOut()
            }
            try sink(page.drain())
        }
    }

    private mutating func lines(to sink: ([UInt8]) throws -> Void) rethrows {
        let rows = pending
        pending.removeAll(keepingCapacity: true)
        if widths.isEmpty, !rows.isEmpty {
            measure(rows)
            line(listing.columns.map(\.title), tone: .faint)
        }
        for row in rows {
            let texts = row.enumerated().map {
                leftOut.contains($0) ? "" : page.shown($1.forPeople, within: room($0, $1))
            }
            line(texts, tone: .plain)
        }
        try sink(page.drain())
    }

    /// How much of a cell there is room for; nil where it stands whole, as numbers, times and ids always do.
    private func room(_ column: Int, _ cell: Cell) -> Int? {
        guard room.indices.contains(column), listing.columns[column].key != "id" else { return nil }
        return switch cell {
        case .text, .list: max(ColumnWidths.least, room[column])
        case .number, .time, .end, .truth, .name, .none: nil
        }
    }

    /// Makes the columns as wide as their titles and cells, and no wider than the terminal has room for.
    private mutating func measure(_ rows: [[Cell]]) {
        let titles = listing.columns.map { DisplayWidth.columns(of: $0.title) }
        let most = page.style.cellAtMost ?? Int.max
        let cells = rows.map { row in
            row.map { min(most, DisplayWidth.columns(of: SafeText.escaped($0.forPeople))) }
        }
        widths = widest(cells, titles, atMost: TextStyle.columnAtMost)
        guard let columns = page.style.columns else { return }
        let whole = widest(cells, titles, atMost: most)
        let isWhole = widths.indices.map { self.isWhole($0, rows) }
        let isBlank = widths.indices.map { column in
            rows.allSatisfy { $0.indices.contains(column) && $0[column].isBlank }
        }
        leaveOut(listing.columns.indices.filter { isBlank[$0] }, wanted: whole, columns)
        leaveOut(
            Array(listing.columns.indices),
            wanted: zip(whole, isWhole).map { $1 ? $0 : min($0, ColumnWidths.readable) },
            columns)
        let available = columns - 2 * (widths.count - leftOut.count - 1)
        let kept = widths.indices.map { isWhole[$0] ? whole[$0] : max(ColumnWidths.least, titles[$0]) }
        let fitted = ColumnWidths.fitted(
            zip(whole, whole.indices).map { leftOut.contains($1) ? 0 : $0 }, kept: kept, into: available)
        let left = available - fitted.reduce(0, +)
        guard left >= 0 else { return }
        room = fitted.map { $0 + left }
        widths = zip(widths, fitted).map(min)
    }

    /// Does without some of these columns, those first that the listing says, until what the others want fits.
    private mutating func leaveOut(_ some: [Int], wanted: [Int], _ columns: Int) {
        let places = listing.expendable.compactMap { key in some.first { listing.columns[$0].key == key } }
        for place in places where !leftOut.contains(place) {
            let shown = wanted.indices.filter { !leftOut.contains($0) }
            guard shown.reduce(2 * (shown.count - 1), { $0 + wanted[$1] }) > columns else { return }
            leftOut.insert(place)
        }
    }

    /// Says which columns there was no room for, and how to see them.
    private mutating func tellLeftOut() {
        guard !leftOut.isEmpty else { return }
        let titles = leftOut.sorted().map { listing.columns[$0].title }.joined(separator: ", ")
        page.line(Span("no room here for: \(titles); \(page.style.seeRest)", .faint))
    }

    private func widest(_ cells: [[Int]], _ titles: [Int], atMost most: Int) -> [Int] {
        cells.reduce(into: titles) { widths, row in
            for (column, width) in row.enumerated() where column < widths.count && width <= most {
                widths[column] = max(widths[column], width)
            }
        }
    }

    /// Whether a column is worth nothing in part: numbers, times and ids.
    private func isWhole(_ column: Int, _ rows: [[Cell]]) -> Bool {
        listing.columns[column].isNumber || listing.columns[column].key == "id"
            || rows.contains { row in
                guard row.indices.contains(column) else { return false }
                return switch row[column] {
                case .time, .end: true
                default: false
                }
            }
    }

    private mutating func line(_ texts: [String], tone: Tone) {
        var spans: [Span] = []
        let shown = texts.indices.filter { $0 < widths.count && !leftOut.contains($0) }
        for column in shown {
            let text = texts[column]
            let padding = String(repeating: " ", count: max(0, widths[column] - DisplayWidth.columns(of: text)))
            if column != shown.first { spans.append("  ") }
            if listing.columns[column].isNumber { spans.append(Span(padding)) }
            spans.append(Span(text, tone))
            if !listing.columns[column].isNumber, column != shown.last { spans.append(Span(padding)) }
        }
        page.row(spans)
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
        case .name(let name, _): value(name)
        case .none: null()
        case .list(let texts):
            beginArray()
            for text in texts { value(text) }
            endArray()
        }
    }
}
