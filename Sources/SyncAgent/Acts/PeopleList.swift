import Diagnostics

/// A list of people in a file: one to a line, or a column of a CSV file with headings.
struct PeopleList {
    struct Line: Equatable {
        var line: Int
        /// Email, login or immutable id, as written.
        var text: String
    }
    private(set) var lines: [Line] = []
    private(set) var diagnostics = DiagnosticList()

    /// Headings under which people stand, the first of them that the file has.
    static let headings = ["person", "email", "id", "login"]

    init(path: String, bytes: [UInt8]) {
        diagnostics.register(SourceFile(name: path, bytes: bytes))
        let rows: [CSVReader.Row]
        do {
            rows = try CSVReader.rows(bytes)
        } catch {
            let place = SourcePosition(file: path, line: error.line, column: 1)
            diagnostics.error("csv.malformed", at: place, error.message, hint: CSVReader.remedy)
            return
        }
        let titles = rows.first?.fields.map { PeopleList.trimmed($0).lowercased() } ?? []
        let column = PeopleList.headings.lazy.compactMap { titles.firstIndex(of: $0) }.first
        if column == nil, titles.count > 1 {
            diagnostics.error(
                "csv.no-person", at: SourcePosition(file: path, line: rows.first?.line ?? 1, column: 1),
                "none of the columns says who is meant",
                hint: "name one of them person, email, id or login, or write one person to a line")
            return
        }
        for row in rows.dropFirst(column == nil ? 0 : 1) {
            if row.fields.allSatisfy({ PeopleList.trimmed($0).isEmpty }) { continue }
            let place = column ?? 0
            let text = place < row.fields.count ? PeopleList.trimmed(row.fields[place]) : ""
            if text.hasPrefix("#") { continue }
            if text.isEmpty {
                diagnostics.error(
                    "csv.no-person", at: SourcePosition(file: path, line: row.line, column: 1), "the line names nobody",
                    hint: "write an email, a login or an immutable id")
                continue
            }
            lines.append(Line(line: row.line, text: text))
        }
    }

    /// Without the spaces and tabs around it that a spreadsheet or a copy from a mail leaves.
    private static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(String.UnicodeScalarView(scalars[first...last]))
    }
}
