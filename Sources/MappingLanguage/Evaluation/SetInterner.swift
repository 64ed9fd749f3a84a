import DirectoryModel

/// Gives people with the same sets the same number, by refining: whoever is in the next set moves on to the next number.
///
/// Costs one step for each person of each set; a set of numbers is made only once for all who have it.
struct SetInterner {
    /// For each person the current node.
    private var state: [UInt32]
    /// For each node the one before it and what was added.
    private var parent: [UInt32] = [0]
    private var element: [UInt32] = [0]
    /// For each node where it leads in the current step, 0 for nowhere yet; all 0 between steps.
    private var next: [UInt32] = [0]

    init(people: Int) {
        state = [UInt32](repeating: 0, count: people)
    }

    /// Adds an element to the sets of these people.
    ///
    /// Elements come in ascending order.
    mutating func add(_ added: UInt32, to people: PersonSet) {
        guard !people.isEmpty else { return }
        let before = parent.count
        var entered: [UInt32] = []
        var places: [UInt32] = []
        swap(&places, &next)
        var state: [UInt32] = []
        swap(&state, &self.state)
        state.withUnsafeMutableBufferPointer { state in
            people.forEach { person in
                let node = Int(state[Int(person)])
                if places[node] == 0 {
                    places[node] = UInt32(before + entered.count)
                    entered.append(UInt32(node))
                }
                state[Int(person)] = places[node]
            }
        }
        swap(&state, &self.state)
        for node in entered { places[Int(node)] = 0 }
        swap(&places, &next)
        parent.append(contentsOf: entered)
        element.append(contentsOf: repeatElement(added, count: entered.count))
        next.append(contentsOf: repeatElement(0, count: entered.count))
    }

    /// For each person the place of their set, and the distinct sets: sorted, the empty one first.
    consuming func finish() -> (places: [UInt32], sets: [[UInt32]]) {
        var isUsed = [Bool](repeating: false, count: parent.count)
        isUsed[0] = true
        for node in state { isUsed[Int(node)] = true }
        var sets: [(node: Int, set: [UInt32])] = []
        for node in isUsed.indices where isUsed[node] { sets.append((node, path(to: node))) }
        sets.sort { $0.set.lexicographicallyPrecedes($1.set) }
        var places = [UInt32](repeating: 0, count: parent.count)
        for (place, entry) in sets.enumerated() { places[entry.node] = UInt32(place) }
        for person in state.indices { state[person] = places[Int(state[person])] }
        return (state, sets.map(\.set))
    }

    private func path(to node: Int) -> [UInt32] {
        var path: [UInt32] = []
        var node = node
        while node != 0 {
            path.append(element[node])
            node = Int(parent[node])
        }
        return path.reversed()
    }
}
