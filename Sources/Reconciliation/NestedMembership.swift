import AccessModel
package import DirectoryModel
package import MappingLanguage

/// How somebody whom a plan changes is in a mapped group without being a direct member of it.
package struct NestedMembership: Sendable, Equatable {
    /// Place in the plan's subjects.
    package var subject: UInt32
    /// Names of groups, from the one that holds the person up to the mapped one; at least two.
    package var chain: [String]

    package init(subject: UInt32, chain: [String]) {
        self.subject = subject
        self.chain = chain
    }
}

extension TargetPlan {
    /// Ways are looked for in the order of the plan, and for so many memberships at most: a first night has everybody in it.
    package static let nestedAtMost = 10_000

    /// Finds the ways by which people are in the groups that are the reasons of their changes.
    package mutating func traceNesting(in mirror: Mirror, groups: [MappedGroup]) {
        let indexes = Dictionary(groups.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let graph = MembershipGraph(mirror)
        var known: Set<Membership> = []
        var isNested: [String: Bool] = [:]
        for change in changes {
            guard reasons.indices.contains(Int(change.reason)), case .rules(let rules) = reasons[Int(change.reason)],
                subjects.indices.contains(Int(change.subject)), let person = subjects[Int(change.subject)].person
            else { continue }
            for name in rules.flatMap(\.groups) {
                guard let group = indexes[name], group.usedNested, let index = group.index else { continue }
                let holdsGroups = isNested[name] ?? !mirror.directGroups(of: index).isEmpty
                isNested[name] = holdsGroups
                guard holdsGroups, known.insert(Membership(subject: change.subject, group: name)).inserted else {
                    continue
                }
                if known.count > TargetPlan.nestedAtMost { return sortNested() }
                guard let way = graph.chain(from: person, to: index), way.count > 1 else { continue }
                let names = way.dropLast().map { String(decoding: mirror.groups[Int($0)].name, as: UTF8.self) }
                nested.append(NestedMembership(subject: change.subject, chain: names + [name]))
            }
        }
        sortNested()
    }

    private mutating func sortNested() {
        nested.sort { left, right in
            left.subject == right.subject
                ? left.chain.lexicographicallyPrecedes(right.chain, by: precedes) : left.subject < right.subject
        }
    }

    private struct Membership: Hashable {
        var subject: UInt32
        var group: String
    }

    /// The ways by which somebody is in the groups of a reason.
    package func chains(of subject: UInt32, for reason: UInt32) -> [[String]] {
        guard !nested.isEmpty, reasons.indices.contains(Int(reason)), case .rules(let rules) = reasons[Int(reason)]
        else { return [] }
        var low = 0
        var high = nested.count
        while low < high {
            let middle = (low + high) / 2
            if nested[middle].subject < subject { low = middle + 1 } else { high = middle }
        }
        let groups = rules.flatMap(\.groups)
        return nested[low...].prefix { $0.subject == subject }.map(\.chain).filter { chain in
            chain.last.map(groups.contains) == true
        }
    }
}
