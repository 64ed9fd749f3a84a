import Diagnostics

/// Writes HTML to bytes: markup comes from literals of this program alone, and everything else is text.
///
/// What does not come from a literal goes through `SafeText`, and then through the five characters that mean anything to HTML, scalar by
/// scalar (a combining mark behind `<` does not hide it). No attribute ever holds it.
struct HTMLWriter {
    private(set) var bytes: [UInt8] = []

    mutating func markup(_ markup: StaticString) {
        markup.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func text(_ text: String) {
        for byte in SafeText.escaped(text).utf8 {
            switch byte {
            case UInt8(ascii: "<"): bytes.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): bytes.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "&"): bytes.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "\""): bytes.append(contentsOf: "&quot;".utf8)
            case UInt8(ascii: "'"): bytes.append(contentsOf: "&#39;".utf8)
            default: bytes.append(byte)
            }
        }
    }

    /// A sentence, in which what stands between backticks shows as code.
    mutating func sentence(_ sentence: String) {
        let parts = sentence.utf8.split(separator: UInt8(ascii: "`"), omittingEmptySubsequences: false)
        // An odd number of backticks quotes nothing for certain.
        guard parts.count > 1, parts.count % 2 == 1 else { return text(sentence) }
        for (place, part) in parts.enumerated() {
            if place % 2 == 1 { markup("<code>") }
            text(String(Substring(part)))
            if place % 2 == 1 { markup("</code>") }
        }
    }

    /// A number for people, with commas.
    mutating func number(_ number: Int) { bytes.append(contentsOf: Counted.number(number).utf8) }

    /// A number for programs: in attributes, and where figures are read back.
    mutating func digits(_ number: Int) { bytes.append(contentsOf: String(number).utf8) }

    /// What this program made itself: a page's style, its script, the hash of one.
    mutating func trusted(_ bytes: [UInt8]) { self.bytes.append(contentsOf: bytes) }

    /// Text inside an element: `<b>`, text, `</b>`.
    mutating func element(_ start: StaticString, _ content: String, _ end: StaticString) {
        markup(start)
        text(content)
        markup(end)
    }

    /// Begins a table that scrolls where it is too wide for the screen; keys reach it, and `name`, which no other on the page has, says what it is.
    mutating func beginTable(_ name: String) {
        markup("<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"")
        text(name)
        markup("\"><table>\n")
    }

    /// Hands over what was written and forgets it.
    mutating func drain() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }
}
