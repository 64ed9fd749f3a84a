import Diagnostics

/// Text that did not come from this program, as Markdown that says it and does nothing else.
///
/// A name can be no link, no image, no markup, and mention nobody: whatever is more than a plain word stands in a code span, where
/// GitHub and GitLab read nothing into it (CommonMark 0.31 section 6.1, GFM 0.29 section 6.9).
enum MarkdownText {
    /// A sentence: plain words as they are, everything else as code.
    static func sentence(_ text: String, inTable: Bool = false) -> String {
        var words = Words(SafeText.escaped(text))
        var parts: [String] = []
        while let word = words.next() { parts.append(part(word, inTable)) }
        return parts.joined(separator: " ")
    }

    /// A value, all of it as code.
    static func code(_ text: String, inTable: Bool = false) -> String {
        fenced(SafeText.escaped(text), inTable)
    }

    private static func part(_ word: Words.Word, _ inTable: Bool) -> String {
        let core = word.core.reduce(into: "") { $0.unicodeScalars.append($1) }
        if word.core.isEmpty { return fenced(word.lead + word.trail, inTable) }
        if !word.isQuoted && isPlain(word) { return word.lead + core + word.trail }
        return word.lead + fenced(core, inTable) + word.trail
    }

    /// In backticks, more of them than stand side by side within (CommonMark 0.31 section 6.1).
    ///
    /// A bar would end the cell of a table even in code.
    private static func fenced(_ text: String, _ inTable: Bool) -> String {
        if text.utf8.isEmpty { return "" }
        var longest = 0
        var run = 0
        var content = ""
        for scalar in text.unicodeScalars {
            run = scalar == "`" ? run + 1 : 0
            longest = max(longest, run)
            if scalar == "|", inTable { content += "\\u{7C}" } else { content.unicodeScalars.append(scalar) }
        }
        let fence = String(repeating: "`", count: longest + 1)
        let edges = [content.utf8.first, content.utf8.last]
        let isPadded = edges.contains { $0 == UInt8(ascii: "`") || $0 == 0x20 }
        return isPadded ? "\(fence) \(content) \(fence)" : fence + content + fence
    }

    /// Letters, with hyphens and apostrophes between them; or a number, a date, a time.
    ///
    /// No mark of a list, no hash of a commit.
    private static func isPlain(_ word: Words.Word) -> Bool {
        let scalars = word.core
        if scalars.allSatisfy({ $0 == "→" || $0 == "–" || $0 == "…" || $0 == "%" }) { return scalars.count == 1 }
        if scalars.allSatisfy(isOfNumber) {
            return isDigit(scalars.first) && isDigit(scalars.last) && word.trail.unicodeScalars.first != "."
                && word.trail.unicodeScalars.first != ")"
        }
        guard scalars.allSatisfy({ isLetter($0) || $0 == "-" || $0 == "'" }) else { return false }
        guard let first = scalars.first, let last = scalars.last, isLetter(first), isLetter(last) else { return false }
        return scalars.count < 7 || !scalars.allSatisfy { ("a"..."f").contains($0) }
    }

    private static func isOfNumber(_ scalar: Unicode.Scalar) -> Bool {
        isDigit(scalar) || scalar == "," || scalar == ":" || scalar == "-"
    }

    private static func isDigit(_ scalar: Unicode.Scalar?) -> Bool { scalar.map { ("0"..."9").contains($0) } ?? false }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x41...0x5A, 0x61...0x7A: true
        case 0x00...0x7F: false
        default: scalar.properties.isAlphabetic
        }
    }
}

/// Takes a text apart at its spaces; what stands between two backticks is one word.
private struct Words {
    struct Word {
        /// Brackets before it.
        var lead = ""
        var core: [Unicode.Scalar] = []
        /// Stops and brackets after it.
        var trail = ""
        /// Whether it stood between backticks.
        var isQuoted = false
    }

    private let scalars: [Unicode.Scalar]
    private var place = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    mutating func next() -> Word? {
        while place < scalars.count, scalars[place] == " " { place += 1 }
        guard place < scalars.count else { return nil }
        var word = Word()
        while place < scalars.count, scalars[place] == "(" { word.lead.unicodeScalars.append(take()) }
        if let end = closingBacktick {
            word.isQuoted = true
            word.core = Array(scalars[(place + 1)..<end])
            place = end + 1
            while place < scalars.count, isTrail(scalars[place]) { word.trail.unicodeScalars.append(take()) }
            // Something stands right behind it: the whole is one value.
            guard place < scalars.count, scalars[place] != " " else { return word }
            word.core = ["`"] + word.core + ["`"] + Array(word.trail.unicodeScalars)
            word.trail = ""
        }
        while place < scalars.count, scalars[place] != " " { word.core.append(take()) }
        var end = word.core.count
        while end > (word.lead.isEmpty ? 1 : 0), isTrail(word.core[end - 1]) { end -= 1 }
        word.trail.unicodeScalars.append(contentsOf: word.core[end...])
        word.core.removeSubrange(end...)
        return word
    }

    /// Where the quotation that begins here ends; nil where none does, or it holds nothing.
    private var closingBacktick: Int? {
        guard place < scalars.count, scalars[place] == "`" else { return nil }
        let end = scalars[(place + 1)...].firstIndex(of: "`")
        return end.flatMap { $0 > place + 1 ? $0 : nil }
    }

    private mutating func take() -> Unicode.Scalar {
        defer { place += 1 }
        return scalars[place]
    }

    private func isTrail(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "," || scalar == ";" || scalar == ":" || scalar == "." || scalar == ")" || scalar == "?"
    }
}
