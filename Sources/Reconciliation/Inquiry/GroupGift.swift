package import DirectoryModel
package import MappingLanguage

/// What one rule makes of somebody's being in a group.
package struct GroupGift: Sendable {
    package var person: PersonIndex
    package var key: PersonKey
    /// Email, login or DN.
    package var label: String
    /// Names of groups: from the one that holds the person directly, through the group asked about, up to the one that the rule names.
    package var chain: [String]
    package var rule: RuleExplanation
}

/// Everybody whom membership of one group concerns.
extension TargetInquiry {
    /// Whether a rule names a group, or one that it is in.
    package func isNamed(_ group: GroupIndex) -> Bool { !waysUp(from: group).isEmpty }

    /// How many people are in a group, nested ones included.
    package func countOfPeople(in group: GroupIndex) -> Int {
        graph.effectivePeople(of: [group]).first?.count ?? 0
    }

    /// Hands over what being in a group comes to for each of its people: a row for each rule that names the group, or one that it is in, as
    /// something to be in.
    package func forEachGift(of group: GroupIndex, _ body: (GroupGift) throws -> Void) rethrows {
        let ways = waysUp(from: group)
        if ways.isEmpty { return }
        let explainer = explainer
        var people: [PersonIndex] = []
        graph.effectivePeople(of: [group]).first?.forEach { people.append($0) }
        for person in people where mirror.standsFor[person] == nil {
            guard let way = graph.chain(from: person, to: group) else { continue }
            let rules = explainer.explain(person).rules
            for rule in rules {
                guard let up = ways.first(where: { rule.condition.asks(for: $0.mapped) }) else { continue }
                let gift = GroupGift(
                    person: person, key: mirror.key(of: Int(person)), label: mirror.label(of: Int(person)),
                    chain: way.map(name(of:)) + up.names.dropFirst(), rule: rule)
                try body(gift)
            }
        }
    }

    /// Names of the mapped groups that a group is, or is in through others, each with the way up to it.
    private func waysUp(from group: GroupIndex) -> [(mapped: String, names: [String])] {
        compiled.groups.compactMap { mapped in
            guard let index = mapped.index, let way = graph.way(from: group, to: index) else { return nil }
            return (mapped.name, way.map(name(of:)))
        }
    }
}

extension ConditionTrace {
    /// Whether being in a group speaks for the condition.
    fileprivate func asks(for group: String) -> Bool {
        let words = "in group `\(group)`"
        return text == words || text == words + " directly" || parts.contains { $0.asks(for: group) }
    }
}

extension Mirror {
    /// Groups that somebody may mean: by `cn`, `directory:cn`, DN or immutable id.
    package func groups(named text: String) -> [GroupIndex] {
        let id = ImmutableID(written: text)
        return groups.indices.filter { place in
            let row = groups[place]
            if row.id == id { return true }
            let directory =
                directories.indices.contains(Int(row.directory)) ? directories[Int(row.directory)] : ""
            let names = [row.name, row.dn, Array("\(directory):".utf8) + row.name]
            return names.contains { Mirror.same($0, Array(text.utf8)) }
        }.map { GroupIndex(truncatingIfNeeded: $0) }
    }

    private static func same(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.withUnsafeBufferPointer { left in right.withUnsafeBufferPointer { EmailFold.same(left, $0) } }
    }
}
