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
    package static func sum(_ left: [MatchCount], _ right: [MatchCount]) -> [MatchCount] {
        total(left.map { (count: $0, sign: 1) } + right.map { (count: $0, sign: 1) })
    }

    /// Counts without some of the people who are in them; nil where there are fewer than that.
    package static func difference(_ left: [MatchCount], _ right: [MatchCount]) -> [MatchCount]? {
        let rest = total(left.map { (count: $0, sign: 1) } + right.map { (count: $0, sign: -1) })
        return rest.contains { $0.people < 0 } ? nil : rest
    }

    private static func total(_ counts: [(count: MatchCount, sign: Int)]) -> [MatchCount] {
        var people: [[UInt32]: Int] = [:]
        for (count, sign) in counts { people[count.instances, default: 0] += sign * count.people }
        return people.filter { $0.value != 0 }.map { MatchCount(instances: $0.key, people: $0.value) }
            .sorted { $0.instances.lexicographicallyPrecedes($1.instances) }
    }
}
