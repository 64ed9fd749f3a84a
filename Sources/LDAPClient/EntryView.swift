/// One entry inside the message it came in: valid only during the call it is handed to, and nothing of it is copied.
package struct EntryView: ~Copyable {
    package let dn: UnsafeRawBufferPointer
    private let attributes: UnsafeRawBufferPointer
    /// The message and the handle it came by; nil for an entry that came by no message.
    let message: (handle: OpaquePointer, message: OpaquePointer)?

    /// `attributes` is the content of PartialAttributeList (RFC 4511 §4.1.7), as it came.
    package init(dn: UnsafeRawBufferPointer, attributes: UnsafeRawBufferPointer) {
        self.init(dn: dn, attributes: attributes, message: nil)
    }

    init(
        dn: UnsafeRawBufferPointer, attributes: UnsafeRawBufferPointer,
        message: (handle: OpaquePointer, message: OpaquePointer)?
    ) {
        self.dn = dn
        self.attributes = attributes
        self.message = message
    }

    /// The attributes, in the order the server sent them.
    package var cursor: AttributeCursor { AttributeCursor(attributes) }
}

/// Walks the attributes of an entry.
package struct AttributeCursor {
    private var list: BERCursor

    init(_ attributes: UnsafeRawBufferPointer) { list = BERCursor(attributes) }

    /// The next attribute; nil after the last.
    @inline(__always)
    package mutating func next() throws(BERFault) -> AttributeView? {
        guard !list.isAtEnd else { return nil }
        var attribute = BERCursor(try list.next(0x30))
        let name = try attribute.next(0x04)
        let values = try attribute.next(0x31)
        guard attribute.isAtEnd else { throw .unexpectedTag }
        return AttributeView(name: name, values: ValueCursor(values))
    }
}

/// One attribute: its description (name and options) and its values.
package struct AttributeView {
    package let name: UnsafeRawBufferPointer
    package var values: ValueCursor
}

/// Walks the values of an attribute.
package struct ValueCursor {
    private var set: BERCursor

    init(_ values: UnsafeRawBufferPointer) { set = BERCursor(values) }

    /// The next value; nil after the last.
    @inline(__always)
    package mutating func next() throws(BERFault) -> UnsafeRawBufferPointer? {
        guard !set.isAtEnd else { return nil }
        return try set.next(0x04)
    }
}
