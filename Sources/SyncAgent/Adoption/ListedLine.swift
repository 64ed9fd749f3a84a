import AccessModel
import Diagnostics
import DirectoryModel

/// Reads single cells of a line that are no access.
struct ListedLine {
    let columns: ListColumns
    let file: String

    /// As the list says it; active where it says nothing.
    ///
    /// Nil with an error for words that mean no status.
    func status(_ row: CSVReader.Row, _ diagnostics: inout DiagnosticList) -> UserStatus? {
        let text = columns.cell(.status, row)
        switch ListText.slug(text) {
        case "": return accepted(row, &diagnostics)
        case "active", "enabled", "accepted", "joined": return .active
        case "invited", "pending", "invitation-sent", "not-accepted": return .invited
        case "suspended", "disabled", "deactivated", "inactive", "blocked", "locked": return .suspended
        case "removed", "deleted", "archived": return .removed
        default:
            diagnostics.error(
                "list.bad-status", at: columns.position(.status, row, file: file), "`\(text)` is no status",
                hint: "write active, invited, suspended or removed")
            return nil
        }
    }

    private func accepted(_ row: CSVReader.Row, _ diagnostics: inout DiagnosticList) -> UserStatus? {
        let text = columns.cell(.accepted, row)
        if text.isEmpty { return .active }
        guard let isAccepted = SignInFile.truth(text) else {
            diagnostics.error(
                "csv.bad-truth", at: columns.position(.accepted, row, file: file),
                "expected `true` or `false`, found `\(text)`")
            return nil
        }
        return isAccepted ? .active : .invited
    }

    func email(_ row: CSVReader.Row, _ diagnostics: inout DiagnosticList) -> String? {
        let text = columns.cell(.email, row)
        let at = text.utf8.firstIndex(of: UInt8(ascii: "@"))
        if let at, at != text.utf8.startIndex, at != text.utf8.index(before: text.utf8.endIndex) { return text }
        diagnostics.error(
            "csv.bad-email", at: columns.position(.email, row, file: file), "expected an email, found `\(text)`")
        return nil
    }

    func id(_ row: CSVReader.Row, _ diagnostics: inout DiagnosticList) -> ImmutableID? {
        let text = columns.cell(.id, row)
        if text.isEmpty { return nil }
        if let id = ImmutableID(written: text) { return id }
        diagnostics.error(
            "csv.bad-id", at: columns.position(.id, row, file: file), "expected an immutable id, found `\(text)`")
        return nil
    }

    func time(_ column: ListColumn, _ row: CSVReader.Row, _ diagnostics: inout DiagnosticList) -> Int64? {
        let text = columns.cell(column, row)
        if ["", "never", "-"].contains(text.lowercased()) { return nil }
        if let time = SignInFile.time(text) { return time }
        diagnostics.error(
            "csv.bad-time", at: columns.position(column, row, file: file), "expected a time, found `\(text)`",
            hint: "write it like `2026-11-20T08:15:00Z`, or as a date; nothing, or `never`, where there is none")
        return nil
    }

    /// Somebody active in one workspace is active.
    static func stronger(_ one: UserStatus, _ other: UserStatus) -> UserStatus {
        let order: [UserStatus] = [.active, .invited, .suspended]
        return order.first { $0 == one || $0 == other } ?? one
    }
}
