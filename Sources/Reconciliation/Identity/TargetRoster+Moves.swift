extension TargetRoster {
    /// The roster with some people under another identity; who is not on it is not looked for.
    package func moving(_ moves: [IdentityMove]) -> TargetRoster {
        if moves.isEmpty { return self }
        let keys = Dictionary(moves.map { ($0.from, $0.to) }) { first, _ in first }
        var moved = self
        for name in Set(keys.values.map(\.directory)).sorted() where !moved.directories.contains(name) {
            moved.directories.append(name)
        }
        var isAnyUser = false
        let ids = Set(keys.keys.map(\.id))
        for place in users.indices where users[place].managed && ids.contains(users[place].id) {
            guard let key = keys[self.key(of: place)], let directory = moved.directories.firstIndex(of: key.directory)
            else { continue }
            moved.users[place].id = key.id
            moved.users[place].directory = UInt8(truncatingIfNeeded: directory)
            isAnyUser = true
        }
        if isAnyUser { moved.sortUsers() }
        for place in waiting.indices {
            moved.waiting[place].person = keys[waiting[place].person] ?? waiting[place].person
        }
        moved.protected = protected.map { keys[$0] ?? $0 }.sorted()
        return moved
    }

    /// Puts managed users in the order of their keys again; unmanaged ones stay behind them.
    private mutating func sortUsers() {
        let managed = users.indices.filter { users[$0].managed }
        let keys = managed.map { (key: key(of: $0), place: $0) }.sorted { $0.key < $1.key }
        let order = keys.map(\.place) + users.indices.filter { !users[$0].managed }
        let (rows, known) = (users, details)
        details = [:]
        for (place, old) in order.enumerated() {
            users[place] = rows[old]
            if let found = known[old] { details[place] = found }
        }
    }
}

extension TargetRoster {
    /// Whether any of these is a user, stands in line or is protected here.
    package func knows(_ keys: Set<PersonKey>) -> Bool {
        if waiting.contains(where: { keys.contains($0.person) }) || protected.contains(where: keys.contains) {
            return true
        }
        let ids = Set(keys.map(\.id))
        return users.indices.contains {
            users[$0].managed && ids.contains(users[$0].id) && keys.contains(key(of: $0))
        }
    }
}
