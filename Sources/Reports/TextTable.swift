import Diagnostics

/// A table for people: aligned by the columns that a terminal shows, safe whatever stands in it.
///
/// ```swift
/// var table = TextTable([.left("POOL"), .right("HELD")])
/// table.add(["support/seat", "31"])
/// print(table.text, terminator: "")
/// ```
package struct TextTable: Sendable {
    package struct Column: Sendable {
        package enum Side: Sendable { case left, right }

        package let title: String
        package let side: Side
        /// Longer cells are cut, with `…` at the end.
        package let widest: Int

        package static func left(_ title: String, widest: Int = 200) -> Column {
            Column(title: title, side: .left, widest: widest)
        }

        package static func right(_ title: String, widest: Int = 200) -> Column {
            Column(title: title, side: .right, widest: widest)
        }
    }

    /// Between two columns.
    private static let gap = "  "

    private let columns: [Column]
    private let indent: String
    private var rows: [[String]] = []

    /// Columns without any title make a table without a head.
    package init(_ columns: [Column], indent: Int = 0) {
        self.columns = columns
        self.indent = String(repeating: " ", count: indent)
        if columns.contains(where: { !$0.title.isEmpty }) { add(columns.map(\.title)) }
    }

    /// A row; missing cells are empty, cells beyond the columns are left out.
    package mutating func add(_ cells: [String]) {
        rows.append(
            columns.indices.map { index in
                guard cells.indices.contains(index) else { return "" }
                return SafeText.escaped(cells[index], to: columns[index].widest)
            })
    }

    package var isEmpty: Bool { rows.isEmpty }

    /// One line per row, without spaces at the end.
    package var text: String {
        let widths = columns.indices.map { column in
            rows.reduce(0) { max($0, DisplayWidth.columns(of: $1[column])) }
        }
        var result = ""
        for row in rows {
            var line = indent
            for (index, cell) in row.enumerated() {
                if index > 0 { line += TextTable.gap }
                let missing = String(repeating: " ", count: widths[index] - DisplayWidth.columns(of: cell))
                line += columns[index].side == .left ? cell + missing : missing + cell
            }
            let end = line.utf8.lastIndex { $0 != 0x20 }
            result += end.map { String(line[...$0]) } ?? ""
            result += "\n"
        }
        return result
    }
}
