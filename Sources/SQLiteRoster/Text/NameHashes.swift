import DirectoryModel
import GRDBSQLite

/// The hashes by which people of a followed directory are found: that of the DN and that of the one login, made of their records.
struct NameHashes {
    let key: DNHashKey
    private var scratch: [UInt8] = []

    init(_ key: DNHashKey) { self.key = key }

    /// nil for a record without a DN: one that is too long is left out of it.
    mutating func name(of record: UnsafeRawBufferPointer) -> DNHash? {
        RecordFields.first(PersonField.dn.tag, in: record).flatMap { hash(ofDN: $0) }
    }

    mutating func hash(ofDN dn: UnsafeRawBufferPointer) -> DNHash? {
        guard (try? DNCanonicalForm.normalize(dn, into: &scratch)) != nil else { return nil }
        return scratch.withUnsafeBytes { key.hash($0) }
    }

    /// nil for those who have no login, or several.
    func login(of record: UnsafeRawBufferPointer, _ problems: EntryProblems) -> DNHash? {
        guard !problems.contains(.unclearLogin) else { return nil }
        return RecordFields.first(PersonField.login.tag, in: record).map { key.hash($0) }
    }

    /// Appends what somebody is found by; false where there is no DN.
    mutating func append(
        record: UnsafeRawBufferPointer, _ problems: EntryProblems, person: UInt32, to pairs: inout [UInt64]
    ) -> Bool {
        let name = name(of: record)
        NameHashes.append(name, login(of: record, problems), person: person, to: &pairs)
        return name != nil
    }

    static func append(_ name: DNHash?, _ login: DNHash?, person: UInt32, to pairs: inout [UInt64]) {
        if let name { pairs.append(pair(name, person)) }
        guard let login else { return }
        let pair = pair(login, person)
        if pair != pairs.last || name == nil { pairs.append(pair) }
    }

    /// The upper 31 bits of a hash, and a number.
    static func pair(_ hash: DNHash, _ number: UInt32) -> UInt64 { firstPair(hash) | UInt64(number) }

    /// The lowest pair of a hash; the highest has all of its lower 32 bits set.
    static func firstPair(_ hash: DNHash) -> UInt64 { (hash.high >> 33) << 32 }
}

extension MemberName {
    /// As `loose_members` holds it: 16 bytes of hash, one of kind.
    var blob: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(17)
        for word in [hash.high, hash.low] { withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) } }
        bytes.append(kind.rawValue)
        return bytes
    }

    init(blob bytes: UnsafeRawBufferPointer) throws {
        guard bytes.count == 17, let kind = Kind(rawValue: bytes[16]) else {
            throw SQLFailure(code: SQLITE_CORRUPT, message: "a name of \(bytes.count) bytes")
        }
        self.init(
            kind,
            DNHash(
                high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))))
    }
}

extension LooseMember {
    /// What it adds to the digest of a group's loose members.
    var digest: Int64 {
        var digest = RowDigest()
        digest.add(Int64(bitPattern: name.hash.high))
        digest.add(Int64(bitPattern: name.hash.low))
        digest.add(Int64(name.kind.rawValue) << 32 | Int64(count))
        return Int64(bitPattern: digest.value.low)
    }
}
