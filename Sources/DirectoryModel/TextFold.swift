/// Brings text to the form in which directories compare it: compatibility characters, case and spaces no longer differ.
///
/// The rule is OpenLDAP's for caseIgnoreMatch, as tried against slapd 2.5: compatibility decomposition, simple (one to one)
/// lower case, runs of spaces are one, spaces at the ends do not count. Invisible and control characters are kept, and `ß` is not `ss`:
/// RFC 4518 would drop and fold them, slapd does not, and a form coarser than the server's would take two entries for one.
/// Decompositions come from `DecompositionTable`; scripts outside that table are kept as they are, which can only hold two
/// spellings apart that a server may join.
package enum TextFold {
    /// Appends the folded form of UTF-8 text; false, with nothing appended, when the bytes are not UTF-8.
    package static func fold(_ bytes: UnsafeRawBufferPointer, into out: inout [UInt8]) -> Bool {
        guard let text = String(validating: bytes, as: UTF8.self) else { return false }
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(bytes.count)
        for scalar in text.unicodeScalars { appendFolded(scalar, to: &scalars) }
        order(&scalars)
        appendCollapsed(scalars, to: &out)
        return true
    }

    /// The folded form of a string, for comparisons outside names.
    package static func fold(_ text: String) -> [UInt8] {
        var out: [UInt8] = []
        _ = Array(text.utf8).withUnsafeBytes { fold($0, into: &out) }
        return out
    }

    private static func appendFolded(_ scalar: Unicode.Scalar, to out: inout [Unicode.Scalar]) {
        switch scalar.value {
        case 0x41...0x5a:
            append(scalar.value | 0x20, to: &out)
        case 0..<0x80:
            out.append(scalar)
        case 0xac00...0xd7a3:
            appendHangul(scalar.value - 0xac00, to: &out)
        case 0xff01...0xff5e:
            let narrow = scalar.value - 0xfee0
            append((0x41...0x5a).contains(narrow) ? narrow | 0x20 : narrow, to: &out)
        default:
            if let mapped = DecompositionTable.shared[scalar.value] {
                for value in mapped { append(value, to: &out) }
            } else {
                out.append(simpleLowercase(scalar))
            }
        }
    }

    /// Syllables decompose by arithmetic (Unicode, section 3.12).
    private static func appendHangul(_ index: UInt32, to out: inout [Unicode.Scalar]) {
        append(0x1100 + index / 588, to: &out)
        append(0x1161 + index % 588 / 28, to: &out)
        if index % 28 > 0 { append(0x11a7 + index % 28, to: &out) }
    }

    private static func append(_ value: UInt32, to out: inout [Unicode.Scalar]) {
        if let scalar = Unicode.Scalar(value) { out.append(scalar) }
    }

    /// The lower-case letter, where it is one scalar; `İ` stays, as it does in slapd.
    private static func simpleLowercase(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let mapped = scalar.properties.lowercaseMapping.unicodeScalars
        guard let first = mapped.first, mapped.count == 1 else { return scalar }
        return first
    }

    /// Canonical order: marks after a base stand by combining class, equal classes as they came.
    private static func order(_ scalars: inout [Unicode.Scalar]) {
        var start = 0
        while start < scalars.count {
            guard isMark(scalars[start]) else {
                start += 1
                continue
            }
            var end = start
            while end < scalars.count, isMark(scalars[end]) { end += 1 }
            if end - start > 1 {
                let run = scalars[start..<end].enumerated().sorted { left, right in
                    let classes = (combiningClass(left.element), combiningClass(right.element))
                    return classes.0 == classes.1 ? left.offset < right.offset : classes.0 < classes.1
                }
                scalars.replaceSubrange(start..<end, with: run.map(\.element))
            }
            start = end
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x300 && combiningClass(scalar) > 0
    }

    private static func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
        scalar.properties.canonicalCombiningClass.rawValue
    }

    private static func appendCollapsed(_ scalars: [Unicode.Scalar], to out: inout [UInt8]) {
        let start = out.count
        var space = false
        for scalar in scalars {
            if scalar == " " {
                space = true
                continue
            }
            if space, out.count > start { out.append(UInt8(ascii: " ")) }
            space = false
            out.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
        if space, out.count == start { out.append(UInt8(ascii: " ")) }
    }
}
