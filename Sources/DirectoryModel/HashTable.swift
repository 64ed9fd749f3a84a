/// Finds the row that a hash belongs to: open addressing over the rows' own hashes.
struct HashTable {
    private let hashes: [DNHash]
    /// Row and 1, 0 for an empty place; a power of two, at least twice the rows.
    private var places: [UInt32]
    private let mask: Int
    /// Rows whose hash another row has too: nobody can be told by it.
    private var ambiguous: Set<DNHash> = []
    /// A row whose hash an earlier row has.
    private(set) var duplicate: Int?

    /// `DNHash.none` stands for rows that cannot be looked up.
    init(_ hashes: [DNHash]) {
        self.hashes = hashes
        var size = 16
        while size < hashes.count * 2 { size *= 2 }
        mask = size - 1
        places = [UInt32](repeating: 0, count: size)
        for row in hashes.indices where hashes[row] != .none { insert(row) }
    }

    private mutating func insert(_ row: Int) {
        let hash = hashes[row]
        var place = Int(truncatingIfNeeded: hash.low) & mask
        while places[place] != 0 {
            if hashes[Int(places[place]) - 1] == hash {
                ambiguous.insert(hash)
                duplicate = duplicate ?? row
                return
            }
            place = (place + 1) & mask
        }
        places[place] = UInt32(row + 1)
    }

    /// The row with this hash; nil when there is none, or more than one.
    @inline(__always)
    subscript(hash: DNHash) -> Int? {
        var place = Int(truncatingIfNeeded: hash.low) & mask
        while places[place] != 0 {
            let row = Int(places[place]) - 1
            if hashes[row] == hash { return ambiguous.isEmpty || !ambiguous.contains(hash) ? row : nil }
            place = (place + 1) & mask
        }
        return nil
    }
}

/// Rows in the order of their ids.
struct RowOrder {
    /// For each place in order the row as it came.
    let rows: [UInt32]
    /// For each row as it came its place in order.
    let places: [UInt32]
    /// An id that two rows have.
    let duplicate: ImmutableID?
    /// Whether the rows came in order.
    private let isSorted: Bool

    init(_ ids: [ImmutableID]) {
        isSorted = zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 }
        if isSorted {
            rows = Array(0..<UInt32(truncatingIfNeeded: ids.count))
            places = rows
            duplicate = nil
            return
        }
        var keys = ids.enumerated().map { (id: $1, row: UInt32(truncatingIfNeeded: $0)) }
        keys.sort { $0.id < $1.id }
        rows = keys.map(\.row)
        var places = [UInt32](repeating: 0, count: ids.count)
        for (place, row) in rows.enumerated() { places[Int(row)] = UInt32(truncatingIfNeeded: place) }
        self.places = places
        duplicate = zip(keys, keys.dropFirst()).first { $0.id == $1.id }?.0.id
    }

    /// The values of the rows in order; what is taken from is empty afterwards.
    func arranged<Value>(_ values: inout [Value]) -> [Value] {
        defer { values = [] }
        return isSorted ? values : rows.map { values[Int($0)] }
    }
}
