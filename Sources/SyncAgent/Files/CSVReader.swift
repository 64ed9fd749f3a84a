import Reports

/// Reads comma-separated values (RFC 4180): quoted fields, doubled quotes, line ends of any kind, with or without a byte order mark.
///
/// The `'` that keeps a spreadsheet from calculating a cell is no part of the value, whoever put it there.
struct CSVReader {
    struct Row: Equatable {
        /// Line on which the row starts, from 1.
        var line: Int
        var fields: [String]
        /// Where each field begins.
        var places: [Place] = []
    }

    /// A place in the file, both from 1; columns count Unicode scalars.
    struct Place: Equatable {
        var line: Int
        var column: Int
    }

    /// Something that is no CSV, by line.
    struct Problem: Error, Equatable {
        var line: Int
        var message: String
    }

    /// What helps against every problem.
    static let remedy = "save it as CSV in UTF-8, with commas between the fields"

    private let bytes: [UInt8]
    private var index: Int
    private var line = 1
    /// A column of the line that `index` is in, and the byte that stands there: counted on from there, as lines may be long.
    private var column = 1
    private var columnStart: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        columnStart = index
    }

    /// All rows; lines with nothing on them are left out.
    static func rows(_ bytes: [UInt8]) throws(Problem) -> [Row] {
        var reader = CSVReader(bytes)
        var rows: [Row] = []
        while let row = try reader.next() {
            if row.fields.contains(where: { !$0.isEmpty }) { rows.append(row) }
        }
        return rows
    }

    private mutating func next() throws(Problem) -> Row? {
        guard index < bytes.count else { return nil }
        let start = line
        var fields: [String] = []
        var places: [Place] = []
        while true {
            places.append(place())
            fields.append(try field())
            guard index < bytes.count else { break }
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: ",") { continue }
            if byte == 0x0D, index < bytes.count, bytes[index] == 0x0A { index += 1 }
            beginLine()
            break
        }
        return Row(line: start, fields: fields, places: places)
    }

    private mutating func beginLine() {
        line += 1
        column = 1
        columnStart = index
    }

    private mutating func place() -> Place {
        column += bytes[columnStart..<index].count { $0 & 0xC0 != 0x80 }
        columnStart = index
        return Place(line: line, column: column)
    }

    /// One field; the next byte is a comma, a line end or nothing.
    private mutating func field() throws(Problem) -> String {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
            let start = index
            while index < bytes.count, ![0x2C, 0x0A, 0x0D].contains(bytes[index]) {
                guard bytes[index] != UInt8(ascii: "\"") else {
                    throw Problem(line: line, message: "a quote stands inside a field that is not quoted")
                }
                index += 1
            }
            return try text(bytes[start..<index])
        }
        let start = line
        index += 1
        var value: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\"") {
                guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
                    guard index == bytes.count || [0x2C, 0x0A, 0x0D].contains(bytes[index]) else {
                        throw Problem(line: line, message: "text follows the end of a quoted field")
                    }
                    return try text(value[...])
                }
                index += 1
            } else if byte == 0x0A {
                beginLine()
            }
            value.append(byte)
        }
        throw Problem(line: start, message: "a quoted field has no end")
    }

    private func text(_ bytes: ArraySlice<UInt8>) throws(Problem) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Problem(line: line, message: "the text is not UTF-8")
        }
        return SheetFormula.restored(text)
    }
}
