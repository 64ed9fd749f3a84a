import DirectoryModel
import MappingLanguage
import Reconciliation

/// Reads the state that a run is computed from.
struct RosterReader {
    let connection: OpaquePointer

    init(_ connection: OpaquePointer) { self.connection = connection }

    /// With `people` only their users, and of all others how many there are.
    func roster(targets: [String], people: [PersonKey]? = nil, isProven: Bool = false) throws -> Roster {
        let latest = try SQLStatement(
            connection,
            """
            SELECT run, started FROM runs
            WHERE run >= coalesce((SELECT max(run) FROM runs WHERE command = '\(RunRecord.acceptingClock)'), 0)
            ORDER BY started DESC, run DESC LIMIT 1
            """)
        defer { latest.reset() }
        let chain = ChainReader(connection: connection)
        let digests = isProven ? [:] : try chain.check(everybody: people == nil && !targets.isEmpty)
        let hasRun = try latest.step()
        if hasRun { try chain.checkRecord(ofRun: latest.integer(0)) }
        var roster = Roster(
            generation: try integer(connection, "SELECT generation FROM roster") ?? 0,
            lastRun: try integer(connection, "SELECT max(run) FROM runs") ?? 0,
            lastRunTime: hasRun ? latest.integer(1) : nil, latestRun: hasRun ? latest.integer(0) : nil,
            stamps: try stamps(), pins: try pins(), approvalsUsed: try approvals(),
            targets: try users(targets, people, digests))
        roster.acknowledgements = try AcknowledgementReader(connection: connection).all()
        return roster
    }

    private func users(
        _ targets: [String], _ people: [PersonKey]?, _ digests: [String: DigestSum]
    ) throws -> [TargetRoster] {
        guard let people else { return try UserReader(connection, targets: targets, digests: digests).read() }
        return try SomeUsersReader(connection, digests: digests).read(targets: targets, people: people)
    }

    func stamps() throws -> [String: DirectoryStamp] {
        let rows = try SQLStatement(
            connection, "SELECT directory, name, server, identity FROM directories NOT INDEXED WHERE server IS NOT NULL"
        )
        let changes = try SQLStatement(
            connection, "SELECT stamp FROM change_stamps WHERE directory = ? ORDER BY place")
        var stamps: [String: DirectoryStamp] = [:]
        try rows.forEach {
            var list: [String] = []
            changes.bind(1, rows.integer(0))
            try changes.forEach { list.append(changes.text(0)) }
            stamps[rows.text(1)] = DirectoryStamp(server: rows.text(2), identity: rows.text(3), changeStamps: list)
        }
        return stamps
    }

    /// In the order of target and reference.
    func pins() throws -> [GroupPin] {
        let rows = try SQLStatement(
            connection, "SELECT target, reference, directory, entry_id, name, dn FROM pins ORDER BY target, reference")
        var pins: [GroupPin] = []
        try rows.forEach {
            pins.append(
                GroupPin(
                    target: rows.text(0), reference: rows.text(1),
                    key: GroupKey(directory: rows.text(2), id: try rows.id(3)), name: rows.text(4), dn: rows.text(5)))
        }
        return pins
    }

    private func approvals() throws -> [String: [AllowedKind: Int]] {
        let rows = try SQLStatement(connection, "SELECT digest, kind, group_name, used FROM approvals_used")
        var used: [String: [AllowedKind: Int]] = [:]
        try rows.forEach {
            guard let kind = GuardKind(rawValue: rows.text(1)) else { return }
            used[rows.text(0), default: [:]][AllowedKind(kind, group: rows.text(2))] = Int(rows.integer(3))
        }
        return used
    }
}
