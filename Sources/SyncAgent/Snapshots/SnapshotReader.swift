import Diagnostics
import DirectoryModel

/// Reads a snapshot, strictly: a line that is not as `SnapshotWriter` writes it ends it, with its place.
struct SnapshotReader {
    private let path: String
    private let bytes: [UInt8]
    private var scanner: PlanScanner
    /// From 1.
    private var line = 1
    private var lineStart = 0

    private init(_ bytes: [UInt8], path: String) {
        self.path = path
        self.bytes = bytes
        scanner = PlanScanner(bytes, from: 0)
    }

    static func read(_ path: String) throws(AgentFailure) -> Snapshot {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try InputFile.bytes(path, atMost: 4 << 30)
        } catch {
            throw AgentFailure(
                .missingFile, "cannot read the snapshot `\(path)`: \(error.words)",
                hint: "`rollcall snapshot --out FILE` writes one")
        }
        return try snapshot(bytes, path: path)
    }

    static func snapshot(_ bytes: [UInt8], path: String) throws(AgentFailure) -> Snapshot {
        try checkFormat(bytes, path)
        var reader = SnapshotReader(bytes, path: path)
        return try reader.snapshot()
    }

    /// Tells a file that is none from one that a newer program wrote.
    private static func checkFormat(_ bytes: [UInt8], _ path: String) throws(AgentFailure) {
        let start = Array("{\"format\":\"rollcall.snapshot/".utf8)
        guard bytes.starts(with: start) else {
            throw AgentFailure(
                .badData, "`\(path)` is not a snapshot", hint: "`rollcall snapshot --out FILE` writes one")
        }
        let number = bytes.dropFirst(start.count).prefix { (0x30...0x39).contains($0) }
        guard number.elementsEqual("1".utf8) else {
            let version = String(decoding: number.prefix(9), as: UTF8.self)
            throw AgentFailure(
                .badData, "`\(path)` is a snapshot of format \(version), and this program reads format 1",
                hint: "write it anew with this version, or read it with the one that wrote it")
        }
    }

    private mutating func snapshot() throws(AgentFailure) -> Snapshot {
        var head = SnapshotHead()
        try record { (scanner) throws(PlanFault) in try scanner.code(&head) }
        guard head.directories.count <= 256, head.attributes.count <= 200, head.people >= 0, head.groups >= 0 else {
            throw damaged("the head announces more than a snapshot holds")
        }
        var mirror = Mirror(directories: head.directories, attributes: head.attributes)
        for _ in 0..<head.people {
            var person = SnapshotPerson()
            try record { (scanner) throws(PlanFault) in try scanner.code(&person) }
            try append(person, to: &mirror)
        }
        for _ in 0..<head.groups {
            var group = SnapshotGroup()
            try record { (scanner) throws(PlanFault) in try scanner.code(&group) }
            try append(group, head, to: &mirror)
        }
        try checkEnd()
        for place in mirror.groups.indices {
            mirror.groups[place].contentHash = ContentHash.of(group: place, in: mirror)
        }
        return Snapshot(
            mirror: mirror, run: head.run, time: head.time, version: head.version, isPseudonymous: head.isPseudonymous)
    }

    /// One line: an object, and the end of the line right behind it.
    private mutating func record(
        _ read: (inout PlanScanner) throws(PlanFault) -> Void
    ) throws(AgentFailure) {
        guard lineStart < bytes.count else { throw damaged("the file ends here, and more lines should follow") }
        scanner = PlanScanner(bytes, from: lineStart)
        do throws(PlanFault) {
            try read(&scanner)
        } catch {
            throw damaged("this is not what stands in a snapshot here", at: error.offset)
        }
        let end = scanner.offset
        guard end < bytes.count, bytes[end] == 0x0A, !bytes[lineStart..<end].contains(0x0A) else {
            throw damaged("this line does not end where it should", at: end)
        }
        lineStart = end + 1
        line += 1
    }

    /// The last line holds the digest of all others.
    private func checkEnd() throws(AgentFailure) {
        let rest = bytes[lineStart...]
        let (start, end) = (Array("{\"end\":\"".utf8), Array("\"}\n".utf8))
        guard rest.starts(with: start), rest.count == start.count + 64 + end.count, rest.suffix(end.count) == end[...]
        else { throw damaged("expected the last line, which holds the digest") }
        let digest = Hexadecimal.text(SHA256.digest(Array(bytes[..<lineStart])))
        guard rest.dropFirst(start.count).prefix(64).elementsEqual(digest.utf8) else {
            throw damaged("the lines above are not those that were written: the digest is another")
        }
    }

    private func append(_ person: SnapshotPerson, to mirror: inout Mirror) throws(AgentFailure) {
        guard let state = PersonState(rawValue: person.state), Int(person.directory) < mirror.directories.count else {
            throw damagedBefore("the person's state or directory is none that is known")
        }
        if let last = mirror.people.last, (last.directory, last.id) >= (person.directory, person.id) {
            throw damagedBefore("people stand in the order of directories and ids")
        }
        var record = PersonRecordWriter()
        var before: (tag: UInt8, value: [UInt8]) = (0, [])
        for field in person.fields {
            guard let tag = SnapshotField.tag(field.name, attributes: mirror.attributes) else {
                throw damagedBefore("a field of the person is none that is known")
            }
            guard before.tag < tag || before.tag == tag && !field.value.lexicographicallyPrecedes(before.value) else {
                throw damagedBefore("the fields of the person are in disorder")
            }
            record.append(tag, field.value)
            before = (tag, field.value)
        }
        guard let start = UInt32(exactly: mirror.arena.count), mirror.arena.count + record.bytes.count <= UInt32.max
        else { throw damagedBefore("the snapshot holds more than fits") }
        let (problems, signIn) = (EntryProblems(rawValue: person.problems), person.signIn ?? .min)
        let hash = record.bytes.withUnsafeBytes {
            ContentHash.of(record: $0, state: state, problems: problems, lastSignIn: signIn)
        }
        mirror.arena += record.bytes
        mirror.people.append(
            PersonRow(
                id: person.id, start: start, length: UInt32(record.bytes.count), contentHash: hash,
                lastSignIn: signIn, directory: person.directory, state: state, problems: problems))
    }

    private func append(
        _ group: SnapshotGroup, _ head: SnapshotHead, to mirror: inout Mirror
    ) throws(AgentFailure) {
        guard Int(group.directory) < mirror.directories.count else {
            throw damagedBefore("the group's directory is none that is known")
        }
        if let last = mirror.groups.last, (last.directory, last.id) >= (group.directory, group.id) {
            throw damagedBefore("groups stand in the order of directories and ids")
        }
        guard isSound(group.people, below: head.people), isSound(group.groups, below: head.groups) else {
            throw damagedBefore("members of the group are not places of lines, each once and in order")
        }
        mirror.groups.append(
            GroupRow(
                id: group.id, dn: group.dn, name: group.name, unresolvedMembers: group.unresolved, contentHash: 0,
                directory: group.directory))
        mirror.memberPeople += group.people
        mirror.memberGroups += group.groups
        mirror.memberPeopleStart.append(UInt32(truncatingIfNeeded: mirror.memberPeople.count))
        mirror.memberGroupsStart.append(UInt32(truncatingIfNeeded: mirror.memberGroups.count))
    }

    private func isSound(_ places: [UInt32], below end: Int) -> Bool {
        places.allSatisfy { Int($0) < end } && zip(places, places.dropFirst()).allSatisfy { $0 < $1 }
    }

    private func damagedBefore(_ what: String) -> AgentFailure { damaged(what, line: line - 1, column: 1) }

    private func damaged(_ what: String, at offset: Int? = nil) -> AgentFailure {
        damaged(what, line: line, column: max(0, (offset ?? lineStart) - lineStart) + 1)
    }

    /// Without the line itself, which holds personal data.
    private func damaged(_ what: String, line: Int, column: Int) -> AgentFailure {
        var diagnostics = DiagnosticList()
        diagnostics.error(
            "snapshot.damaged", at: SourcePosition(file: path, line: line, column: column), what,
            hint: "a snapshot is read as it was written or not at all: write it anew")
        return AgentFailure(
            .badData, "the snapshot `\(path)` cannot be used",
            hint: "write it anew where the roster is: `rollcall snapshot --out FILE`", diagnostics: diagnostics)
    }
}
