/// What a listing or report is written as.
package enum OutputFormat: String, Sendable, CaseIterable {
    /// For people: aligned columns.
    case text
    /// For programs: versioned, documented, in a stable order.
    case json
    /// For spreadsheets: RFC 4180, formulas disarmed.
    case csv
}
