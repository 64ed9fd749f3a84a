/// Text that a server sent, made fit for a terminal, a log and a report.
package enum ServerText {
    /// The text with control characters, invisible direction marks and bytes that are not UTF-8 as `\XX`, at most `limit` scalars of it.
    package static func escaped(_ bytes: some Collection<UInt8>, limit: Int = 200) -> String {
        var head = Array(bytes.prefix(limit * 4))
        if head.count < bytes.count {
            // The cut must not leave half a scalar.
            while let last = head.last, last & 0xc0 == 0x80 { head.removeLast() }
            if let last = head.last, last >= 0xc0 { head.removeLast() }
        }
        var text = ""
        if let valid = String(validating: head, as: UTF8.self) {
            text = valid
        } else {
            for byte in head { text += byte < 0x80 ? plain(byte) : hex(byte) }
        }
        var out = ""
        var count = 0
        for scalar in text.unicodeScalars {
            guard count < limit else { return out + "…" }
            if isSafe(scalar) {
                out.unicodeScalars.append(scalar)
            } else {
                out += UTF8.encode(scalar).map { $0.map(hex).joined() } ?? ""
            }
            count += 1
        }
        return out
    }

    private static func plain(_ byte: UInt8) -> String { String(Unicode.Scalar(byte)) }

    private static func hex(_ byte: UInt8) -> String {
        "\\" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
