/// How many people are matched by the same rule instances.
package struct MatchCount: Sendable, Equatable {
    /// Places of rule instances, sorted.
    package var instances: [UInt32]
    package var people: Int

    package init(instances: [UInt32], people: Int) {
        self.instances = instances
        self.people = people
    }

    /// Counts of two kinds of people together, sorted; what comes to nobody is left out.
    package static func sum(_ left: [MatchCount], _ right: [MatchCount]) -> [MatchCount] { total(left, right, sign: 1) }

    /// Counts without some of the people who are in them; nil where there are fewer than that.
    package static func difference(_ left: [MatchCount], _ right: [MatchCount]) -> [MatchCount]? {
        let rest = total(left, right, sign: -1)
        return rest.contains { $0.people < 0 } ? nil : rest
    }

    /// Both in one pass: of very many counts most are kept as they are.
    private static func total(_ left: [MatchCount], _ right: [MatchCount], sign: Int) -> [MatchCount] {
        var total: [MatchCount] = []
        total.reserveCapacity(left.count + right.count)
        func add(_ match: MatchCount, _ people: Int) {
            if let last = total.indices.last, total[last].instances == match.instances {
                total[last].people += people
            } else {
                total.append(MatchCount(instances: match.instances, people: people))
            }
        }
        var others = sorted(right)[...]
        for match in sorted(left) {
            while let other = others.first, precedes(other, match) {
                add(other, sign * other.people)
                others.removeFirst()
            }
            add(match, match.people)
        }
        for other in others { add(other, sign * other.people) }
        total.removeAll { $0.people == 0 }
        return total
    }

    private static func sorted(_ counts: [MatchCount]) -> [MatchCount] {
        let isSorted = zip(counts, counts.dropFirst()).allSatisfy { !precedes($1, $0) }
        return isSorted ? counts : counts.sorted(by: precedes)
    }

    private static func precedes(_ left: MatchCount, _ right: MatchCount) -> Bool {
        left.instances.lexicographicallyPrecedes(right.instances)
    }
}
