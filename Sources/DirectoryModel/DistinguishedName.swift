/// A distinguished name: the bytes as somebody wrote them, and the canonical form by which names are compared.
package struct DistinguishedName: Sendable {
    /// As written.
    package let bytes: [UInt8]
    /// See `DNCanonicalForm`.
    package let canonical: [UInt8]

    /// The name written in these bytes (RFC 4514; quoted values of RFC 2253 are understood as well).
    package init(_ bytes: some Collection<UInt8>) throws(DNSyntaxError) {
        let bytes = Array(bytes)
        self.bytes = bytes
        canonical = try DNCanonicalForm.of(bytes)
    }

    package init(_ text: String) throws(DNSyntaxError) {
        try self.init(Array(text.utf8))
    }

    /// A name known by its canonical form only.
    private init(canonical: [UInt8]) {
        self.canonical = canonical
        bytes = DNCanonicalForm.text(canonical)
    }

    /// The root of a directory: the empty name.
    package var isRoot: Bool { canonical.isEmpty }

    /// The name one level up, in canonical spelling; nil for the root.
    package var parent: DistinguishedName? {
        guard let end = canonical.firstIndex(of: DNCanonicalForm.endOfRDN) else { return nil }
        return DistinguishedName(canonical: Array(canonical[(end + 1)...]))
    }

    /// Whether the name is `base` itself or stands below it.
    package func isUnder(_ base: DistinguishedName) -> Bool {
        canonical.withUnsafeBytes { name in
            base.canonical.withUnsafeBytes { DNCanonicalForm.isUnder(name, base: $0) }
        }
    }

    /// The values of the first (leftmost) RDN, folded as in the canonical form, with their types.
    package var leaf: [(type: String, value: [UInt8])] {
        DNCanonicalForm.firstRDN(canonical).map { (String(decoding: $0.type, as: UTF8.self), $0.value) }
    }

    /// The name for people; bytes that are not UTF-8 show as U+FFFD.
    package var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension DistinguishedName: Hashable {
    package static func == (left: DistinguishedName, right: DistinguishedName) -> Bool {
        left.canonical == right.canonical
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(canonical) }
}
