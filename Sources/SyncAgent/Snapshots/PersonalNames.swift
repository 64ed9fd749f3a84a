import DirectoryModel

/// What people are called: logins, names, addresses and what stands before their `@`; kept as hashes.
struct PersonalNames {
    private let key: DNHashKey
    private var hashes: Set<DNHash> = []

    init(_ mirror: Mirror, key: DNHashKey) {
        self.key = key
        for place in mirror.people.indices {
            mirror.record(PersonIndex(truncatingIfNeeded: place)).forEachField { tag, value in
                switch tag {
                case PersonField.login.tag, PersonField.name.tag: add(Array(value))
                case PersonField.email.tag, PersonField.alias.tag:
                    add(Array(value))
                    if let at = value.lastIndex(of: UInt8(ascii: "@")) { add(Array(value[..<at])) }
                default: break
                }
            }
        }
    }

    /// Whether folded text is what a person is called.
    func isPersonal(_ folded: [UInt8]) -> Bool { hashes.contains(folded.withUnsafeBytes { key.hash($0) }) }

    private mutating func add(_ value: [UInt8]) {
        let folded = FoldedBytes.of(value)
        if folded.isEmpty { return }
        hashes.insert(folded.withUnsafeBytes { key.hash($0) })
    }
}

/// How many people share an email domain, or a value of an attribute.
struct SharedValues {
    private let key: DNHashKey
    private var domains: [DNHash: Int] = [:]
    private var values: [DNHash: Int] = [:]

    init(_ mirror: Mirror, key: DNHashKey) {
        self.key = key
        let first = PersonField.attribute(0).tag
        for place in mirror.people.indices {
            var seen: Set<DNHash> = []
            mirror.record(PersonIndex(truncatingIfNeeded: place)).forEachField { tag, value in
                if tag >= first {
                    let hash = hash(FoldedBytes.of(Array(value)), tag)
                    if seen.insert(hash).inserted { values[hash, default: 0] += 1 }
                } else if tag == PersonField.email.tag, let at = value.lastIndex(of: UInt8(ascii: "@")) {
                    let hash = hash(FoldedBytes.of(Array(value[(at + 1)...])), tag)
                    if seen.insert(hash).inserted { domains[hash, default: 0] += 1 }
                }
            }
        }
    }

    func people(withDomain folded: [UInt8]) -> Int { domains[hash(folded, PersonField.email.tag)] ?? 0 }

    func people(with folded: [UInt8], _ tag: UInt8) -> Int { values[hash(folded, tag)] ?? 0 }

    private func hash(_ folded: [UInt8], _ tag: UInt8) -> DNHash {
        ([tag] + folded).withUnsafeBytes { key.hash($0) }
    }
}
