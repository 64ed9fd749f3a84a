/// The form in which two spellings of one name have the same bytes, and different names never do.
///
/// RDNs stand leaf first, each closed by `endOfRDN`; values within one RDN are sorted and parted by `betweenValues`; `afterType`
/// parts the type from its value. Folded text never holds these bytes; a value that is not UTF-8 is marked by `rawValue` and has them
/// escaped. So the name of everything below a base ends in the base's form, exactly at the end of an RDN.
package enum DNCanonicalForm {
    package static let endOfRDN: UInt8 = 0
    static let betweenValues: UInt8 = 1
    static let afterType: UInt8 = 2
    static let escape: UInt8 = 3
    static let rawValue: UInt8 = 4

    /// Replaces the content of `out` by the canonical form of the name; names of plain ASCII need no allocation once `out` has grown.
    @inline(__always)
    package static func normalize(_ name: UnsafeRawBufferPointer, into out: inout [UInt8]) throws(DNSyntaxError) {
        let room = name.count * 2 + 8
        if out.count < room { out.append(contentsOf: repeatElement(0, count: room - out.count)) }
        let length = out.withUnsafeMutableBytes { PlainDN.normalize(name, into: $0) }
        guard length < 0 else {
            out.removeLast(out.count - length)
            return
        }
        try normalizeAny(name, into: &out)
    }

    /// The same for every name, plain or not.
    @inline(never)
    static func normalizeAny(_ name: UnsafeRawBufferPointer, into out: inout [UInt8]) throws(DNSyntaxError) {
        out.removeAll(keepingCapacity: true)
        for rdn in try DNParser.parse(name) { append(rdn, to: &out) }
    }

    /// The canonical form of a name.
    package static func of(_ name: [UInt8]) throws(DNSyntaxError) -> [UInt8] {
        var out: [UInt8] = []
        var failure: DNSyntaxError?
        name.withUnsafeBytes { bytes in
            do throws(DNSyntaxError) { try normalize(bytes, into: &out) } catch { failure = error }
        }
        if let failure { throw failure }
        return out
    }

    /// Whether a canonical name is the canonical base or below it.
    package static func isUnder(_ name: UnsafeRawBufferPointer, base: UnsafeRawBufferPointer) -> Bool {
        guard name.count >= base.count else { return false }
        let start = name.count - base.count
        if start > 0, name[start - 1] != endOfRDN { return false }
        return name[start...].elementsEqual(base)
    }

    private static func append(_ rdn: [DNParser.Pair], to out: inout [UInt8]) {
        if rdn.count == 1 {
            append(rdn[0], to: &out)
        } else {
            let parts = rdn.map { pair -> [UInt8] in
                var part: [UInt8] = []
                append(pair, to: &part)
                return part
            }
            out.append(contentsOf: parts.sorted { $0.lexicographicallyPrecedes($1) }.joined(separator: [betweenValues]))
        }
        out.append(endOfRDN)
    }

    private static func append(_ pair: DNParser.Pair, to out: inout [UInt8]) {
        out.append(contentsOf: AttributeTypeName.canonical(pair.type))
        out.append(afterType)
        var folded: [UInt8] = []
        if !pair.isBinary, pair.value.withUnsafeBytes({ TextFold.fold($0, into: &folded) }) {
            for byte in folded { appendEscaped(byte, to: &out) }
        } else {
            out.append(rawValue)
            for byte in pair.value { appendEscaped(byte, to: &out) }
        }
    }

    private static func appendEscaped(_ byte: UInt8, to out: inout [UInt8]) {
        if byte <= rawValue {
            out.append(escape)
            out.append(byte + 0x40)
        } else {
            out.append(byte)
        }
    }

    /// Types and values of a canonical name's first RDN.
    static func firstRDN(_ canonical: [UInt8]) -> [(type: [UInt8], value: [UInt8])] {
        guard let end = canonical.firstIndex(of: endOfRDN) else { return [] }
        return canonical[..<end].split(separator: betweenValues).map { part in
            let mark = part.firstIndex(of: afterType) ?? part.endIndex
            return (Array(part[..<mark]), unescaped(part[mark...].dropFirst()))
        }
    }

    /// The canonical form written as RFC 4514 text.
    static func text(_ canonical: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var rest = canonical
        while let end = rest.firstIndex(of: endOfRDN) {
            if !out.isEmpty { out.append(UInt8(ascii: ",")) }
            for (position, pair) in firstRDN(rest).enumerated() {
                if position > 0 { out.append(UInt8(ascii: "+")) }
                out.append(contentsOf: pair.type)
                out.append(UInt8(ascii: "="))
                out.append(contentsOf: DNText.escaped(pair.value))
            }
            rest.removeFirst(end + 1)
        }
        return out
    }

    private static func unescaped(_ value: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        var isEscaped = false
        for byte in value.first == rawValue ? value.dropFirst() : value {
            if byte == escape, !isEscaped {
                isEscaped = true
            } else {
                out.append(isEscaped ? byte &- 0x40 : byte)
                isEscaped = false
            }
        }
        return out
    }
}
