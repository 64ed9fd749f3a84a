import Diagnostics
import DirectoryModel

/// Writes a snapshot line by line: the head, each person, each group, and a digest of all of it.
struct SnapshotWriter {
    private let snapshot: Snapshot
    private var hash = SHA256()

    init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    /// Hands the file over piece by piece.
    mutating func write(to sink: ([UInt8]) -> Void) {
        let mirror = snapshot.mirror
        var head = SnapshotHead(
            version: snapshot.version, run: snapshot.run, time: snapshot.time,
            isPseudonymous: snapshot.isPseudonymous, directories: mirror.directories, attributes: mirror.attributes,
            people: mirror.people.count, groups: mirror.groups.count)
        var bytes = line { (printer) throws(PlanFault) in try printer.code(&head) }
        for place in mirror.people.indices {
            var person = SnapshotWriter.person(place, of: mirror)
            bytes += line { (printer) throws(PlanFault) in try printer.code(&person) }
            if bytes.count > 1 << 16 { hand(&bytes, to: sink) }
        }
        for place in mirror.groups.indices {
            var group = SnapshotWriter.group(place, of: mirror)
            bytes += line { (printer) throws(PlanFault) in try printer.code(&group) }
            if bytes.count > 1 << 16 { hand(&bytes, to: sink) }
        }
        hand(&bytes, to: sink)
        let digest = Hexadecimal.text(hash.finish())
        sink(Array("{\"end\":\"\(digest)\"}\n".utf8))
    }

    private mutating func hand(_ bytes: inout [UInt8], to sink: ([UInt8]) -> Void) {
        hash.add(bytes)
        sink(bytes)
        bytes.removeAll(keepingCapacity: true)
    }

    private func line(_ write: (inout PlanPrinter) throws(PlanFault) -> Void) -> [UInt8] {
        var printer = PlanPrinter(JSONWriter(layout: .compact))
        // A printer never fails.
        try? write(&printer)
        return printer.json.bytes + [0x0A]
    }

    private static func person(_ place: Int, of mirror: Mirror) -> SnapshotPerson {
        let row = mirror.people[place]
        var person = SnapshotPerson(
            id: row.id, directory: row.directory, state: row.state.rawValue, problems: row.problems.rawValue,
            signIn: row.lastSignIn == .min ? nil : row.lastSignIn)
        mirror.record(PersonIndex(truncatingIfNeeded: place)).forEachField { tag, value in
            guard let name = SnapshotField.name(tag, attributes: mirror.attributes) else { return }
            person.fields.append(SnapshotPerson.Field(name: name, value: Array(value)))
        }
        return person
    }

    private static func group(_ place: Int, of mirror: Mirror) -> SnapshotGroup {
        let row = mirror.groups[place]
        let index = GroupIndex(truncatingIfNeeded: place)
        return SnapshotGroup(
            id: row.id, directory: row.directory, name: row.name, dn: row.dn, unresolved: row.unresolvedMembers,
            people: Array(mirror.directPeople(of: index)), groups: Array(mirror.directGroups(of: index)))
    }
}

/// What fields of a record are called in a snapshot.
enum SnapshotField {
    private static let plain: [(PersonField, String)] = [
        (.dn, "dn"), (.login, "login"), (.email, "email"), (.alias, "alias"), (.name, "name"), (.expires, "expires"),
    ]
    private static let attribute = "attribute."

    static func name(_ tag: UInt8, attributes: [String]) -> String? {
        if let known = plain.first(where: { $0.0.tag == tag }) { return known.1 }
        let first = PersonField.attribute(0).tag
        guard tag >= first, attributes.indices.contains(Int(tag - first)) else { return nil }
        return attribute + attributes[Int(tag - first)]
    }

    static func tag(_ name: String, attributes: [String]) -> UInt8? {
        if let known = plain.first(where: { $0.1 == name }) { return known.0.tag }
        guard name.utf8.starts(with: attribute.utf8) else { return nil }
        let rest = String(decoding: name.utf8.dropFirst(attribute.utf8.count), as: UTF8.self)
        return attributes.firstIndex(of: rest).flatMap(UInt8.init(exactly:)).map { PersonField.attribute($0).tag }
    }
}
