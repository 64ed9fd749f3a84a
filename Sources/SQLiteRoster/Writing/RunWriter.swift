import DirectoryModel
import MappingLanguage
import Reconciliation

/// The steps of applying a run; a test may break off at any.
package enum ApplyStep: Sendable, Hashable, CaseIterable {
    case begun, mirrorWritten, usersWritten, auditWritten, recorded
}

/// Writes one run; the caller holds the transaction.
final class RunWriter {
    let connection: OpaquePointer
    let run: RunToApply
    private let composer: RosterOpening.Composer?
    let directories: DirectoryNumbers
    let persons: PersonNumbers
    let texts: TextNumbers
    let followed: FollowedDirectories
    /// For each person of the run's mirror the number in the file.
    private(set) var mirrorNumbers: [UInt32] = []

    /// Places in the run's mirror by number, `UInt32.max` for who is not in it; made when the first is looked for.
    private var mirrorPlaces: [UInt32]?

    init(_ connection: OpaquePointer, _ run: RunToApply, composer: RosterOpening.Composer? = nil) throws {
        self.composer = composer
        self.connection = connection
        self.run = run
        directories = try DirectoryNumbers(connection)
        persons = try PersonNumbers(connection)
        texts = try TextNumbers(connection)
        followed = try FollowedDirectories(connection)
    }

    func write(_ step: (ApplyStep) throws -> Void) throws {
        try checkGeneration()
        try step(.begun)
        let rewriter = IDRewriter(
            connection: connection, directories: directories, persons: persons, followed: followed)
        var differences = try rewriter.write(run.newIDs)
        try forgetPositions()
        for name in run.changes.keys.sorted() { try follow(name) }
        if let mirror = run.mirror {
            let writer = try MirrorWriter(self, mirror)
            try writer.write()
            mirrorNumbers = writer.numbers
        }
        if run.mirror != nil || !run.changes.isEmpty { try writeStamps() }
        try step(.mirrorWritten)
        let audit = try AuditWriter(connection)
        var unwritten: Set = ["accesses", "group_sets"]
        for plan in run.plans {
            let context = try PlanContext(self, plan)
            let users = try UserWriter(context)
            try users.write()
            differences[PartDigests.users(context.target), default: DigestSum()] += users.difference
            let accounts = AccountWriter(context, users: users.users)
            differences[PartDigests.accounts, default: DigestSum()] += try accounts.write()
            let line = try WaitingWriter(context)
            try line.write()
            differences[PartDigests.line(context.target), default: DigestSum()] += line.difference
            try TargetStateWriter(context: context).write()
            if let composer {
                try OutboxWriter(context: context, record: run.record, compose: composer).write(users: users.users)
            }
            try step(.usersWritten)
            try audit.append(context)
            if context.accesses.hasWritten { unwritten.remove("accesses") }
            if context.groupSets.hasWritten { unwritten.remove("group_sets") }
            differences.merge(context.accesses.differences) {
                var sum = $0
                sum += $1
                return sum
            }
        }
        try audit.finish(run: run.record.number)
        try step(.auditWritten)
        try writeApprovals()
        try writePins()
        try writeSignIns()
        try writePauses()
        try execute(connection, "UPDATE roster SET generation = generation + 1")
        differences.merge(try KeptRows(connection: connection).left(by: run.record.number)) { $1 }
        try RunRecordWriter(
            connection: connection, texts: texts, audit: audit.digest.bytes, differences: differences,
            unwritten: unwritten
        ).write(run.record, applied: true)
        try step(.recorded)
    }

    /// Adds what the run uses of approvals to what earlier ones used.
    private func writeApprovals() throws {
        let add = try SQLStatement(
            connection,
            """
            INSERT INTO approvals_used (digest, kind, group_name, file, used) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (digest, kind, group_name) DO UPDATE SET used = used + excluded.used, file = excluded.file
            """)
        for use in [ApprovalUse].together(run.plans.map(\.approvalsSpent)) {
            add.bind(1, text: use.digest)
            add.bind(2, text: use.allowed.kind.rawValue)
            add.bind(3, text: use.allowed.group)
            add.bind(4, text: use.file)
            add.bind(5, use.count)
            try add.run()
        }
    }

    /// Whom a human or another directory knows by another id now: what is kept of the directory was told by the old one.
    private func forgetPositions() throws {
        for name in Set(run.newIDs.flatMap { [$0.directory, $0.newDirectory] }).sorted() {
            if let number = directories.known(name) { try followed.forgetPosition(number) }
        }
    }

