/// A view of one person's record: fields one after the other, each `tag, length (4 bytes, little-endian), bytes`.
///
/// The record is what the mirror keeps of a person; its bytes are canonical (fields in the order of their tags, values of a
/// field sorted), so equal people have equal records. Reading never runs past the end: a damaged record simply ends.
package struct PersonRecord: Sendable {
    package let bytes: ArraySlice<UInt8>

    package init(bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// Those of the trusted attributes, given by their places, of which the person has a value.
    package func shown(of attributes: [String]) -> Set<String> {
        var shown: Set<String> = []
        forEachField { tag, _ in
            let place = Int(tag) - Int(PersonField.attribute(0).tag)
            if attributes.indices.contains(place) { shown.insert(attributes[place]) }
        }
        return shown
    }

    /// Every field with the range of its value, in order.
    package func forEachField(_ body: (_ tag: UInt8, _ value: ArraySlice<UInt8>) -> Void) {
        var index = bytes.startIndex
        while bytes.endIndex - index >= 5 {
            let tag = bytes[index]
            let length =
                Int(bytes[index + 1]) | Int(bytes[index + 2]) << 8 | Int(bytes[index + 3]) << 16
                | Int(bytes[index + 4]) << 24
            index += 5
            guard length <= bytes.endIndex - index else { return }
            body(tag, bytes[index..<(index + length)])
            index += length
        }
    }

    /// The values of a field, in order.
    package func values(_ field: PersonField) -> [ArraySlice<UInt8>] {
        var found: [ArraySlice<UInt8>] = []
        forEachField { tag, value in
            if tag == field.tag { found.append(value) }
        }
        return found
    }

    /// The first value of a field as text; bytes that are not UTF-8 show as U+FFFD, so use it for display only.
    package func text(_ field: PersonField) -> String? {
        values(field).first.map { String(decoding: $0, as: UTF8.self) }
    }
}

/// Builds a canonical record into an arena.
package struct PersonRecordWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// Appends one field; callers append in the order of tags and sorted values.
    package mutating func append(_ tag: UInt8, _ value: some Collection<UInt8>) {
        let length = UInt32(truncatingIfNeeded: value.count)
        bytes.append(tag)
        bytes.append(UInt8(truncatingIfNeeded: length))
        bytes.append(UInt8(truncatingIfNeeded: length >> 8))
        bytes.append(UInt8(truncatingIfNeeded: length >> 16))
        bytes.append(UInt8(truncatingIfNeeded: length >> 24))
        bytes.append(contentsOf: value)
    }
}
