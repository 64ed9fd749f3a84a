/// A value of a YAML file as it was written, with its place.
package struct YAMLNode: Sendable {
    package enum Content: Sendable {
        case scalar(YAMLScalar)
        case list([YAMLNode])
        case object([YAMLField])
    }

    package let content: Content
    package let position: SourcePosition
    /// Stands for something that was refused already; nothing more is said about it.
    package let isBroken: Bool

    package init(_ content: Content, at position: SourcePosition, isBroken: Bool = false) {
        self.content = content
        self.position = position
        self.isBroken = isBroken
    }

    package var scalar: YAMLScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    package var items: [YAMLNode]? {
        if case .list(let items) = content { items } else { nil }
    }

    package var fields: [YAMLField]? {
        if case .object(let fields) = content { fields } else { nil }
    }

    package var isNull: Bool { scalar?.kind == .null }
}

/// One key of an object with its value; keys of an object are distinct.
package struct YAMLField: Sendable {
    package let key: String
    package let keyPosition: SourcePosition
    package let value: YAMLNode
}

/// A scalar: its text, and what that text is by this program's own strict rules.
///
/// A quoted scalar is always text. A plain one is `null` (also `~` or nothing), a truth value (`true`, `false`), a whole
/// number, or text; what other readers of YAML would take for something else (`0123`, `1e3`, `0x10`, `True`) is
/// *ambiguous* and good for nothing until it is quoted. `no`, `off` and `1:30` are text.
package struct YAMLScalar: Sendable, Hashable {
    package enum Kind: Sendable, Hashable { case text, null, boolean, integer, ambiguous }

    package let text: String
    package let kind: Kind

    init(text: String, isPlain: Bool) {
        self.text = text
        kind = isPlain ? YAMLScalar.kind(ofPlain: text) : .text
    }

    private static func kind(ofPlain text: String) -> Kind {
        switch text {
        case "", "~", "null": return .null
        case "true", "false": return .boolean
        case "Null", "NULL", "True", "TRUE", "False", "FALSE": return .ambiguous
        default: break
        }
        if WholeNumber.parse(text) != nil { return .integer }
        return isNumberElsewhere(Array(text.utf8)) ? .ambiguous : .text
    }

    /// Numbers of the YAML 1.2 core schema: signs, octal, hexadecimal, decimals, exponents, infinity, not-a-number.
    private static func isNumberElsewhere(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let lower = rest.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }
        if lower == Array(".inf".utf8) || lower == Array(".nan".utf8) { return true }
        if lower.count > 2, lower[0] == 0x30, lower[1] == UInt8(ascii: "x") {
            return lower.dropFirst(2).allSatisfy { isDigit($0) || (0x61...0x66).contains($0) }
        }
        if lower.count > 2, lower[0] == 0x30, lower[1] == UInt8(ascii: "o") {
            return lower.dropFirst(2).allSatisfy { (0x30...0x37).contains($0) }
        }
        return isDecimal(lower)
    }

    private static func isDecimal(_ lower: [UInt8]) -> Bool {
        var rest = lower[...]
        let whole = rest.prefix(while: isDigit)
        rest = rest.dropFirst(whole.count)
        var fraction = rest.prefix(0)
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            fraction = rest.prefix(while: isDigit)
            rest = rest.dropFirst(fraction.count)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return false }
        guard rest.first == UInt8(ascii: "e") else { return rest.isEmpty }
        rest = rest.dropFirst()
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        return !rest.isEmpty && rest.allSatisfy(isDigit)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
