/// How many users have each access in each status: kept, so that nobody has to count.
struct AccessCounts {
    /// By `access * 4 + status`.
    private var differences: [Int64: Int64] = [:]
    private var lastKey: Int64 = -1
    private var pending: Int64 = 0

    /// Runs of the same access and status, as on a first night, touch the table once.
    mutating func add(access: Int64, status: Int64, _ difference: Int64) {
        let key = access * 4 + status
        if key != lastKey {
            flush()
            lastKey = key
        }
        pending += difference
    }

    mutating func write(_ connection: OpaquePointer) throws {
        flush()
        let old = try SQLStatement(connection, "SELECT users FROM access_users WHERE access = ? AND status = ?")
        let write = try SQLStatement(connection, "REPLACE INTO access_users (access, status, users) VALUES (?, ?, ?)")
        let delete = try SQLStatement(connection, "DELETE FROM access_users WHERE access = ? AND status = ?")
        for (key, difference) in differences.sorted(by: { $0.key < $1.key }) where difference != 0 {
            old.bind(1, key / 4)
            old.bind(2, key % 4)
            var users = difference
            try old.forEach { users += old.integer(0) }
            let statement = users == 0 ? delete : write
            statement.bind(1, key / 4)
            statement.bind(2, key % 4)
            if users != 0 { statement.bind(3, users) }
            try statement.run()
        }
    }

    private mutating func flush() {
        if pending != 0 { differences[lastKey, default: 0] += pending }
        pending = 0
    }
}
