package import DirectoryModel

/// Set algebra; each operation tells the number of people of the mirror, so that a result has one form only.
extension PersonSet {
    /// Every person of a mirror with this many.
    package static func everybody(of people: Int) -> PersonSet {
        var bits = [UInt64](repeating: .max, count: (people + 63) / 64)
        if people % 64 != 0, let last = bits.indices.last { bits[last] = (1 << UInt64(people % 64)) - 1 }
        return canonical(bits: bits, people: people)
    }

    /// The set whose members are these, sorted and distinct.
    package static func canonical(sorted members: [PersonIndex], people: Int) -> PersonSet {
        guard isDense(members.count, people: people) else { return .sparse(members) }
        var bits = [UInt64](repeating: 0, count: (people + 63) / 64)
        for member in members { bits[Int(member >> 6)] |= 1 << UInt64(member & 63) }
        return .dense(bits: bits, count: members.count)
    }

    /// The set of the bits that are set.
    package static func canonical(bits: [UInt64], people: Int) -> PersonSet {
        let count = bits.reduce(0) { $0 + $1.nonzeroBitCount }
        guard !isDense(count, people: people) else { return .dense(bits: bits, count: count) }
        var members: [PersonIndex] = []
        members.reserveCapacity(count)
        PersonSet.dense(bits: bits, count: count).forEach { members.append($0) }
        return .sparse(members)
    }

    /// From one in 32 on a bit set is the smaller form.
    package static func isDense(_ count: Int, people: Int) -> Bool { count > 0 && count * 32 >= people }

    package var isEmpty: Bool { count == 0 }

    /// The members as a sorted list.
    package var members: [PersonIndex] {
        if case .sparse(let members) = self { return members }
        var members: [PersonIndex] = []
        members.reserveCapacity(count)
        forEach { members.append($0) }
        return members
    }

    package func union(_ other: PersonSet, people: Int) -> PersonSet {
        if isEmpty { return other }
        if other.isEmpty { return self }
        if case .sparse(let mine) = self, case .sparse(let theirs) = other {
            return .canonical(sorted: PersonSet.merged(mine, theirs), people: people)
        }
        var bits = bits(people: people)
        switch other {
        case .sparse(let members):
            for member in members { bits[Int(member >> 6)] |= 1 << UInt64(member & 63) }
        case .dense(let more, _):
            for index in bits.indices { bits[index] |= more[index] }
        }
        return .canonical(bits: bits, people: people)
    }

    package func intersection(_ other: PersonSet, people: Int) -> PersonSet {
        switch (self, other) {
        case (.sparse(let mine), _): .sparse(mine.filter(other.contains))
        case (_, .sparse(let theirs)): .sparse(theirs.filter(contains))
        case (.dense(var bits, _), .dense(let theirs, _)): PersonSet.masked(&bits, by: theirs, people: people)
        }
    }

    package func subtracting(_ other: PersonSet, people: Int) -> PersonSet {
        if other.isEmpty { return self }
        if case .sparse(let mine) = self { return .sparse(mine.filter { !other.contains($0) }) }
        var bits = bits(people: people)
        switch other {
        case .sparse(let members):
            for member in members { bits[Int(member >> 6)] &= ~(1 << UInt64(member & 63)) }
        case .dense(let fewer, _):
            for index in bits.indices { bits[index] &= ~fewer[index] }
        }
        return .canonical(bits: bits, people: people)
    }

    private static func masked(_ bits: inout [UInt64], by mask: [UInt64], people: Int) -> PersonSet {
        for index in bits.indices { bits[index] &= mask[index] }
        return .canonical(bits: bits, people: people)
    }

    private func bits(people: Int) -> [UInt64] {
        if case .dense(let bits, _) = self { return bits }
        var bits = [UInt64](repeating: 0, count: (people + 63) / 64)
        forEach { bits[Int($0 >> 6)] |= 1 << UInt64($0 & 63) }
        return bits
    }

    private static func merged(_ left: [PersonIndex], _ right: [PersonIndex]) -> [PersonIndex] {
        var result: [PersonIndex] = []
        result.reserveCapacity(left.count + right.count)
        var (i, j) = (0, 0)
        while i < left.count, j < right.count {
            let (a, b) = (left[i], right[j])
            result.append(min(a, b))
            if a <= b { i += 1 }
            if b <= a { j += 1 }
        }
        result.append(contentsOf: left[i...])
        result.append(contentsOf: right[j...])
        return result
    }
}
