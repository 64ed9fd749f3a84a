import AccessModel
import Diagnostics
package import DirectoryModel

/// What is odd about a mapping in view of the groups and people that a directory had when it was last read.
package struct MirrorLint {
    private let mapping: Mapping
    private let mirror: Mirror
    private let lock: GroupLock?
    private let graph: MembershipGraph
    /// What the mapping comes to with every group as it is there; nil where it cannot be compiled.
    package let evaluation: Evaluation?

    /// With a lock file, groups that are locked are looked for by id first.
    package init(_ mapping: Mapping, mirror: Mirror, lock: GroupLock?) {
        self.mapping = mapping
        self.mirror = mirror
        self.lock = lock
        graph = MembershipGraph(mirror)
        let proposal = LockProposal([mapping], mirror: mirror, current: lock, file: "")
        let compiled = try? CompiledMapping(
            mapping, mirror: mirror, trust: .locked(proposal.lock), neverRead: Set(mirror.directories))
        evaluation = compiled.map { [graph] in $0.evaluate(mirror, population: $0.population(in: graph)) }
    }

    /// Warnings with their places; nothing here keeps a run from going on.
    package var findings: [MappingFinding] {
        let readingDNs = mapping.groupReferences.contains(where: \.needsDN)
        let catalog = GroupCatalog(mirror, readingDNs: readingDNs)
        let locked = lock.map { lock in
            GroupCatalog(
                lock.groups.map { GroupCatalog.Group(key: $0.key, name: $0.name, dn: $0.dn) }, readingDNs: readingDNs)
        }
        var findings: [MappingFinding] = []
        var asked: [GroupReference: [Int]] = [:]
        for reference in mapping.groupReferences where asked[reference] == nil {
            let byID = (locked?.matches(reference) ?? []).compactMap { match in
                locked.flatMap { catalog.place(of: $0.groups[match.group].key) }
            }
            let found = byID.isEmpty ? catalog.matches(reference).map(\.group) : byID
            asked[reference] = found
            if reference.captured != nil {
                findings += MirrorLint.nearMisses(reference, found, catalog)
            } else if found.isEmpty {
                findings.append(.absent(reference, names: catalog.names))
            } else if found.count > 1 {
                findings.append(.ambiguous(reference, found.map { (catalog.groups[$0].name, catalog.groups[$0].dn) }))
            }
        }
        findings += empty(asked, catalog)
        let told = rules(of: findings)
        let unmatched = unmatched.filter { finding in
            finding.code != "mapping.rule-matches-nobody" || !told.contains { $0.position == finding.position }
        }
        return MappingFinding.sorted(findings + unmatched)
    }

    /// Rules about whose groups something is told already: that nobody fits them is no news.
    private func rules(of findings: [MappingFinding]) -> [Rule] {
        let gone: Set = ["mapping.group-absent", "mapping.group-empty"]
        let places = findings.filter { gone.contains($0.code) }.compactMap(\.position)
        return mapping.rules.filter { rule in
            rule.condition.groups.contains { places.contains($0.reference.position) }
        }
    }

    /// Groups that nobody is in, with another one that was probably meant.
    private func empty(_ asked: [GroupReference: [Int]], _ catalog: GroupCatalog) -> [MappingFinding] {
        var findings: [MappingFinding] = []
        for (reference, places) in asked {
            let indices = places.compactMap { catalog.groups[$0].index }
            let people =
                reference.nested ? graph.effectivePeople(of: indices) : indices.map { graph.directPeople(of: $0) }
            for (place, people) in zip(places, people) where people.isEmpty {
                let name = catalog.groups[place].name
                let others = catalog.names.subtracting([name]).sorted(by: precedes)
                findings.append(
                    MappingFinding(
                        code: "mapping.group-empty", message: "group `\(name)` has no members",
                        hint: NearestName.of(name, in: others).map { "there is a group `\($0)`, too" }
                            ?? "see whether the account that reads may see them", position: reference.position))
            }
        }
        return findings
    }

    /// Groups that would fit an open word but for one letter.
    private static func nearMisses(
        _ reference: GroupReference, _ found: [Int], _ catalog: GroupCatalog
    ) -> [MappingFinding] {
        guard let captured = reference.captured else { return [] }
        let (prefix, suffix) = (Array(captured.prefix.utf8), Array(captured.suffix.utf8))
        return catalog.groups.indices.filter { !found.contains($0) }.compactMap { place in
            let name = Array(catalog.groups[place].name.utf8)
            guard name.count > prefix.count + suffix.count,
                isNear(name.prefix(prefix.count), prefix, name.suffix(suffix.count), suffix)
            else { return nil }
            return MappingFinding(
                code: "mapping.group-near-miss",
                message: "group `\(catalog.groups[place].name)` does not fit `\(captured.text)`, but for one letter",
                hint: "rename the group, if it is meant", position: reference.position)
        }
    }

    /// Whether both ends fit but for one byte in one of them.
    private static func isNear(
        _ head: ArraySlice<UInt8>, _ prefix: [UInt8], _ tail: ArraySlice<UInt8>, _ suffix: [UInt8]
    ) -> Bool {
        func edits(_ mine: ArraySlice<UInt8>, _ wanted: [UInt8]) -> Int {
            zip(mine, wanted).count { lower($0) != lower($1) }
        }
        let wrong = edits(head, prefix) + edits(tail, suffix)
        // Of very short ends one letter is everything.
        return wrong == 1 && prefix.count + suffix.count >= 5
    }

    private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }

    /// What only an evaluation tells: rules that match nobody, open words that nothing or something unknown stands for.
    private var unmatched: [MappingFinding] {
        let told: Set = [
            "mapping.rule-matches-nobody", "mapping.captured-nothing", "mapping.captured-word-unknown",
        ]
        return (evaluation?.findings ?? []).filter { told.contains($0.code) }
    }
}
