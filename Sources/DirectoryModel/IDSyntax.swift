/// How an attribute writes immutable ids.
package enum IDSyntax: Sendable, Equatable {
    /// A UUID as text, dashed as RFC 4122 has it.
    case uuidText
    /// Four groups of eight hexadecimal digits: `nsUniqueId`.
    case fourGroups
    /// 16 bytes, the first three fields with the lowest byte first (MS-DTYP §2.3.4.2): `objectGUID`.
    case objectGUID
    /// Whatever it is, text of a UUID in any form or plain bytes.
    case any

    package init(attribute: String) {
        switch attribute.lowercased() {
        case "entryuuid", "ipauniqueid": self = .uuidText
        case "nsuniqueid": self = .fourGroups
        case "objectguid": self = .objectGUID
        default: self = .any
        }
    }

    /// The id in a value; nil when there is none.
    @inline(__always)
    package func id(_ bytes: UnsafeRawBufferPointer) -> ImmutableID? {
        self == .objectGUID ? ImmutableID(objectGUID: bytes) : ImmutableID(text: bytes)
    }

    /// Every spelling that the id may have in such an attribute.
    package func spellings(_ id: ImmutableID) -> [[UInt8]] {
        guard id.count == 16 else { return [id.bytes] }
        let dashed = Array(id.description.utf8)
        let plain = dashed.filter { $0 != UInt8(ascii: "-") }
        switch self {
        case .uuidText: return [dashed]
        case .fourGroups:
            return [Array(stride(from: 0, to: 32, by: 8).map { plain[$0..<($0 + 8)] }.joined(separator: [0x2d]))]
        case .objectGUID: return [id.objectGUID]
        case .any: return [dashed, plain, id.bytes]
        }
    }
}

extension ImmutableID {
    /// Which byte of the text stands where among those of `objectGUID`; the same both ways.
    private static let places = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]

    /// The id in an `objectGUID`, so that it is written as Active Directory's own tools write it; nil when it has not 16 bytes.
    package init?(objectGUID bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 16 else { return nil }
        var ordered: (UInt64, UInt64) = (0, 0)
        for place in 0..<8 {
            ordered.0 = ordered.0 << 8 | UInt64(bytes[ImmutableID.places[place]])
            ordered.1 = ordered.1 << 8 | UInt64(bytes[place + 8])
        }
        self.init(high: ordered.0, low: ordered.1, byteCount: 16)
    }

    /// The bytes as `objectGUID` holds them.
    package var objectGUID: [UInt8] {
        let bytes = bytes
        return bytes.count == 16 ? ImmutableID.places.map { bytes[$0] } : bytes
    }
}
