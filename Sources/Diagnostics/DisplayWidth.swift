/// How many columns of a terminal a text takes.
package enum DisplayWidth {
    /// Combining marks take none, East Asian wide and emoji scalars two, all others one.
    package static func columns(of text: String) -> Int {
        var columns = 0
        for scalar in text.unicodeScalars { columns += self.columns(of: scalar) }
        return columns
    }

    package static func columns(of scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return isWide(value) ? 2 : 1
        }
    }

    /// The text, cut so that it fits, with `…` where something was left out.
    package static func truncated(_ text: String, to limit: Int) -> String {
        guard columns(of: text) > limit, limit > 0 else { return limit > 0 ? text : "" }
        var result = String.UnicodeScalarView()
        var width = 0
        for scalar in text.unicodeScalars {
            let next = columns(of: scalar)
            if width + next > limit - 1 { break }
            result.append(scalar)
            width += next
        }
        return String(result) + "…"
    }

    /// The text followed by as many spaces as it lacks.
    package static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - columns(of: text)))
    }

    /// The blocks of East Asian Width W and F (UAX #11), coarsely.
    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x2E80...0x303E: true
        case 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF, 0xA960...0xA97C: true
        case 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6: true
        case 0x16FE0...0x18DFF, 0x1B000...0x1B2FF, 0x1F1E6...0x1F1FF, 0x1F300...0x1F64F: true
        case 0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD: true
        default: false
        }
    }
}
