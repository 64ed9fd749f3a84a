import DirectoryModel

/// Answers tests of records in one pass over the arena.
struct RecordScan {
    private let mirror: Mirror
    private let tests: [RecordTest]
    /// Places of attribute tests by the tag of their field.
    private var byTag: [[Int]]
    private var bases: [(place: Int, canonical: [UInt8])] = []
    private var scratch: [UInt8] = []
    /// Which tests a value of a field passes; people share values, so each is looked at once.
    private var known: [UInt64: KnownValue] = [:]

    private struct KnownValue {
        var start: Int
        var count: Int
        var passed: [Int]
    }

    init(_ mirror: Mirror, _ tests: [RecordTest], asked: [Int]) {
        self.mirror = mirror
        self.tests = tests
        byTag = Array(repeating: [], count: 256)
        for place in asked {
            switch tests[place] {
            case .attribute(let tag, _): byTag[Int(tag)].append(place)
            case .under(let canonical): bases.append((place, canonical))
            }
        }
    }

    /// For each test of the table the people who pass, sorted; empty for tests that were not asked for.
    mutating func passing(among people: PersonSet?) -> [[PersonIndex]] {
        let mirror = mirror
        var passing = [[PersonIndex]](repeating: [], count: tests.count)
        let rows = mirror.people
        mirror.arena.withUnsafeBytes { arena in
            if let people {
                people.forEach { look(at: $0, rows[Int($0)], arena, &passing) }
            } else {
                for person in rows.indices { look(at: PersonIndex(person), rows[person], arena, &passing) }
            }
        }
        return passing
    }

    private mutating func look(
        at person: PersonIndex, _ row: PersonRow, _ arena: UnsafeRawBufferPointer, _ passing: inout [[PersonIndex]]
    ) {
        var index = Int(row.start)
        let end = min(arena.count, index + Int(row.length))
        while end - index >= 5 {
            let tag = arena[index]
            let length = Int(UInt32(littleEndian: arena.loadUnaligned(fromByteOffset: index + 1, as: UInt32.self)))
            index += 5
            guard length <= end - index else { return }
            let value = UnsafeRawBufferPointer(rebasing: arena[index..<(index + length)])
            if tag == PersonField.dn.tag {
                if !bases.isEmpty { compareDN(value, person, &passing) }
            } else if !byTag[Int(tag)].isEmpty {
                for place in passedTests(tag, value, at: index, arena) where passing[place].last != person {
                    passing[place].append(person)
                }
            }
            index += length
        }
    }

    private mutating func compareDN(
        _ dn: UnsafeRawBufferPointer, _ person: PersonIndex, _ passing: inout [[PersonIndex]]
    ) {
        guard (try? DNCanonicalForm.normalize(dn, into: &scratch)) != nil else { return }
        let bases = bases
        scratch.withUnsafeBytes { name in
            for (place, base) in bases where base.withUnsafeBytes({ DNCanonicalForm.isUnder(name, base: $0) }) {
                passing[place].append(person)
            }
        }
    }

    private mutating func passedTests(
        _ tag: UInt8, _ value: UnsafeRawBufferPointer, at start: Int, _ arena: UnsafeRawBufferPointer
    ) -> [Int] {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(tag)
        for byte in value { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        if let entry = known[hash], entry.count == value.count,
            arena[entry.start - 5] == tag, arena[entry.start..<(entry.start + entry.count)].elementsEqual(value)
        {
            return entry.passed
        }
        let passed = byTag[Int(tag)].filter { place in
            guard case .attribute(_, let test) = tests[place] else { return false }
            return test.passes(value, scratch: &scratch)
        }
        known[hash] = KnownValue(start: start, count: value.count, passed: passed)
        return passed
    }
}
