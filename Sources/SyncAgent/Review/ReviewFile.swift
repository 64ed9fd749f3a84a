import Diagnostics
import DirectoryModel
import Reconciliation

/// Reads a review that came back signed: what is decided about each line, by whom and when.
struct ReviewFile {
    enum Decision: String, CaseIterable { case keep, revoke, suspend }

    /// A line about which somebody decided.
    struct Line {
        var place: SourcePosition
        var target: String
        var person: PersonKey
        var part: ManualGrant.Part
        /// As the review was written.
        var code: String
        var email: String
        var decision: Decision
        var reviewer: String
        /// A day: `2026-11-21`.
        var date: String
        var comment: String

        /// Kept with everything that is done for the line.
        var reason: String {
            "access review by \(reviewer) on \(date)" + (comment.isEmpty ? "" : ": \(comment)")
        }
    }

    private(set) var lines: [Line] = []
    /// Lines about which nobody decided.
    private(set) var undecided = 0
    private(set) var diagnostics = DiagnosticList()
    private let path: String
    private let now: Int64

    /// Columns that a review cannot do without.
    static let needed = ["target", "directory", "id", "part", "code", "decision", "reviewer", "date"]

    init(path: String, bytes: [UInt8], now: Int64) {
        self.path = path
        self.now = now
        diagnostics.register(SourceFile(name: path, bytes: bytes))
        do throws(CSVReader.Problem) {
            let rows = try CSVReader.rows(bytes)
            guard let heading = rows.first else {
                diagnostics.error("csv.empty", at: place(1, 1), "the file holds nothing")
                return
            }
            let columns = columns(heading)
            guard !diagnostics.hasErrors else { return }
            for row in rows.dropFirst() { read(row, columns, width: heading.fields.count) }
            checkTwice()
        } catch {
            diagnostics.error("csv.malformed", at: place(error.line, 1), error.message, hint: CSVReader.remedy)
        }
    }

    private func place(_ line: Int, _ column: Int) -> SourcePosition {
        SourcePosition(file: path, line: line, column: column)
    }

    private mutating func columns(_ heading: CSVReader.Row) -> [String: Int] {
        var columns: [String: Int] = [:]
        for (index, title) in heading.fields.enumerated() {
            let name = ReviewFile.trimmed(title).lowercased()
            if columns[name] != nil, ReviewFile.needed.contains(name) {
                diagnostics.error("csv.duplicate-column", at: place(heading.line, 1), "column `\(name)` stands twice")
            }
            columns[name] = index
        }
        let missing = ReviewFile.needed.filter { columns[$0] == nil }
        guard !missing.isEmpty else { return columns }
        let hasSemicolons = heading.fields.count == 1 && heading.fields[0].utf8.contains(UInt8(ascii: ";"))
        diagnostics.error(
            "csv.missing-column", at: place(heading.line, 1),
            hasSemicolons
                ? "the columns are parted by semicolons, expected commas"
                : "there is no column \(missing.map { "`\($0)`" }.joined(separator: ", "))",
            hint: hasSemicolons
                ? "save the sheet with commas between the columns"
                : "sign what `rollcall review --format csv` wrote, all of its columns included")
        return columns
    }

    private mutating func read(_ row: CSVReader.Row, _ columns: [String: Int], width: Int) {
        guard row.fields.count == width else {
            diagnostics.error(
                "csv.wrong-width", at: place(row.line, 1),
                "expected \(width) fields as in the first line, found \(row.fields.count)")
            return
        }
        func field(_ name: String) -> String { columns[name].map { ReviewFile.trimmed(row.fields[$0]) } ?? "" }
        func at(_ name: String) -> SourcePosition {
            guard let index = columns[name], row.places.indices.contains(index) else { return place(row.line, 1) }
            return place(row.places[index].line, row.places[index].column)
        }
        let asked = field("decision").lowercased()
        if asked.isEmpty {
            undecided += 1
            return
        }
        guard let decision = Decision(rawValue: asked) else {
            let words = Decision.allCases.map(\.rawValue)
            diagnostics.error(
                "review.decision", at: at("decision"), "expected `keep`, `revoke` or `suspend`, found `\(asked)`",
                hint: NearestName.of(asked, in: words).map { "did you mean `\($0)`?" }
                    ?? "leave it empty where nobody decided")
            return
        }
        guard let id = ImmutableID(written: field("id")) else {
            diagnostics.error(
                "csv.bad-id", at: at("id"), "expected an immutable id, found `\(field("id"))`",
                hint: "a spreadsheet may have changed it; take the line from the review as it was written")
            return
        }
        guard let part = ManualGrant.Part(canonicalText: field("part")) else {
            diagnostics.error(
                "review.part", at: at("part"), "`\(field("part"))` is no part of an access",
                hint: "a spreadsheet may have changed it; take the line from the review as it was written")
            return
        }
        guard isSigned(field("reviewer"), field("date"), at("reviewer"), at("date")) else { return }
        lines.append(
            Line(
                place: at("decision"), target: field("target"),
                person: PersonKey(directory: field("directory"), id: id), part: part, code: field("code").lowercased(),
                email: field("email"), decision: decision, reviewer: field("reviewer"), date: field("date"),
                comment: field("comment")))
    }

    private mutating func isSigned(
        _ reviewer: String, _ date: String, _ reviewerPlace: SourcePosition, _ datePlace: SourcePosition
    ) -> Bool {
        guard !reviewer.isEmpty else {
            diagnostics.error(
                "review.unsigned", at: reviewerPlace, "a decision without a reviewer",
                hint: "whoever decided puts their name there")
            return false
        }
        guard let day = GivenDay.midnight(date) else {
            diagnostics.error(
                "review.date", at: datePlace,
                date.isEmpty ? "a decision without a date" : "expected a day, found `\(date)`",
                hint: "write it like 2026-11-21")
            return false
        }
        guard day <= now else {
            diagnostics.error("review.date", at: datePlace, "the day `\(date)` is still to come")
            return false
        }
        return true
    }

    /// Two decisions about one thing, and both to take something back from a user and to suspend them, cannot be carried out.
    private mutating func checkTwice() {
        var seen: [String: Line] = [:]
        for line in lines {
            let key = "\(line.target)\u{0}\(line.person.directory)\u{0}\(line.person.id)\u{0}\(line.part.canonicalText)"
            if let first = seen[key], first.decision != line.decision {
                diagnostics.error(
                    "review.twice", at: line.place,
                    "`\(line.decision.rawValue)`, and line \(first.place.line) says `\(first.decision.rawValue)` of the same",
                    hint: "leave one of the two")
            }
            seen[key] = line
        }
        let suspended = Dictionary(
            lines.filter { $0.decision == .suspend }.map { (ReviewedUser($0), $0.place.line) },
            uniquingKeysWith: { first, _ in first })
        for line in lines where line.decision == .revoke {
            guard let other = suspended[ReviewedUser(line)] else { continue }
            diagnostics.error(
                "review.twice", at: line.place, "line \(other) suspends the same user, who then can do nothing with it",
                hint: "decide `suspend` or `revoke`; what is left can be decided in the next review")
        }
    }

    /// Without the spaces and tabs around it.
    private static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(String.UnicodeScalarView(scalars[first...last]))
    }
}

/// A user whom lines of a review are about.
struct ReviewedUser: Hashable {
    var target: String
    var person: PersonKey

    init(_ line: ReviewFile.Line) {
        target = line.target
        person = line.person
    }
}
