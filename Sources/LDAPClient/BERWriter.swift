/// Writes the few kinds of BER that values of controls are made of, with definite lengths.
package struct BERWriter {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func integer(_ value: Int, tag: UInt8 = 0x02) {
        var content: [UInt8] = []
        var rest = value
        // As few octets as keep the sign (X.690 §8.3.2).
        repeat {
            content.insert(UInt8(truncatingIfNeeded: rest), at: 0)
            rest >>= 8
        } while !((rest == 0 && content[0] < 0x80) || (rest == -1 && content[0] >= 0x80))
        element(tag, content)
    }

    package mutating func enumerated(_ value: Int) { integer(value, tag: 0x0a) }

    package mutating func boolean(_ value: Bool, tag: UInt8 = 0x01) { element(tag, [value ? 0xff : 0]) }

    package mutating func octets(_ value: some Collection<UInt8>, tag: UInt8 = 0x04) { element(tag, value) }

    /// What the body writes, as one element.
    package mutating func sequence(tag: UInt8 = 0x30, _ body: (inout BERWriter) -> Void) {
        var inner = BERWriter()
        body(&inner)
        element(tag, inner.bytes)
    }

    private mutating func element(_ tag: UInt8, _ content: some Collection<UInt8>) {
        bytes.append(tag)
        if content.count < 0x80 {
            bytes.append(UInt8(content.count))
        } else {
            var length: [UInt8] = []
            var rest = content.count
            while rest > 0 {
                length.insert(UInt8(rest & 0xff), at: 0)
                rest >>= 8
            }
            bytes.append(0x80 | UInt8(length.count))
            bytes += length
        }
        bytes += content
    }
}
