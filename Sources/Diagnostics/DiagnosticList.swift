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

    /// The list without what is not this reader's business.
    package func without(_ code: String) -> DiagnosticList {
        var rest = self
        rest.collected.removeAll { $0.code == code && $0.severity == .warning }
        return rest
    }

    /// What is wrong, without what is only worth a warning.
    package var errors: DiagnosticList {
        var rest = self
        rest.collected.removeAll { $0.severity == .warning }
        return rest
    }

    /// The same, where none of it stops anything.
    package var asWarnings: DiagnosticList {
        var rest = self
        for place in rest.collected.indices { rest.collected[place].severity = .warning }
        rest.errorCount = 0
        return rest
    }

    package var isEmpty: Bool { collected.isEmpty }
    package var hasErrors: Bool { errorCount > 0 }

    /// By file, line and column, those without a place first, in the order found where the place is the same; each once.
    package var sorted: [Diagnostic] {
        var seen: Set<Diagnostic> = []
        return collected.enumerated().sorted(by: DiagnosticList.precedes).map(\.element)
            .filter { seen.insert($0).inserted }
    }

    /// Every diagnostic with its excerpt, a blank line between two, and how many more there are.
    package var text: String {
        let all = sorted
        var blocks = all.prefix(DiagnosticList.shownAtMost).map(\.text)
        let rest = all.count - blocks.count + dropped
        if rest > 0 { blocks.append("… and \(rest) more") }
        return blocks.isEmpty ? "" : blocks.joined(separator: "\n\n") + "\n"
    }

    private typealias Found = EnumeratedSequence<[Diagnostic]>.Element

    private static func precedes(_ left: Found, _ right: Found) -> Bool {
        switch (left.element.position, right.element.position) {
        case (nil, .some): true
        case (.some, nil): false
        case (let mine?, let other?) where mine != other: mine < other
        default: left.offset < right.offset
        }
    }
}
