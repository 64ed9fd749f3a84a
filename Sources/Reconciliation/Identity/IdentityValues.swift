import DirectoryModel

/// What everybody of the linked directories shows in the attribute that tells who is one human, compared as directories do.
struct IdentityValues {
    private struct Entry {
        var hash: UInt64
        var start: Int
        var length: Int
        var person: PersonIndex
    }
    /// In the order of hash, value and person.
    private var entries: [Entry] = []
    private var bytes: [UInt8] = []
    /// People with more than one value, in order: neither tells who they are.
    private(set) var several: [PersonIndex] = []
    /// By directory name, how many people show none, and how many there are.
    private(set) var without: [String: (none: Int, all: Int)] = [:]

    init(_ rule: SamePerson, _ mirror: Mirror) {
        let isLinked = mirror.directories.map(rule.prefer.contains)
        var none = [Int](repeating: 0, count: mirror.directories.count)
        var all = none
        for (person, row) in mirror.people.enumerated()
        where Int(row.directory) < isLinked.count && isLinked[Int(row.directory)] {
            all[Int(row.directory)] += 1
            let index = PersonIndex(truncatingIfNeeded: person)
            let values = IdentityValues.values(of: index, rule, mirror)
            guard let value = values.first else {
                none[Int(row.directory)] += 1
                continue
            }
            guard values.count == 1 else {
                several.append(index)
                continue
            }
            entries.append(
                Entry(hash: IdentityValues.hash(value), start: bytes.count, length: value.count, person: index))
            bytes += value
        }
        for (place, name) in mirror.directories.enumerated() where isLinked[place] {
            without[name] = (none[place], all[place])
        }
        let bytes = bytes
        entries.sort { left, right in
            if left.hash != right.hash { return left.hash < right.hash }
            let (one, other) = (IdentityValues.slice(bytes, left), IdentityValues.slice(bytes, right))
            if one != other { return one.lexicographicallyPrecedes(other) }
            return left.person < right.person
        }
    }

    /// Distinct values of one person, folded, without the empty one.
    static func values(of person: PersonIndex, _ rule: SamePerson, _ mirror: Mirror) -> [[UInt8]] {
        guard let place = mirror.attributes.firstIndex(of: rule.attribute) else { return [] }
        var found: [[UInt8]] = []
        for value in mirror.record(person).values(.attribute(UInt8(truncatingIfNeeded: place))) {
            var folded: [UInt8] = []
            let isText = value.withUnsafeBytes { TextFold.fold($0, into: &folded) }
            if isText, !folded.isEmpty, !found.contains(folded) { found.append(folded) }
        }
        return found
    }

    /// People with the same value, each list ascending, in the order of their first.
    var shared: [[PersonIndex]] {
        var found: [[PersonIndex]] = []
        var start = 0
        while start < entries.count {
            var end = start + 1
            while end < entries.count, isSame(entries[start], entries[end]) { end += 1 }
            if end - start > 1 { found.append(entries[start..<end].map(\.person)) }
            start = end
        }
        return found.sorted { ($0.first ?? 0) < ($1.first ?? 0) }
    }

    /// Everybody with one value.
    var people: [PersonIndex] { entries.map(\.person) }

    /// Everybody with this value.
    func people(with value: [UInt8]) -> [PersonIndex] {
        let hash = IdentityValues.hash(value)
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = low + (high - low) / 2
            if entries[middle].hash < hash { low = middle + 1 } else { high = middle }
        }
        return entries[low...].prefix { $0.hash == hash }
            .filter { IdentityValues.slice(bytes, $0).elementsEqual(value) }.map(\.person)
    }

    private func isSame(_ left: Entry, _ right: Entry) -> Bool {
        left.hash == right.hash && IdentityValues.slice(bytes, left) == IdentityValues.slice(bytes, right)
    }

    private static func slice(_ bytes: [UInt8], _ entry: Entry) -> ArraySlice<UInt8> {
        bytes[entry.start..<(entry.start + entry.length)]
    }

    /// FNV-1a: for finding, and for an order that nothing is decided by.
    private static func hash(_ value: [UInt8]) -> UInt64 {
        value.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}
