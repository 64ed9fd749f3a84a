/// Collects diagnostics from every stage of reading files; sorted, distinct, and limited in number.
package struct DiagnosticList: Sendable {
    /// Rendered at most; the rest is counted.
    package static let shownAtMost = 100
    /// Kept at most, whatever is wrong with a file.
    private static let keptAtMost = 10_000

    private var sources: [String: SourceFile] = [:]
    private var collected: [Diagnostic] = []
    private var dropped = 0
    /// Errors, the dropped ones included.
    package private(set) var errorCount = 0

    package init() {}

    /// Makes the lines of a file known, so that diagnostics in it show an excerpt.
    package mutating func register(_ source: SourceFile) {
        sources[source.name] = source
    }

    package mutating func error(
        _ code: String, at position: SourcePosition?, _ message: String, hint: String? = nil
    ) {
        append(Diagnostic(.error, code, at: position, message, hint: hint))
    }

    package mutating func warning(
        _ code: String, at position: SourcePosition?, _ message: String, hint: String? = nil
    ) {
        append(Diagnostic(.warning, code, at: position, message, hint: hint))
    }

    package mutating func append(_ diagnostic: Diagnostic) {
        if diagnostic.severity == .error { errorCount += 1 }
        guard collected.count < DiagnosticList.keptAtMost else {
            dropped += 1
            return
        }
        var diagnostic = diagnostic
        if diagnostic.excerpt == nil, let position = diagnostic.position {
            diagnostic.excerpt = sources[position.file]?.line(position.line)
        }
        collected.append(diagnostic)
    }

    /// Takes over what another reading found.
    package mutating func append(contentsOf other: DiagnosticList) {
        sources.merge(other.sources) { mine, _ in mine }
        for diagnostic in other.collected { append(diagnostic) }
        dropped += other.dropped
        errorCount += other.errorCount - other.collected.count(where: { $0.severity == .error })
    }

    package var isEmpty: Bool { collected.isEmpty }
    package var hasErrors: Bool { errorCount > 0 }

    /// By file, line and column, those without a place first; each once.
    package var sorted: [Diagnostic] {
        var result: [Diagnostic] = []
        for diagnostic in collected.sorted(by: DiagnosticList.precedes) where diagnostic != result.last {
            result.append(diagnostic)
        }
        return result
    }

    /// Every diagnostic with its excerpt, a blank line between two, and how many more there are.
    package var text: String {
        let all = sorted
        var blocks = all.prefix(DiagnosticList.shownAtMost).map(\.text)
        let rest = all.count - blocks.count + dropped
        if rest > 0 { blocks.append("… and \(rest) more") }
        return blocks.isEmpty ? "" : blocks.joined(separator: "\n\n") + "\n"
    }

    private static func precedes(_ left: Diagnostic, _ right: Diagnostic) -> Bool {
        switch (left.position, right.position) {
        case (nil, .some): return true
        case (.some, nil): return false
        case (let mine?, let other?) where mine != other: return mine < other
        default:
            let mine = (left.code, left.message)
            let other = (right.code, right.message)
            if mine.0 != other.0 { return mine.0.utf8.lexicographicallyPrecedes(other.0.utf8) }
            return mine.1.utf8.lexicographicallyPrecedes(other.1.utf8)
        }
    }
}
