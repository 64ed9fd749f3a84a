import Diagnostics

/// What keeps a spreadsheet from calculating a cell, and what takes it back.
///
/// A spreadsheet that parts cells at `;` begins one there whatever the file means, inside quotes as well: what stands behind a `;`
/// is treated as what stands at the beginning of a cell.
package enum SheetFormula {
    /// The text with `'` in front of everything in it that a spreadsheet would calculate.
    static func neutralized(_ text: String) -> String {
        // A negative whole number is no formula.
        if WholeNumber.parse(text) != nil { return text }
        return changed(text) { "'" + $0 }
    }

    /// The text of which `neutralized` made this.
    package static func restored(_ cell: String) -> String {
        changed(cell) { piece in
            piece.unicodeScalars.first == "'" ? String(piece.unicodeScalars.dropFirst()) : piece
        }
    }

    private static func changed(_ text: String, _ change: (String) -> String) -> String {
        let scalars = text.unicodeScalars
        guard startsFormula(scalars[...]) || text.utf8.contains(UInt8(ascii: ";")) else { return text }
        return scalars.split(separator: ";", omittingEmptySubsequences: false)
            .map { startsFormula($0) ? change(String($0)) : String($0) }.joined(separator: ";")
    }

    /// The ASCII starters, their full-width twins, and whatever hides behind white space, quotes or a `'` of its own.
    private static func startsFormula(_ piece: Substring.UnicodeScalarView) -> Bool {
        switch piece.first(where: { $0 != "'" && $0 != "\"" && !$0.properties.isWhitespace }) {
        case "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": true
        default: false
        }
    }
}
