/// Several texts in one, a line each; a backslash keeps line ends and backslashes of a text apart from ours.
enum LineList {
    static func text(_ lines: [String]) -> String {
        var bytes: [UInt8] = []
        for (place, line) in lines.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: "\n")) }
            for byte in line.utf8 {
                switch byte {
                case UInt8(ascii: "\\"): bytes += [byte, byte]
                case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
                default: bytes.append(byte)
                }
            }
        }
        // An empty list and a list of one empty text are not the same.
        return lines.count == 1 && bytes.isEmpty ? "\\e" : String(decoding: bytes, as: UTF8.self)
    }

    static func lines(_ text: String) -> [String] {
        var text = text
        return text.withUTF8 { lines(UnsafeRawBufferPointer($0)) }
    }

    static func lines(_ text: UnsafeRawBufferPointer) -> [String] {
        if text.isEmpty { return [] }
        if !text.contains(UInt8(ascii: "\\")) {
            return text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                .map { String(decoding: UnsafeRawBufferPointer(rebasing: $0), as: UTF8.self) }
        }
        var lines: [String] = []
        var line: [UInt8] = []
        var escaped = false
        for byte in text {
            if escaped {
                escaped = false
                if byte == UInt8(ascii: "n") { line.append(UInt8(ascii: "\n")) }
                if byte == UInt8(ascii: "\\") { line.append(byte) }
            } else if byte == UInt8(ascii: "\\") {
                escaped = true
            } else if byte == UInt8(ascii: "\n") {
                lines.append(String(decoding: line, as: UTF8.self))
                line = []
            } else {
                line.append(byte)
            }
        }
        lines.append(String(decoding: line, as: UTF8.self))
        return lines
    }
}
