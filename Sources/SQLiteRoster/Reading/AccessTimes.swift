import AccessModel
package import Reconciliation

/// Since when users of a target have what they have, worked out from what earlier runs left of them.
package struct AccessTimes: Sendable {
    /// What a user had before a run, and when the run started; the newest first.
    fileprivate struct Image: Sendable {
        var time: Int64
        var access: Int64
    }
    fileprivate var images: [Int64: [Image]] = [:]
    fileprivate var parts: [Int64: Set<ManualGrant.Part>] = [:]

    /// When a user was given a part that they have today, seconds since 1970; nil where they had it from the beginning.
    package func since(_ part: ManualGrant.Part, user: Int64) -> Int64? {
        images[user]?.first { parts[$0.access]?.contains(part) != true }?.time
    }
}

extension SQLiteRoster {
    package func accessTimes(target: String) throws -> AccessTimes {
        try read { connection in
            var times = AccessTimes()
            guard let target = try TargetNumbers.known(target, connection) else { return times }
            let rows = try SQLStatement(
                connection,
                """
                SELECT i.user, i.access, r.started FROM user_images i JOIN users u ON u.user = i.user
                  JOIN runs r ON r.run = i.run
                WHERE u.target = ? ORDER BY i.user, i.run DESC
                """)
            rows.bind(1, target)
            var numbers: Set<Int64> = []
            try rows.forEach {
                numbers.insert(rows.integer(1))
                times.images[rows.integer(0), default: []].append(
                    AccessTimes.Image(time: rows.integer(2), access: rows.integer(1)))
            }
            let access = try SQLStatement(connection, "SELECT text FROM accesses WHERE access = ?")
            for number in numbers {
                access.bind(1, number)
                try access.forEach {
                    times.parts[number] = Set(Access(canonicalText: access.text(0))?.manualParts ?? [])
                }
            }
            return times
        }
    }
}
