/// What must hold of the bytes of a file before anybody reads it as YAML.
enum SourceText {
    /// U+FEFF in UTF-8; harmless at the start of a file.
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Whether the bytes are text within the limits; if not, there is an error.
    static func isReadable(
        _ source: SourceFile, limits: YAMLLimits, into diagnostics: inout DiagnosticList
    ) -> Bool {
        guard source.bytes.count <= limits.bytes else {
            diagnostics.error(
                "file.too-large", at: SourcePosition(file: source.name, line: 1, column: 1),
                "the file has \(source.bytes.count) bytes, more than \(limits.bytes)")
            return false
        }
        if let offset = firstInvalidByte(of: source.bytes) {
            diagnostics.error(
                "file.not-utf8", at: source.position(ofByte: offset), "the file is not UTF-8 here",
                hint: "save it as UTF-8")
            return false
        }
        return hasNoControls(source, into: &diagnostics)
    }

    /// C0 but tab and line ends, DEL, C1, the line breaks that editors do not count, and byte order marks.
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: false
        case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
        default: false
        }
    }

    /// `U+0007`.
    static func name(of scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    private static func hasNoControls(_ source: SourceFile, into diagnostics: inout DiagnosticList) -> Bool {
        var offset = 0
        var found = false
        for scalar in String(decoding: source.bytes, as: UTF8.self).unicodeScalars {
            if isControl(scalar), offset > 0 || scalar != "\u{FEFF}" {
                found = true
                diagnostics.error(
                    "file.control-character", at: source.position(ofByte: offset),
                    "the file holds the control character \(name(of: scalar))", hint: "remove it")
            }
            offset += UTF8.width(scalar)
        }
        return !found
    }

    /// Offset of the first byte that is not part of well-formed UTF-8.
    private static func firstInvalidByte(of bytes: [UInt8]) -> Int? {
        var decoder = UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch decoder.parseScalar(from: &iterator) {
            case .valid(let encoded): offset += encoded.count
            case .emptyInput: return nil
            case .error: return offset
            }
        }
    }
}
