import AccessModel
import DirectoryModel
package import Reconciliation

extension SQLiteRoster {
    /// How the roster stands, at a glance.
    package func standing() throws -> RosterStanding {
        var standing = try read { connection in
            var standing = RosterStanding(targets: try StandingReader(connection: connection).targets())
            standing.acknowledgements = try AcknowledgementReader(connection: connection).all()
            return standing
        }
        for state in try seats() {
            guard let place = standing.targets.firstIndex(where: { $0.name == state.target }) else { continue }
            standing.targets[place].seats.append(state.row)
        }
        (standing.undelivered, standing.givenUp) = try counts()
        standing.backlog = try backlog()
        standing.deadLetters = try deadLetters()
        return standing
    }

    /// Emails of people who wait on a target, in the order of the line, at most so many.
    package func namesInLine(target: String, most: Int) throws -> [PersonKey: String] {
        let line = try waiting(target: target, limit: most)
        return Dictionary(line.map { ($0.place.person, $0.email) }, uniquingKeysWith: { first, _ in first })
    }
}

/// Reads the numbers of targets that need no look at single users.
private struct StandingReader {
    var connection: OpaquePointer

    func targets() throws -> [RosterStanding.Target] {
        let rows = try SQLStatement(connection, "SELECT target, name, paused_by FROM targets ORDER BY name")
        var targets: [RosterStanding.Target] = []
        try rows.forEach {
            var target = RosterStanding.Target(name: rows.text(1))
            target.pausedBy = rows.optionalInteger(2)
            let number = rows.integer(0)
            target.users = try users(number)
            target.findings = try FindingsReader(connection: connection).findings(target: number)
            try readLine(number, &target)
            targets.append(target)
        }
        return targets
    }

    /// From the counts by access, which runs keep anyway.
    private func users(_ target: Int64) throws -> [UserStatus: Int] {
        let rows = try SQLStatement(
            connection,
            """
            SELECT c.status, sum(c.users) FROM accesses a CROSS JOIN access_users c ON c.access = a.access
            WHERE a.target = ? GROUP BY c.status
            """)
        rows.bind(1, target)
        var users: [UserStatus: Int] = [:]
        try rows.forEach {
            if let status = StoredCode.status(rows.integer(0)) { users[status] = Int(rows.integer(1)) }
        }
        return users
    }

    private func readLine(_ number: Int64, _ target: inout RosterStanding.Target) throws {
        let rows = try SQLStatement(
            connection, "SELECT for_pace, count(*), min(since) FROM waiting WHERE target = ? GROUP BY for_pace")
        rows.bind(1, number)
        try rows.forEach {
            if rows.integer(0) == 1 {
                target.waitingForPace = Int(rows.integer(1))
            } else {
                target.waiting = Int(rows.integer(1))
                target.oldestWaiting = rows.integer(2)
            }
        }
    }
}
