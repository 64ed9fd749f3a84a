/// One LDAP message (RFC 4511 §4.1.1), to be looked at, changed or made by a test.
package struct LDAPMessage: Sendable, Hashable {
    /// What a message is, by its tag.
    package enum Kind: UInt8, Sendable {
        case bindRequest = 0x60
        case bindResponse = 0x61
        case unbindRequest = 0x42
        case searchRequest = 0x63
        case searchEntry = 0x64
        case searchDone = 0x65
        case searchReference = 0x73
        case abandonRequest = 0x50
        case extendedRequest = 0x77
        case extendedResponse = 0x78
        case intermediateResponse = 0x79
    }

    /// A control on a message.
    package struct Control: Sendable, Hashable {
        package var type: String
        package var isCritical: Bool
        package var value: [UInt8]?

        package init(_ type: String, isCritical: Bool = false, value: [UInt8]? = nil) {
            self.type = type
            self.isCritical = isCritical
            self.value = value
        }
    }

    package var id: Int
    package var operation: BERElement
    package var controls: [Control]

    package init(id: Int, operation: BERElement, controls: [Control] = []) {
        self.id = id
        self.operation = operation
        self.controls = controls
    }

    package init(id: Int, _ kind: Kind, _ parts: [[UInt8]] = [], controls: [Control] = []) {
        self.init(
            id: id, operation: BERElement(kind.rawValue, parts.flatMap { $0 }), controls: controls)
    }

    /// The message in the bytes of one whole element; nil when they are none.
    package init?(_ bytes: [UInt8]) {
        guard let outer = BERElement.all(in: bytes).first, outer.tag == 0x30 else { return nil }
        let parts = outer.parts
        guard parts.count >= 2 else { return nil }
        id = parts[0].number
        operation = parts[1]
        controls = parts.dropFirst(2).first { $0.tag == 0xa0 }.map { $0.parts.compactMap(Control.init) } ?? []
    }

    /// Nil for operations that tests do not know.
    package var kind: Kind? { Kind(rawValue: operation.tag) }

    package var encoded: [UInt8] {
        var parts = [BER.integer(id), operation.encoded]
        if !controls.isEmpty { parts.append(BER.sequence(controls.map(\.encoded), tag: 0xa0)) }
        return BER.sequence(parts)
    }

    package func control(_ type: String) -> Control? { controls.first { $0.type == type } }
}

extension LDAPMessage.Control {
    init?(_ element: BERElement) {
        let parts = element.parts
        guard let type = parts.first else { return nil }
        self.init(
            type.text, isCritical: parts.contains { $0.tag == 0x01 && $0.content.first != 0 },
            value: parts.dropFirst().first { $0.tag == 0x04 }?.content)
    }

    var encoded: [UInt8] {
        var parts = [BER.text(type)]
        if isCritical { parts.append(BER.boolean(true)) }
        if let value { parts.append(BER.octets(value)) }
        return BER.sequence(parts)
    }
}

/// Cuts a stream of bytes into whole messages.
struct LDAPFramer {
    private var pending: [UInt8] = []

    /// Takes in what came and returns the bytes of the messages that are now whole.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [[UInt8]] {
        pending += bytes
        var whole: [[UInt8]] = []
        var start = 0
        while let extent = BERElement.extent(of: pending[start...]), extent.end <= pending.count {
            whole.append(Array(pending[start..<extent.end]))
            start = extent.end
        }
        pending.removeFirst(start)
        return whole
    }

    /// What is left of a message that never became whole.
    var rest: [UInt8] { pending }
}
