/// How wide the columns of a table are so that a row fits into what a terminal shows.
enum ColumnWidths {
    /// A column that is made narrower keeps as much.
    static let least = 12
    /// Less of a text than this is hardly worth reading: sooner than that, columns that matter less are left out.
    static let readable = 20

    /// The widest columns give way first, each down to what it keeps; where even that is not enough, all stay as they are.
    ///
    /// `widths` are what the columns would take, `kept` what each takes at least, `room` what all of them have together.
    static func fitted(_ widths: [Int], kept: [Int], into room: Int) -> [Int] {
        guard zip(widths, kept).reduce(0, { $0 + min($1.0, $1.1) }) <= room else { return widths }
        var level = widths.max() ?? 0
        var fitted = widths
        while fitted.reduce(0, +) > room {
            level -= 1
            fitted = zip(widths, kept).map { width, kept in max(min(width, level), min(width, kept)) }
        }
        // Several give way by one at a time, which may be more than it takes.
        var rest = room - fitted.reduce(0, +)
        for column in fitted.indices where rest > 0 {
            let more = min(rest, widths[column] - fitted[column])
            fitted[column] += more
            rest -= more
        }
        return fitted
    }
}
