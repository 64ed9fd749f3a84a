/// The one sink for text that did not come from this program: nothing in it can move a cursor, hide, or turn the reading direction.
package enum SafeText {
    /// The text with each dangerous scalar written as `\u{…}`; line breaks and tabs are dangerous too.
    ///
    /// Escaped are C0, C1, DEL, line and paragraph separators, marks and overrides of direction, zero-width and other
    /// invisible scalars, variation selectors beyond the first sixteen, tags, all that only formats, private use and
    /// what is no character yet.
    package static func escaped(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return text }
        guard text.unicodeScalars.contains(where: isDangerous) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if isDangerous(scalar) {
                result.append(contentsOf: escape(scalar).unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// The escaped text, cut so that it takes at most `limit` columns, with `…` where something was left out; no `\u{…}` is cut in two.
    package static func escaped(_ text: String, to limit: Int) -> String {
        let whole = escaped(text)
        guard DisplayWidth.columns(of: whole) > limit else { return whole }
        guard limit > 0 else { return "" }
        var result = String.UnicodeScalarView()
        var width = 0
        for scalar in text.unicodeScalars {
            let piece = isDangerous(scalar) ? escape(scalar) : String(scalar)
            width += DisplayWidth.columns(of: piece)
            if width > limit - 1 { break }
            result.append(contentsOf: piece.unicodeScalars)
        }
        return String(result) + "…"
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    }

    /// Whether a scalar must not reach a terminal, a page or a spreadsheet as it is.
    package static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E: false
        case 0x00...0x1F, 0x7F...0x9F: true
        case 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180F: true
        case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F: true
        case 0x3164, 0xFEFF, 0xFFA0, 0xFFF0...0xFFFB: true
        case 0xE000...0xF8FF, 0xFDD0...0xFDEF: true
        case 0x1D173...0x1D17A: true
        case 0xE0000...0xE0FFF, 0xF0000...0x10FFFF: true
        default: scalar.properties.generalCategory == .format || scalar.properties.generalCategory == .unassigned
        }
    }
}
