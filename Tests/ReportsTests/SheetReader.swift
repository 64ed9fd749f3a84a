import Diagnostics
import Reports

/// Reads CSV as RFC 4180 describes it, and nothing more.
enum SheetReader {
    static func rows(_ bytes: [UInt8]) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var cell: [UInt8] = []
        var isQuoted = false
        var place = 0
        while place < bytes.count {
            let byte = bytes[place]
            if isQuoted {
                if byte == UInt8(ascii: "\""), place + 1 < bytes.count, bytes[place + 1] == byte {
                    cell.append(byte)
                    place += 1
                } else if byte == UInt8(ascii: "\"") {
                    isQuoted = false
                } else {
                    cell.append(byte)
                }
            } else if byte == UInt8(ascii: "\""), cell.isEmpty {
                isQuoted = true
            } else if byte == UInt8(ascii: ",") || byte == 0x0D {
                row.append(String(decoding: cell, as: UTF8.self))
                cell = []
                if byte == 0x0D {
                    rows.append(row)
                    row = []
                    place += 1
                }
            } else {
                cell.append(byte)
            }
            place += 1
        }
        return rows
    }

    /// Whether a spreadsheet could take the cell, or what it parts from it at `;`, for something to calculate; whole numbers are none.
    static func isFormula(_ cell: String) -> Bool {
        let starters: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}"]
        let pieces = cell.unicodeScalars.split(separator: ";", omittingEmptySubsequences: false)
        return Int(cell) == nil
            && pieces.contains { piece in
                piece.first { $0 != "\"" && !$0.properties.isWhitespace }.map(starters.contains) ?? false
            }
    }

    /// Whether the cell says the text, once every `'` is left out that keeps a spreadsheet from calculating.
    ///
    /// In front of white space that was escaped it stays.
    static func says(_ text: String, _ cell: String) -> Bool {
        let meant = SafeText.escaped(text)
        let restored = SheetFormula.restored(cell)
        if restored.utf8.elementsEqual(meant.utf8) { return true }
        return text.unicodeScalars.contains(where: SafeText.isDangerous)
            && restored.utf8.filter { $0 != UInt8(ascii: "'") } == meant.utf8.filter { $0 != UInt8(ascii: "'") }
    }
}
