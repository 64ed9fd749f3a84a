import DirectoryModel

/// A model directory as sources read it.
extension ModelDirectory {
    static let key = DNHashKey(first: 3, second: 4)

    static func name(_ dn: String) -> DNHash {
        let canonical = (try? DistinguishedName(dn))?.canonical ?? []
        return canonical.withUnsafeBytes { key.hash($0) }
    }

    /// The entries that others stand under, as a full pull notes them.
    func containers() -> [ImmutableID: DNHash] {
        var found: [ImmutableID: DNHash] = [:]
        for (number, entry) in entries
        where entry.isContainer
            && (isUnder(number, ModelDirectory.peopleBase) || isUnder(number, ModelDirectory.groupBase))
        {
            if let id = ImmutableID(bytes: ModelDirectory.id(number)) { found[id] = ModelDirectory.name(dn(number)) }
        }
        return found
    }

    /// What a full pull makes.
    func pulled() throws -> IndexedMirror {
        var builder = MirrorBuilder(directory: "corp", attributes: ["title"], key: ModelDirectory.key)
        for number in entries.keys.sorted() {
            if isPersonInScope(number) { readPerson(number, into: &builder) }
            if isGroupInScope(number) { readGroup(number, into: &builder) }
        }
        return try builder.finishIndexed()
    }

    func readPerson(_ number: Int, into builder: inout MirrorBuilder) {
        guard let entry = entries[number] else { return }
        let texts = [
            Array(dn(number).utf8), ModelDirectory.id(number), Array(entry.login.utf8), Array(entry.title.utf8),
        ]
        withBytes(texts) { bytes in
            var draft = PersonDraft()
            draft.start(dn: bytes[0])
            draft.setID(bytes[1])
            draft.addIdentifying(PersonField.login.tag, bytes[2])
            draft.addIdentifying(PersonField.email.tag, bytes[2])
            if !entry.title.isEmpty { draft.add(PersonField.attribute(0).tag, bytes[3]) }
            builder.add(&draft)
        }
    }

    func readGroup(_ number: Int, into builder: inout MirrorBuilder) {
        guard let entry = entries[number] else { return }
        withBytes([Array(dn(number).utf8), ModelDirectory.id(number), Array(entry.rdn.utf8)]) { bytes in
            let id = ImmutableID(bytes: bytes[1])
            guard builder.startGroup(dn: bytes[0], id: id, name: bytes[2]) else { return }
            for member in entry.members {
                switch member {
                case .dn(let dn): Array(dn.utf8).withUnsafeBytes { builder.addMember(dn: $0) }
                case .link(let member): Array(dn(member).utf8).withUnsafeBytes { builder.addMember(dn: $0) }
                case .login(let login): Array(login.utf8).withUnsafeBytes { builder.addMember(login: $0) }
                }
            }
        }
    }

    private func withBytes(_ texts: [[UInt8]], _ body: ([UnsafeRawBufferPointer]) -> Void) {
        let pieces = texts.map { text in
            let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, text.count), alignment: 1)
            piece.copyBytes(from: text)
            return piece
        }
        body(zip(pieces, texts).map { UnsafeRawBufferPointer(rebasing: $0[..<$1.count]) })
        for piece in pieces { piece.deallocate() }
    }
}
