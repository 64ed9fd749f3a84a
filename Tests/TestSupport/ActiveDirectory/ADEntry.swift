import DirectoryModel

/// An object of the domain that the stub serves.
package struct ADEntry: Sendable {
    /// An attribute, with the numbers of the changes that made it what it is.
    struct Attribute: Sendable {
        var name: String
        var values: [[UInt8]]
        var sequence: Int
        /// Of linked attributes: when each value came or went.
        var links: [[UInt8]: (sequence: Int, isPresent: Bool)] = [:]
    }

    package internal(set) var dn: String
    package let guid: [UInt8]
    /// Number of the last change.
    package internal(set) var sequence: Int
    package internal(set) var isDeleted = false
    /// By lower-case name.
    var attributes: [String: Attribute] = [:]

    package init(dn: String, guid: [UInt8], sequence: Int) {
        self.dn = dn
        self.guid = guid
        self.sequence = sequence
    }

    package func texts(_ name: String) -> [String] {
        (attributes[name.lowercased()]?.values ?? []).map { String(decoding: $0, as: UTF8.self) }
    }

    mutating func set(_ name: String, _ values: [[UInt8]], sequence: Int) {
        let key = name.lowercased()
        var attribute = attributes[key] ?? Attribute(name: name, values: [], sequence: sequence)
        if ADEntry.linked.contains(key) {
            let (old, new) = (Set(attribute.values), Set(values))
            for value in old.subtracting(new) { attribute.links[value] = (sequence, false) }
            for value in new.subtracting(old) { attribute.links[value] = (sequence, true) }
        }
        attribute.values = values
        attribute.sequence = sequence
        attributes[key] = attribute
        self.sequence = sequence
    }

    static let linked: Set = ["member"]
    /// Given only to who asks for them by name.
    static let computed: Set = ["tokengroups", "msds-user-account-control-computed"]

    /// The name as `<GUID=…>` has it: the first three groups are turned around (MS-DTYP §2.3.4).
    package static func guidText(_ guid: [UInt8]) -> String {
        let order = [3, 2, 1, 0, 5, 4, 7, 6] + Array(8..<16)
        let digits = order.map { place -> String in
            let text = String(guid[place], radix: 16)
            return text.count == 1 ? "0" + text : text
        }
        return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { digits[$0].joined() }.joined(separator: "-")
    }

    /// A security identifier of the stub's domain, as bytes (MS-DTYP §2.4.2.2).
    package static func securityID(_ relative: UInt32?) -> [UInt8] {
        let parts: [UInt32] = [21, 1_111_111_111, 2_222_222_222, 3_333_333_333] + (relative.map { [$0] } ?? [])
        return [1, UInt8(parts.count), 0, 0, 0, 0, 0, 5]
            + parts.flatMap { part in withUnsafeBytes(of: part.littleEndian) { Array($0) } }
    }
}

/// Names compared as servers compare them.
enum ADName {
    /// The same for all spellings of a name; nil for what is none.
    static func key(_ dn: String) -> DistinguishedName? { try? DistinguishedName(dn) }
    static func key(_ dn: [UInt8]) -> DistinguishedName? { try? DistinguishedName(dn) }

    /// Whether two names are one; those written plainly are not taken apart.
    static func isSame(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        if one == other { return true }
        guard isPlain(one), isPlain(other) else { return key(one) == key(other) }
        return one.count == other.count && zip(one, other).allSatisfy { $0 | 0x20 == $1 | 0x20 }
    }

    private static func isPlain(_ name: [UInt8]) -> Bool {
        name.allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: " ") }
    }

    static func isUnder(_ dn: String, _ base: String) -> Bool {
        guard let name = try? DistinguishedName(dn), let above = try? DistinguishedName(base) else { return false }
        return name.isUnder(above)
    }

    /// Whether one name is directly below another.
    static func isChild(_ dn: String, of base: String) -> Bool {
        isUnder(dn, base) && key(parent(dn)) == key(base)
    }

    /// What stands behind the first comma that is not escaped.
    static func parent(_ dn: String) -> String {
        var isEscaped = false
        for place in dn.unicodeScalars.indices {
            let scalar = dn.unicodeScalars[place]
            if !isEscaped, scalar == "," { return String(dn.unicodeScalars[dn.unicodeScalars.index(after: place)...]) }
            isEscaped = !isEscaped && scalar == "\\"
        }
        return ""
    }

    static func firstPart(_ dn: String) -> String { String(dn.dropLast(parent(dn).count).prefix { $0 != "," }) }
}
