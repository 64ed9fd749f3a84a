internal import DirectoryModel
internal import LDAPClient

/// References that every search from the root of an Active Directory domain meets: to parts of the same forest in which there are no people.
///
/// To a search over a whole suffix those to domains beside the bases are no harm either: in Active Directory a reference names the naming context
/// that it leads to. Elsewhere it may name anything, and nothing tells where it stands.
struct ForestReferences {
    private var names: [DistinguishedName] = []
    /// The bases, for a search over a suffix that holds them; nil for the search of a base, in which every part counts.
    private var bases: [Base]?

    /// None for any other kind of server.
    init(_ domain: DetectedServer.Domain?, beside bases: [Base]? = nil) {
        guard let domain else { return }
        self.bases = bases
        let texts = [domain.configuration, "DC=DomainDnsZones,\(domain.context)", "DC=ForestDnsZones,\(domain.root)"]
        names = texts.compactMap { try? DistinguishedName($0) }
    }

    /// Whether a search met no other references.
    func cover(_ end: SearchEnd) -> Bool {
        guard end.references > 0 else { return true }
        return !end.referenceURLs.isEmpty && !end.hasMoreReferenceURLs && end.referenceURLs.allSatisfy(isHarmless)
    }

    /// The first that it met and that is not one of these.
    func firstOther(_ end: SearchEnd) -> String { end.referenceURLs.first { !isHarmless($0) } ?? end.firstReference }

    private func isHarmless(_ url: String) -> Bool {
        guard let name = ForestReferences.name(url).flatMap({ try? DistinguishedName($0) }) else { return false }
        if names.contains(name) { return true }
        return bases?.allSatisfy { !$0.name.isUnder(name) && !name.isUnder($0.name) } ?? false
    }

    /// The DN in the URL of a reference (RFC 4516 §2): what stands behind the host, up to a `?`.
    private static func name(_ url: String) -> [UInt8]? {
        let bytes = Array(url.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "://".utf8),
            let slash = bytes[(colon + 3)...].firstIndex(of: UInt8(ascii: "/"))
        else { return nil }
        var name: [UInt8] = []
        var rest = bytes[(slash + 1)...].prefix { $0 != UInt8(ascii: "?") }
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                name.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                return nil
            }
            name.append(value)
            rest = rest.dropFirst(2)
        }
        return name
    }
}
