package import Testing

/// Text that moves no cursor, hides nothing and turns nothing round, as Unicode has it and not as Rollcall's own list does.
package enum PrintableText {
    /// Expects valid UTF-8 of line feeds and of scalars that show something: those that pick a variant of the one before may stand, too.
    package static func expect(_ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            Issue.record("no UTF-8", sourceLocation: sourceLocation)
            return
        }
        guard let bad = text.unicodeScalars.first(where: { $0 != "\n" && !isPrintable($0) }) else { return }
        Issue.record("U+\(String(bad.value, radix: 16, uppercase: true))", sourceLocation: sourceLocation)
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: !scalar.properties.isDefaultIgnorableCodePoint || ("\u{FE00}"..."\u{FE0F}").contains(scalar)
        }
    }
}
