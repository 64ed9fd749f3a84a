package import DirectoryModel

/// What `rollcall lock` would write, and how it differs from what is locked.
package struct LockProposal: Sendable {
    /// One difference; a human reviews each.
    package enum Change: Sendable, Equatable {
        case added(KnownGroup)
        /// No rule names it any more.
        case removed(KnownGroup)
        /// The same group under another name or DN.
        case renamed(from: KnownGroup, to: KnownGroup)
        /// Another group stands where the locked one stood: it was deleted and made again, or somebody took its name.
        case replaced(locked: KnownGroup, by: KnownGroup)
        /// Locked, still named by a rule, and no longer in the directory; it stays locked.
        case vanished(KnownGroup)
    }

    package let lock: GroupLock
    /// By directory, name and id of the group concerned.
    package let changes: [Change]
    /// References that are absent or ambiguous: nothing should be written while there are any.
    package let problems: [MappingFinding]

    /// The lock for all mappings that share the file.
    package init(_ mappings: [Mapping], mirror: Mirror, current: GroupLock?, file: String) {
        var drafter = LockDrafter(mirror: mirror, current: current, mappings: mappings)
        for mapping in mappings { drafter.draft(mapping) }
        let lock = GroupLock(file: file, groups: Array(drafter.chosen.values))
        self.lock = lock
        problems = MappingFinding.sorted(drafter.problems)
        changes = drafter.changes(to: lock)
    }
}

/// Chooses the groups of a new lock.
private struct LockDrafter {
    private let catalog: GroupCatalog
    private let current: GroupCatalog
    private(set) var chosen: [GroupKey: KnownGroup] = [:]
    private(set) var problems: [MappingFinding] = []
    private var replaced: [GroupKey: GroupKey] = [:]
    private var vanished: Set<GroupKey> = []

    init(mirror: Mirror, current: GroupLock?, mappings: [Mapping]) {
        let readingDNs = mappings.contains { mapping in
            mapping.groupReferences.contains(where: \.needsDN)
        }
        catalog = GroupCatalog(mirror, readingDNs: readingDNs)
        let locked = (current?.groups ?? []).map { GroupCatalog.Group(key: $0.key, name: $0.name, dn: $0.dn) }
        self.current = GroupCatalog(locked, readingDNs: readingDNs)
    }

    mutating func draft(_ mapping: Mapping) {
        for reference in mapping.groupReferences { draft(reference) }
    }

    private mutating func draft(_ reference: GroupReference) {
        let today = catalog.matches(reference)
        let locked = current.matches(reference)
        if reference.captured == nil, today.count > 1 {
            let groups = today.map { (catalog.groups[$0.group].name, catalog.groups[$0.group].dn) }
            problems.append(.ambiguous(reference, groups))
            return
        }
        for match in today { choose(catalog.groups[match.group]) }
        for match in locked { keep(current.groups[match.group], match, today) }
        if today.isEmpty, locked.isEmpty, reference.captured == nil {
            problems.append(.absent(reference, names: catalog.names))
        }
    }

    /// A locked group that the reference no longer finds by name: still there, replaced, or gone.
    private mutating func keep(
        _ group: GroupCatalog.Group, _ match: GroupCatalog.Match, _ today: [GroupCatalog.Match]
    ) {
        guard chosen[group.key] == nil else { return }
        let successor = today.first { $0.word == match.word }.map { catalog.groups[$0.group] }
        if let successor {
            replaced[successor.key] = group.key
        } else {
            choose(group)
            if catalog.group(group.key) == nil { vanished.insert(group.key) }
        }
    }

    private mutating func choose(_ group: GroupCatalog.Group) {
        chosen[group.key] = KnownGroup(key: group.key, name: group.name, dn: GroupCatalog.writable(group.dn))
    }

    func changes(to lock: GroupLock) -> [LockProposal.Change] {
        var changes: [LockProposal.Change] = []
        for group in lock.groups {
            if let before = current.group(group.key).map(known) {
                if vanished.contains(group.key) {
                    changes.append(.vanished(group))
                } else if before != group {
                    changes.append(.renamed(from: before, to: group))
                }
            } else if let before = replaced[group.key].flatMap(current.group).map(known), chosen[before.key] == nil {
                changes.append(.replaced(locked: before, by: group))
            } else {
                changes.append(.added(group))
            }
        }
        let successors = Set(replaced.filter { chosen[$0.key] != nil && current.group($0.key) == nil }.values)
        for group in current.groups where chosen[group.key] == nil && !successors.contains(group.key) {
            changes.append(.removed(known(group)))
        }
        return changes
    }

    private func known(_ group: GroupCatalog.Group) -> KnownGroup {
        KnownGroup(key: group.key, name: group.name, dn: group.dn)
    }
}
