import DirectoryModel

/// Groups by name, DN and id: those of a mirror, or those that are locked.
struct GroupCatalog {
    struct Group {
        var key: GroupKey
        var name: String
        var dn: String
        /// Place in the mirror.
        var index: GroupIndex?
    }

    struct Match: Equatable {
        /// Place in `groups`.
        var group: Int
        /// What stands for the open word of a captured name.
        var word: String?
    }

    let groups: [Group]
    private var foldedNames: [[UInt8]]
    private var byName: [String: [Int]] = [:]
    private var byKey: [GroupKey: Int] = [:]
    private var byID: [ImmutableID: [Int]] = [:]
    private var canonicalDNs: [[UInt8]?] = []
    /// By canonical DN, bytes that are not UTF-8 replaced: candidates, to be compared bytewise.
    private var byDN: [String: [Int]] = [:]

    /// DNs are read only where some reference asks for them; that takes longest.
    init(_ groups: [Group], readingDNs: Bool) {
        self.groups = groups
        foldedNames = []
        foldedNames.reserveCapacity(groups.count)
        for (place, group) in groups.enumerated() {
            let folded = GroupCatalog.folded(group.name)
            foldedNames.append(folded)
            byName[String(decoding: folded, as: UTF8.self), default: []].append(place)
            byKey[group.key] = place
            byID[group.key.id, default: []].append(place)
        }
        guard readingDNs else { return }
        canonicalDNs = groups.map { try? DNCanonicalForm.of(Array($0.dn.utf8)) }
        for (place, canonical) in canonicalDNs.enumerated() {
            if let canonical { byDN[String(decoding: canonical, as: UTF8.self), default: []].append(place) }
        }
    }

    init(_ mirror: Mirror, readingDNs: Bool) {
        var groups: [Group] = []
        groups.reserveCapacity(mirror.groups.count)
        for (place, row) in mirror.groups.enumerated() {
            groups.append(
                Group(
                    key: GroupKey(directory: mirror.directories[Int(row.directory)], id: row.id),
                    name: GroupCatalog.writable(String(decoding: row.name, as: UTF8.self)),
                    dn: String(decoding: row.dn, as: UTF8.self),
                    index: GroupIndex(place)))
        }
        self.init(groups, readingDNs: readingDNs)
    }

    func group(_ key: GroupKey) -> Group? { byKey[key].map { groups[$0] } }

    /// Place in `groups`.
    func place(of key: GroupKey) -> Int? { byKey[key] }

    /// Every group that the reference could mean, in the order of the catalog.
    func matches(_ reference: GroupReference) -> [Match] {
        let base = reference.base.flatMap { try? DNCanonicalForm.of(Array($0.utf8)) }
        return candidates(reference.name).filter { match in
            if let directory = reference.directory, groups[match.group].key.directory != directory { return false }
            guard reference.base != nil else { return true }
            guard let base, let dn = canonicalDNs[match.group] else { return false }
            return dn.withUnsafeBytes { dn in base.withUnsafeBytes { DNCanonicalForm.isUnder(dn, base: $0) } }
        }
    }

    private func candidates(_ name: GroupReference.Name) -> [Match] {
        switch name {
        case .name(let name):
            let folded = String(decoding: GroupCatalog.folded(name), as: UTF8.self)
            return (byName[folded] ?? []).map { Match(group: $0) }
        case .dn(let dn):
            guard let canonical = try? DNCanonicalForm.of(Array(dn.utf8)) else { return [] }
            let near = byDN[String(decoding: canonical, as: UTF8.self)] ?? []
            return near.filter { canonicalDNs[$0] == canonical }.map { Match(group: $0) }
        case .id(let id):
            return (byID[id] ?? []).map { Match(group: $0) }
        case .captured(let captured):
            let prefix = GroupCatalog.foldedPart(captured.prefix)
            let suffix = GroupCatalog.foldedPart(captured.suffix)
            return groups.indices.compactMap { place in
                captured.id(in: foldedNames[place], prefix: prefix, suffix: suffix).map {
                    Match(group: place, word: $0)
                }
            }
        }
    }

    /// Names of groups, for the nearest one.
    var names: Set<String> { Set(groups.map(\.name)) }

    private static func folded(_ name: String) -> [UInt8] {
        var name = name
        return name.withUTF8 { bytes in
            var out: [UInt8] = []
            out.reserveCapacity(bytes.count)
            if FoldedTest.foldPlain(UnsafeRawBufferPointer(bytes), into: &out) { return out }
            out.removeAll(keepingCapacity: true)
            _ = TextFold.fold(UnsafeRawBufferPointer(bytes), into: &out)
            return out
        }
    }

    /// The text without what a file cannot hold: control characters become U+FFFD.
    static func writable(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) { return text }
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0..<0x20, 0x7f...0x9f, 0x2028, 0x2029, 0xfffe, 0xffff: out.append("\u{FFFD}")
            default: out.append(scalar)
            }
        }
        return String(out)
    }

    /// Part of a name: a space at its end counts.
    static func foldedPart(_ part: String) -> [UInt8] {
        guard !part.isEmpty else { return [] }
        var folded = TextFold.fold("x" + part + "x")
        folded.removeFirst()
        folded.removeLast()
        return folded
    }
}
