import DirectoryModel

/// Emails whose domain becomes another one, in a mirror.
struct EmailRenaming {
    private let domains: [(old: [UInt8], new: [UInt8])]

    init(_ domains: [ComparisonRequest.Domain]) {
        self.domains = domains.map { (FoldedBytes.of(Array($0.old.utf8)), Array($0.new.utf8)) }
    }

    /// The mirror with each email and alias of an old domain in the new one.
    func mirror(_ source: Mirror) -> Mirror {
        var mirror = source
        mirror.arena = []
        mirror.arena.reserveCapacity(source.arena.count)
        for place in source.people.indices {
            var fields: [(tag: UInt8, value: [UInt8])] = []
            var isSame = true
            let record = source.record(PersonIndex(truncatingIfNeeded: place))
            record.forEachField { tag, value in
                let isAddress = tag == PersonField.email.tag || tag == PersonField.alias.tag
                let renamed = isAddress ? self.renamed(value) : nil
                if renamed != nil { isSame = false }
                fields.append((tag, renamed ?? Array(value)))
            }
            let start = UInt32(truncatingIfNeeded: mirror.arena.count)
            mirror.people[place].start = start
            if isSame {
                mirror.arena += record.bytes
                continue
            }
            fields.sort { $0.tag == $1.tag ? $0.value.lexicographicallyPrecedes($1.value) : $0.tag < $1.tag }
            var writer = PersonRecordWriter()
            for field in fields { writer.append(field.tag, field.value) }
            mirror.people[place].length = UInt32(truncatingIfNeeded: writer.bytes.count)
            mirror.arena += writer.bytes
        }
        return mirror
    }

    /// The address in its new domain; nil where the domain stays.
    private func renamed(_ email: ArraySlice<UInt8>) -> [UInt8]? {
        guard let at = email.lastIndex(of: UInt8(ascii: "@")) else { return nil }
        let domain = FoldedBytes.of(Array(email[(at + 1)...]))
        guard let found = domains.first(where: { $0.old == domain }) else { return nil }
        return Array(email[...at]) + found.new
    }

    /// How many people have such an address, and which of the new domains invitations may not go to.
    func notes(_ mirror: Mirror, _ configuration: AgentConfiguration) -> [String] {
        var notes: [String] = []
        for domain in domains {
            let only = EmailRenaming(domains: [domain])
            let people = mirror.people.indices.count { place in
                mirror.record(PersonIndex(truncatingIfNeeded: place)).values(.email).contains {
                    only.renamed($0) != nil
                }
            }
            let (old, new) = (String(decoding: domain.old, as: UTF8.self), String(decoding: domain.new, as: UTF8.self))
            notes.append(
                "\(people) \(people == 1 ? "person has" : "people have") an email in `\(old)`, which becomes `\(new)`")
            let lacking = configuration.directories.filter { directory in
                !directory.emailDomains.isEmpty
                    && !configuration.directories.flatMap(\.emailDomains).contains { $0.lowercased() == new }
            }
            if let first = lacking.first {
                notes.append(
                    "`email_domains` of directory `\(first.name)` does not hold `\(new)`: people with such an email are set "
                        + "aside, and nobody is invited there; add it before the emails change")
            }
        }
        return notes
    }

    private init(domains: [(old: [UInt8], new: [UInt8])]) { self.domains = domains }
}