    /// Writes what changed in a followed directory, and where its changes go on.
    private func follow(_ name: String) throws {
        guard let changes = run.changes[name] else { return }
        let directory = try directories.number(of: name)
        guard var entry = followed.entries[directory] else {
            throw RosterMoved(message: "the directory `\(name)` is not followed any more")
        }
        let goesOn = try RowChangeWriter(self, name, changes.rows).write()
        entry.position = goesOn ? changes.position.bytes : nil
        try followed.set(directory, entry)
    }

    /// The first email of somebody in the run's mirror.
    func email(ofPerson number: UInt32) -> ArraySlice<UInt8>? {
        guard let mirror = run.mirror else { return run.changes.isEmpty ? nil : storedEmail(number) }
        if mirrorPlaces == nil {
            var places = Array(repeating: UInt32.max, count: Int(mirrorNumbers.max() ?? 0) + 1)
            for (place, number) in mirrorNumbers.enumerated() {
                places[Int(number)] = UInt32(truncatingIfNeeded: place)
            }
            mirrorPlaces = places
        }
        guard let places = mirrorPlaces, Int(number) < places.count, places[Int(number)] != UInt32.max else {
            return nil
        }
        var email: ArraySlice<UInt8>?
        mirror.record(PersonIndex(places[Int(number)])).forEachField { tag, value in
            if tag == PersonField.email.tag, email == nil { email = value }
        }
        return email
    }

    private func storedEmail(_ number: UInt32) -> ArraySlice<UInt8>? {
        guard let row = try? SQLStatement(connection, "SELECT record FROM mirror_people WHERE person = ?") else {
            return nil
        }
        row.bind(1, Int64(number))
        var email: ArraySlice<UInt8>?
        try? row.forEach { email = RecordFields.first(PersonField.email.tag, in: row.bytes(0)).map { Array($0)[...] } }
        return email
    }

    private func checkGeneration() throws {
        let generation = try integer(connection, "SELECT generation FROM roster") ?? 0
        guard generation == run.generation else {
            throw RosterMoved(
                message: "the roster was written by another run since it was read "
                    + "(generation \(run.generation), now \(generation))")
        }
    }

    /// What each directory says of itself; directories that are no longer configured lose theirs.
    private func writeStamps() throws {
        let state = try SQLStatement(
            connection,
            "UPDATE directories SET server = ?1, identity = ?2 WHERE directory = ?3 AND (server, identity) IS NOT (?1, ?2)"
        )
        let insert = try SQLStatement(
            connection, "INSERT INTO change_stamps (directory, place, stamp) VALUES (?, ?, ?)")
        try execute(connection, "DELETE FROM change_stamps")
        for name in run.stamps.keys.sorted() { _ = try directories.number(of: name) }
        for directory in directories.all {
            let stamp = run.stamps[directory.name]
            state.bind(1, optionalText: stamp?.server)
            state.bind(2, optionalText: stamp?.identity)
            state.bind(3, directory.number)
            try state.run()
            for (place, text) in (stamp?.changeStamps ?? []).enumerated() {
                insert.bind(1, directory.number)
                insert.bind(2, place)
                insert.bind(3, text: text)
                try insert.run()
            }
        }
    }

    private func writePins() throws {
        guard try run.pins != RosterReader(connection).pins() else { return }
        try execute(connection, "DELETE FROM pins")
        let insert = try SQLStatement(
            connection, "INSERT INTO pins (target, reference, directory, entry_id, name, dn) VALUES (?, ?, ?, ?, ?, ?)")
        for pin in run.pins {
            insert.bind(1, text: pin.target)
            insert.bind(2, text: pin.reference)
            insert.bind(3, text: pin.key.directory)
            insert.bind(4, id: pin.key.id)
            insert.bind(5, text: pin.name)
            insert.bind(6, text: pin.dn)
            try insert.run()
        }
    }

    private func writePauses() throws {
        let update = try SQLStatement(connection, "UPDATE targets SET paused_by = ? WHERE target = ?")
        for (names, run) in [(run.continues, nil), (run.pauses, run.record.number)] {
            for name in names.sorted() {
                update.bind(1, optional: run)
                update.bind(2, try TargetNumbers.number(of: name, connection))
                try update.run()
            }
        }
    }

    private func writeSignIns() throws {
        let update = try SQLStatement(connection, "UPDATE targets SET sign_ins_imported = ? WHERE target = ?")
        for (name, time) in run.signInsImported {
            let target = try TargetNumbers.number(of: name, connection)
            update.bind(1, time)
            update.bind(2, target)
            try update.run()
        }
    }
}
