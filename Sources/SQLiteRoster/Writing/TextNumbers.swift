/// The numbers of texts that many rows share: reasons, scopes, roles, values before and after.
///
/// Found by hash and compared byte by byte, so texts that merely look alike keep apart.
final class TextNumbers {
    private struct Known {
        var number: Int64
        var text: String
    }
    /// The last texts seen, by hash; emptied when it has grown large.
    private var cache: [Int64: Known] = [:]
    private let find: SQLStatement
    private let insert: SQLStatement
    private var next: Int64
    /// Digests of the texts that were added.
    private(set) var difference = DigestSum()
    private static let cacheLimit = 100_000

    init(_ connection: OpaquePointer) throws {
        find = try SQLStatement(connection, "SELECT text_number, text FROM texts WHERE hash = ?")
        insert = try SQLStatement(connection, "INSERT INTO texts (text_number, hash, text) VALUES (?, ?, ?)")
        next = (try integer(connection, "SELECT max(text_number) FROM texts") ?? 0) + 1
    }

    func number(of text: String) throws -> Int64 {
        let hash = StableHash.of(text)
        if let known = cache[hash], known.text.utf8.elementsEqual(text.utf8) { return known.number }
        let number = try stored(text, hash) ?? added(text, hash)
        if cache.count >= TextNumbers.cacheLimit { cache.removeAll(keepingCapacity: true) }
        cache[hash] = Known(number: number, text: text)
        return number
    }

    private func stored(_ text: String, _ hash: Int64) throws -> Int64? {
        find.bind(1, hash)
        defer { find.reset() }
        while try find.step() {
            if find.bytes(1).elementsEqual(text.utf8) { return find.integer(0) }
        }
        return nil
    }

    private func added(_ text: String, _ hash: Int64) throws -> Int64 {
        let number = next
        insert.bind(1, number)
        insert.bind(2, hash)
        insert.bind(3, text: text)
        try insert.run()
        difference += TextNumbers.digest(number, text)
        next += 1
        return number
    }

    static func digest(_ number: Int64, _ text: String) -> DigestSum {
        var digest = RowDigest()
        digest.add(number)
        digest.add(text)
        return digest.value
    }
}
