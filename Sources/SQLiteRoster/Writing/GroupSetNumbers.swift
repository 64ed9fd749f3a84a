import DirectoryModel
import MappingLanguage

/// The numbers of the sets of mapped groups of one plan, written when first needed.
final class GroupSetNumbers {
    private let connection: OpaquePointer
    private let sets: [[GroupKey]]
    private let directories: DirectoryNumbers
    private var numbers: [Int64]
    private let find: SQLStatement
    private let insert: SQLStatement
    /// Whether the file did not hold every set that was asked for.
    private(set) var hasWritten = false

    init(_ connection: OpaquePointer, _ sets: [[GroupKey]], _ directories: DirectoryNumbers) throws {
        self.connection = connection
        self.sets = sets
        self.directories = directories
        numbers = Array(repeating: 0, count: sets.count)
        find = try SQLStatement(connection, "SELECT group_set, members FROM group_sets WHERE hash = ?")
        insert = try SQLStatement(connection, "INSERT INTO group_sets (hash, members) VALUES (?, ?)")
    }

    func number(of place: UInt32) throws -> Int64 {
        guard Int(place) < numbers.count else {
            throw RosterError(
                kind: .fault, message: "a plan names a set of groups that it does not hold",
                hint: "the roster is unchanged; report this as a bug of Rollcall")
        }
        if numbers[Int(place)] == 0 { numbers[Int(place)] = try stored(sets[Int(place)]) }
        return numbers[Int(place)]
    }

    private func stored(_ set: [GroupKey]) throws -> Int64 {
        let members = try GroupSetBytes.bytes(set) { try directories.number(of: $0) }
        var hash = StableHash()
        members.withUnsafeBytes { hash.add($0) }
        find.bind(1, hash.value)
        defer { find.reset() }
        while try find.step() {
            if find.bytes(1).elementsEqual(members) { return find.integer(0) }
        }
        insert.bind(1, hash.value)
        insert.bind(2, blob: members)
        try insert.run()
        hasWritten = true
        return try integer(connection, "SELECT last_insert_rowid()") ?? 0
    }
}

/// A set of groups as bytes: for each the directory's number (4 bytes, big-endian), the length of the id and the id.
enum GroupSetBytes {
    static func bytes(_ set: [GroupKey], directory: (String) throws -> Int64) rethrows -> [UInt8] {
        var bytes: [UInt8] = []
        for key in set {
            let number = UInt32(truncatingIfNeeded: try directory(key.directory))
            for shift: UInt32 in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
            bytes.append(key.id.count)
            bytes += key.id.bytes
        }
        return bytes
    }

    /// A damaged set ends where it makes no sense any more.
    static func groups(_ bytes: UnsafeRawBufferPointer, name: (Int64) -> String) -> [GroupKey] {
        var groups: [GroupKey] = []
        var index = 0
        while bytes.count - index >= 6 {
            let number = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self))
            let length = Int(bytes[index + 4])
            index += 5
            guard length <= bytes.count - index,
                let id = ImmutableID(blob: UnsafeRawBufferPointer(rebasing: bytes[index..<(index + length)]))
            else { break }
            groups.append(GroupKey(directory: name(Int64(number)), id: id))
            index += length
        }
        return groups
    }
}
