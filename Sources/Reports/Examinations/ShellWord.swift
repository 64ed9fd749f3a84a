/// Words of a command line for a POSIX shell.
package enum ShellWord {
    /// The text as one word, quoted where it must be.
    ///
    /// What a terminal cannot show goes as an escape of `$'…'`, which bash, zsh and ksh understand.
    package static func quoted(_ text: String) -> String {
        let bytes = Array(text.utf8)
        if !bytes.isEmpty, bytes.allSatisfy(isPlain) { return text }
        guard text.unicodeScalars.allSatisfy(isShown) else { return "$'" + bytes.map(escaped).joined() + "'" }
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-_./:,=@%+".utf8.contains(byte)
        }
    }

    /// Whether a text with the scalar means in the shell what it looks like.
    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }

    private static func escaped(_ byte: UInt8) -> String {
        if (0x20...0x7e).contains(byte), byte != UInt8(ascii: "'"), byte != UInt8(ascii: "\\") {
            return String(Unicode.Scalar(byte))
        }
        let digits = String(byte, radix: 8)
        return "\\" + String(repeating: "0", count: 3 - digits.utf8.count) + digits
    }
}
