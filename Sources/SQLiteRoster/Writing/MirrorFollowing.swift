import DirectoryModel
import Reconciliation

/// What becomes of the tables of names while a whole mirror is written: directory by directory kept up to date, made anew, or given up.
final class MirrorFollowing {
    /// What a directory's tables of names are to be.
    private enum Plan {
        /// There are none.
        case none
        /// They hold the rows of before, and follow what changes.
        case keep
        /// They begin anew.
        case anew
    }

    /// The numbers of the mirror's directories.
    let numbers: [Int64]
    /// The rows of each directory.
    let people: [Range<Int>]
    let groups: [Range<Int>]
    /// The first number that was given to nobody before this run.
    let firstNumber: UInt32
    let followed: FollowedDirectories
    private let connection: OpaquePointer
    private let rows: PersonRowWriter
    private let starts: [StartOfFollowing??]
    private let indexes: [MirrorIndex?]
    private let personNames: [[DNHash]]
    private var plans: [Plan] = []
    /// Directories of whose rows something differs.
    private var touched: Set<Int64> = []
    private let all: [Int64]

    init(_ writer: RunWriter, _ mirror: Mirror, _ rows: PersonRowWriter) throws {
        connection = writer.connection
        self.rows = rows
        followed = writer.followed
        numbers = try mirror.directories.map { try writer.directories.number(of: $0) }
        all = writer.directories.all.map(\.number)
        firstNumber = UInt32(
            truncatingIfNeeded: (try integer(connection, "SELECT max(person) FROM mirror_people") ?? 0) + 1)
        people = MirrorFollowing.ranges(mirror.directories.count, mirror.people) { $0.directory }
        groups = MirrorFollowing.ranges(mirror.directories.count, mirror.groups) { $0.directory }
        var starts: [StartOfFollowing??] = []
        for (place, name) in mirror.directories.enumerated() {
            var start = writer.run.starts[name]
            if let index = start??.index,
                index.personNames.count != people[place].count || index.groupNames.count != groups[place].count
            {
                start = .some(nil)
            }
            starts.append(start)
        }
        self.starts = starts
        indexes = starts.map { $0??.index }
        personNames = indexes.map { $0?.personNames ?? [] }
    }

    private static func ranges<Row>(_ count: Int, _ rows: [Row], _ directory: (Row) -> UInt8) -> [Range<Int>] {
        var first = 0
        return (0..<count).map { place in
            var end = first
            while end < rows.count, Int(directory(rows[end])) == place { end += 1 }
            defer { first = end }
            return first..<end
        }
    }

    /// Makes the tables ready: what is not followed any more goes.
    func begin() throws {
        for directory in all where !numbers.contains(directory) { try followed.forget(directory) }
        for (place, number) in numbers.enumerated() {
            plans.append(try begin(place, number))
            switch plans[place] {
            case .none: continue
            case .keep: if let key = followed.key(ofNamed: number) { rows.name(number, key) }
            case .anew: if let start = starts[place] ?? nil { rows.name(number, start.directory.key) }
            }
        }
    }

    private func begin(_ place: Int, _ number: Int64) throws -> Plan {
        let key = followed.key(ofNamed: number)
        guard let start = starts[place] else { return key == nil ? .none : .keep }
        guard let start else {
            try followed.forget(number)
            return .none
        }
        if start.index != nil, start.directory.key == key { return .keep }
        try followed.forgetNames(number)
        return start.index == nil ? .none : .anew
    }

    // MARK: While rows are written

    /// Whether the tables of names of the mirror's directory begin anew.
    func isNew(_ place: Int) -> Bool { plans[place] == .anew }

    func touch(_ place: Int) { touched.insert(numbers[place]) }

    func touch(number: Int64) { touched.insert(number) }

    /// The hash of the DN of a person, by the places of directory and person in the mirror, where the pull told it.
    func name(ofPerson place: Int, in directory: Int) -> DNHash? {
        personNames[directory].isEmpty ? nil : personNames[directory][place - people[directory].lowerBound]
    }

    /// What is told of a group of the mirror beside its row, where the pull told it.
    func names(ofGroup place: Int, in directory: Int) -> (name: DNHash, loose: ArraySlice<LooseMember>)? {
        guard let index = indexes[directory] else { return nil }
        let group = place - groups[directory].lowerBound
        return (index.groupNames[group], index.loose(of: GroupIndex(truncatingIfNeeded: group)))
    }

    /// The hashes of a directory by its number, where the tables hold its groups of before.
    func hashes(_ number: Int64) -> NameHashes? {
        guard let place = numbers.firstIndex(of: number), plans[place] == .keep else { return nil }
        return followed.key(ofNamed: number).map { NameHashes($0) }
    }

    // MARK: The end

    /// Writes which directories are followed from now on.
    func finish() throws {
        for (place, number) in numbers.enumerated() {
            if let start = starts[place] ?? nil, !rows.nameless.contains(number) {
                let entry = FollowedDirectories.Entry(
                    key: start.directory.key, isNamed: start.index != nil, position: start.directory.position?.bytes)
                try followed.set(number, entry)
            } else if starts[place] == nil, !rows.nameless.contains(number), !touched.contains(number) {
                continue
            } else {
                try giveUp(place, number)
            }
        }
    }

    /// Gives up a directory whose names were written, or not kept up to date.
    private func giveUp(_ place: Int, _ number: Int64) throws {
        if plans[place] == .anew, let start = starts[place] ?? nil {
            try followed.set(
                number, FollowedDirectories.Entry(key: start.directory.key, isNamed: true, position: nil))
        }
        try followed.forget(number)
    }
}
