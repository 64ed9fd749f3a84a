import DirectoryModel

/// Collects the people of groups through nesting: each nested group is visited once, so cycles end and diamonds cost nothing.
///
/// A group that was asked for before is not walked again when another holds it: its people are taken as they are.
struct MembershipClosure {
    private let mirror: Mirror
    /// Number of the question in which a group was visited last.
    private var visited: [UInt32]
    private var question: UInt32 = 0
    /// One bit per person; all zero between questions.
    private var bits: [UInt64]
    private var answers: [GroupIndex: PersonSet] = [:]

    init(_ mirror: Mirror) {
        self.mirror = mirror
        visited = [UInt32](repeating: 0, count: mirror.groups.count)
        bits = [UInt64](repeating: 0, count: (mirror.people.count + 63) / 64)
    }

    mutating func people(of group: GroupIndex) -> PersonSet {
        if let known = answers[group] { return known }
        let answer: PersonSet
        if mirror.directGroups(of: group).isEmpty {
            answer = .canonical(sorted: Array(mirror.directPeople(of: group)), people: mirror.people.count)
        } else {
            answer = collect(group)
        }
        answers[group] = answer
        return answer
    }

    private mutating func collect(_ group: GroupIndex) -> PersonSet {
        question += 1
        visited[Int(group)] = question
        var stack = [group]
        var found: [PersonIndex] = []
        while let current = stack.popLast() {
            if let known = answers[current] {
                known.forEach { add($0, to: &found) }
                continue
            }
            for person in mirror.directPeople(of: current) { add(person, to: &found) }
            for nested in mirror.directGroups(of: current) where visited[Int(nested)] != question {
                visited[Int(nested)] = question
                stack.append(nested)
            }
        }
        return takeSet(found)
    }

    private mutating func add(_ person: PersonIndex, to found: inout [PersonIndex]) {
        let word = Int(person >> 6)
        let bit: UInt64 = 1 << UInt64(person & 63)
        guard bits[word] & bit == 0 else { return }
        bits[word] |= bit
        found.append(person)
    }

    /// The people found, as a set, with the bits zeroed again.
    ///
    /// A short list is sorted; a long one is read off the bits.
    private mutating func takeSet(_ found: [PersonIndex]) -> PersonSet {
        if PersonSet.isDense(found.count, people: mirror.people.count) {
            let set = PersonSet.dense(bits: bits, count: found.count)
            bits = [UInt64](repeating: 0, count: bits.count)
            return set
        }
        var members = found
        if found.count > bits.count / 16 {
            members.removeAll(keepingCapacity: true)
            PersonSet.dense(bits: bits, count: found.count).forEach { members.append($0) }
        } else {
            members.sort()
        }
        for person in found { bits[Int(person >> 6)] = 0 }
        return .sparse(members)
    }
}
