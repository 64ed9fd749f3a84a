/// Something wrong in a file that a person wrote: where, what, and the remedy.
///
/// The message is one sentence: lower-case start, no final period, what the person wrote in backticks, what was
/// expected where the set is known.
package struct Diagnostic: Hashable, Sendable {
    package enum Severity: String, Sendable, Hashable { case error, warning }

    package var severity: Severity
    /// Stable, dotted, and what programs and the documentation refer to: `file.unknown-key`.
    package var code: String
    package var message: String
    /// Nil where the whole file, or a missing one, is meant and `message` names it.
    package var position: SourcePosition?
    /// Imperative, naming the key or option exactly.
    package var hint: String?
    /// The line at `position`, as written; filled in by `DiagnosticList`.
    package var excerpt: String?

    package init(
        _ severity: Severity, _ code: String, at position: SourcePosition?, _ message: String, hint: String? = nil
    ) {
        self.severity = severity
        self.code = code
        self.position = position
        self.message = message
        self.hint = hint
    }

    /// `people.yaml:14:9: error: … [code]`, the line with a caret, and the hint; no line break at the end.
    package var text: String {
        let place = position.map { SafeText.escaped("\($0)") + ": " } ?? ""
        var lines = ["\(place)\(severity.rawValue): \(SafeText.escaped(message)) [\(code)]"]
        if let position, let excerpt {
            lines += Excerpt(line: excerpt, number: position.line, column: position.column).lines
        }
        if let hint { lines.append("hint: \(SafeText.escaped(hint))") }
        return lines.joined(separator: "\n")
    }
}

/// One line of a file with a caret under a column.
struct Excerpt {
    let line: String
    let number: Int
    let column: Int

    /// A long line is cut to what stands around the caret.
    private static let before = 60
    private static let after = 50

    var lines: [String] {
        let scalars = Array(line.unicodeScalars)
        let caret = min(max(column - 1, 0), scalars.count)
        let from = caret > Excerpt.before ? caret - Excerpt.before : 0
        let to = min(scalars.count, caret + Excerpt.after)
        var lead = from > 0 ? "…" : ""
        lead += SafeText.escaped(spacing(scalars[from..<caret]))
        let rest = SafeText.escaped(spacing(scalars[caret..<to])) + (to < scalars.count ? "…" : "")
        let gutter = String(repeating: " ", count: String(number).utf8.count)
        let padding = String(repeating: " ", count: DisplayWidth.columns(of: lead))
        return [" \(number) | \(lead)\(rest)", " \(gutter) | \(padding)^"]
    }

    /// Tabs as single spaces, so that the caret stands where it should.
    private func spacing(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        for scalar in scalars { text.append(scalar == "\t" ? " " : scalar) }
        return String(text)
    }
}
