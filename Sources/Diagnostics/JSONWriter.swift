/// Writes JSON to bytes as it is told, in the order it is told: the same calls, the same bytes.
///
/// ```swift
/// var json = JSONWriter(layout: .pretty)
/// json.beginObject()
/// json.field("format", "rollcall.plan/1")
/// json.key("users")
/// json.beginArray()
/// json.value(3)
/// json.endArray()
/// json.endObject()
/// ```
package struct JSONWriter: Sendable {
    package enum Layout: Sendable { case compact, pretty }

    package private(set) var bytes: [UInt8] = []
    private let layout: Layout
    /// One entry per open container: whether something stands in it already.
    private var filled: [Bool] = []
    private var afterKey = false

    package init(layout: Layout = .pretty) { self.layout = layout }

    /// What was written so far.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package mutating func beginObject() { open(UInt8(ascii: "{")) }
    package mutating func endObject() { close(UInt8(ascii: "}")) }
    package mutating func beginArray() { open(UInt8(ascii: "[")) }
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    package mutating func key(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        if layout == .pretty { bytes.append(0x20) }
        afterKey = true
    }

    package mutating func value(_ text: String) {
        separate()
        quote(text)
    }

    package mutating func value(_ number: Int) {
        separate()
        bytes.append(contentsOf: String(number).utf8)
    }

    package mutating func value(_ truth: Bool) {
        separate()
        bytes.append(contentsOf: (truth ? "true" : "false").utf8)
    }

    package mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
    }

    /// Writes a value that this type wrote before at the same depth, as `drain` or `bytes` gave it.
    package mutating func value(written: some Sequence<UInt8>) {
        separate()
        bytes.append(contentsOf: written)
    }

    /// Ends the text with a line break.
    package mutating func newline() { bytes.append(0x0A) }

    /// Hands over what was written and forgets it; the open containers stay open.
    package mutating func drain() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        filled.append(false)
    }

    private mutating func close(_ bracket: UInt8) {
        let hadContent = filled.popLast() ?? false
        if hadContent { indent() }
        bytes.append(bracket)
    }

    private mutating func separate() {
        if afterKey {
            afterKey = false
            return
        }
        guard let hasContent = filled.last else { return }
        if hasContent { bytes.append(UInt8(ascii: ",")) }
        filled[filled.count - 1] = true
        indent()
    }

    private mutating func indent() {
        guard layout == .pretty else { return }
        bytes.append(0x0A)
        for _ in 0..<filled.count { bytes.append(contentsOf: [0x20, 0x20]) }
    }

    /// RFC 8259 section 7; also escaped is whatever `SafeText` calls dangerous, so that JSON is safe to look at.
    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        if JSONWriter.isPlain(text) { bytes.append(contentsOf: text.utf8) } else { appendEscaped(text) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Whether a text is printable ASCII in which nothing has to be escaped: nearly every one.
    private static func isPlain(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            bytes.allSatisfy { (0x20...0x7e).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        }
    }

    private mutating func appendEscaped(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": bytes.append(contentsOf: "\\\"".utf8)
            case "\\": bytes.append(contentsOf: "\\\\".utf8)
            case "\n": bytes.append(contentsOf: "\\n".utf8)
            case "\t": bytes.append(contentsOf: "\\t".utf8)
            case " "..."~": bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            case _ where SafeText.isDangerous(scalar):
                for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter { escape(unit) }
            default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
    }

    private mutating func escape(_ unit: UInt16) {
        let digits = String(unit, radix: 16)
        bytes.append(contentsOf: "\\u".utf8)
        for _ in digits.utf8.count..<4 { bytes.append(UInt8(ascii: "0")) }
        bytes.append(contentsOf: digits.utf8)
    }
}

extension JSONWriter {
    package mutating func field(_ name: String, _ text: String) {
        key(name)
        value(text)
    }

    package mutating func field(_ name: String, _ number: Int) {
        key(name)
        value(number)
    }

    package mutating func field(_ name: String, _ truth: Bool) {
        key(name)
        value(truth)
    }

    /// `null` where there is no text.
    package mutating func field(_ name: String, _ text: String?) {
        key(name)
        if let text { value(text) } else { null() }
    }

    package mutating func field(_ name: String, _ texts: [String]) {
        key(name)
        beginArray()
        for text in texts { value(text) }
        endArray()
    }
}
