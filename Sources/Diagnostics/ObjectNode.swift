/// An object of a checked file, read key by key: what is absent or was reported as wrong comes back as nil.
package struct ObjectNode: Sendable {
    package let node: YAMLNode
    package let fields: [YAMLField]

    package var position: SourcePosition { node.position }

    /// The value of a key; nil where it is absent, while `null` is a value.
    package subscript(_ key: String) -> YAMLNode? {
        fields.first { $0.key == key }?.value
    }

    /// Where the key stands; the object's own place where it is absent.
    package func position(of key: String) -> SourcePosition {
        fields.first { $0.key == key }?.keyPosition ?? node.position
    }

    package func has(_ key: String) -> Bool { fields.contains { $0.key == key } }
}

extension YAMLNode {
    /// Nil unless this is an object.
    package var object: ObjectNode? { fields.map { ObjectNode(node: self, fields: $0) } }

    /// The text of a scalar that is text; nil for numbers, truth values and nothing.
    package var text: String? {
        guard !isBroken, let scalar, scalar.kind == .text else { return nil }
        return scalar.text
    }

    /// The text of a scalar, whatever it looks like, but nothing; for words of a choice.
    package var word: String? {
        guard !isBroken, let scalar, scalar.kind != .null else { return nil }
        return scalar.text
    }

    package var integer: Int? {
        guard let scalar, scalar.kind == .integer else { return nil }
        return WholeNumber.parse(scalar.text)
    }

    package var boolean: Bool? {
        guard let scalar, scalar.kind == .boolean else { return nil }
        return scalar.text == "true"
    }

    package var duration: Duration? {
        text.flatMap { DurationText.parse($0) }
    }

    package var locatedText: Located<String>? { text.map { Located($0, at: position) } }

    /// The texts of a list without what is no text; nil unless this is a list.
    package var texts: [Located<String>]? { items?.compactMap(\.locatedText) }

    /// The words of a list, as `texts`.
    package var words: [Located<String>]? {
        items?.compactMap { item in item.word.map { Located($0, at: item.position) } }
    }
}
