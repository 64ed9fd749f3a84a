import Diagnostics

/// Writes CSV (RFC 4180) to bytes, so that no cell is taken for a formula by a spreadsheet.
package struct CSVWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    /// Starts with the names of the columns.
    package init(columns: [String]) { row(columns) }

    package mutating func row(_ cells: [String]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: CSVWriter.cell(cell).utf8)
        }
        bytes.append(contentsOf: [0x0D, 0x0A])
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Hands over what was written and forgets it.
    package mutating func drain() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    /// One cell: `'` in front of what a spreadsheet would calculate, dangerous scalars escaped, quotes where needed.
    package static func cell(_ text: String) -> String {
        let safe = SafeText.escaped(SheetFormula.neutralized(text))
        guard safe.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C }) || safe != trimmed(safe) else { return safe }
        var quoted = "\""
        for scalar in safe.unicodeScalars {
            if scalar == "\"" { quoted.unicodeScalars.append("\"") }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }

    private static func trimmed(_ text: String) -> String {
        var rest = Substring(text).utf8
        while rest.first == 0x20 { rest = rest.dropFirst() }
        while rest.last == 0x20 { rest = rest.dropLast() }
        return String(Substring(rest))
    }
}
