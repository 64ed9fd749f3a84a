import AccessModel
import DirectoryModel

/// A group that a reference was found to mean.
struct BoundGroup {
    var key: GroupKey
    /// What stands for the open word of a captured name.
    var word: String?
    /// Whether it gives nothing through this reference though it may through another: a new match of a captured name.
    var isWaiting = false
}

/// Finds the groups that references mean: in the lock file or the pins first, by id from there on.
struct GroupBinder {
    private let directories: [String]
    private let catalog: GroupCatalog
    private let lock: GroupCatalog?
    private let pins: [KnownGroup]
    /// Directories of which nothing is known yet.
    var neverRead: Set<String> = []
    private(set) var mapped: [GroupKey: MappedGroup] = [:]
    /// Every reference seen, pinned now.
    private(set) var pinned: [KnownGroup] = []
    private(set) var problems: [MappingFinding] = []
    private(set) var findings: [MappingFinding] = []

    init(directories: [String], catalog: GroupCatalog, trust: GroupTrust, readingDNs: Bool) {
        self.directories = directories
        self.catalog = catalog
        switch trust {
        case .locked(let file):
            let groups = file.groups.map { GroupCatalog.Group(key: $0.key, name: $0.name, dn: $0.dn) }
            lock = GroupCatalog(groups, readingDNs: readingDNs)
            pins = []
        case .pinned(let known):
            lock = nil
            pins = known
        }
    }

    /// The groups that a reference means, sorted by word and key; empty when there is none, which is a problem then.
    mutating func bind(_ reference: GroupReference, isNegated: Bool) -> [BoundGroup] {
        let bound =
            if let lock { bindLocked(reference, lock) } else { bindPinned(reference) }
        for group in bound {
            if reference.nested {
                mapped[group.key]?.usedNested = true
            } else {
                mapped[group.key]?.usedDirect = true
            }
            if isNegated { refuseUnlessFound(group, reference) }
        }
        return bound.sorted { ($0.word ?? "", $0.key) < ($1.word ?? "", $1.key) }
    }

    private mutating func bindLocked(_ reference: GroupReference, _ lock: GroupCatalog) -> [BoundGroup] {
        let known = lock.matches(reference)
        let today = catalog.matches(reference)
        var bound: [BoundGroup] = []
        if reference.captured == nil, known.count > 1 {
            return ambiguous(reference, known.map { lock.groups[$0.group] })
        }
        for match in known {
            let group = lock.groups[match.group]
            let successors = today.filter { $0.word == match.word }.map { catalog.groups[$0.group] }
            bound.append(bindKnown(group, word: match.word, reference, successors: successors))
        }
        guard reference.captured != nil else {
            return known.isEmpty ? bindUnlocked(reference, today, lock) : bound
        }
        for match in today where !isKnown(match, bound) {
            bound.append(bindWaiting(catalog.groups[match.group], word: match.word, reference, lock))
        }
        return bound
    }

    /// Whether a group of today is bound already, or stands where a known one was deleted.
    private func isKnown(_ match: GroupCatalog.Match, _ bound: [BoundGroup]) -> Bool {
        let group = catalog.groups[match.group]
        return bound.contains { known in
            known.key == group.key || (known.word == match.word && catalog.group(known.key) == nil)
        }
    }

    /// A reference that no locked group answers to: by its new name, not locked, or nowhere.
    private mutating func bindUnlocked(
        _ reference: GroupReference, _ today: [GroupCatalog.Match], _ lock: GroupCatalog
    ) -> [BoundGroup] {
        guard let match = today.first else { return absent(reference) }
        guard today.count == 1 else { return ambiguous(reference, today.map { catalog.groups[$0.group] }) }
        let group = catalog.groups[match.group]
        if let known = lock.group(group.key) {
            return [bindKnown(known, word: nil, reference, successors: [])]
        }
        return [bindWaiting(group, word: nil, reference, lock)]
    }

    private mutating func bindPinned(_ reference: GroupReference) -> [BoundGroup] {
        let today = catalog.matches(reference)
        let known = pins.compactMap { pin in word(of: pin, reference).map { (pin, $0) } }
        var bound: [BoundGroup] = []
        for (pin, word) in known {
            let successors = today.filter { $0.word == word }.map { catalog.groups[$0.group] }
            let group = GroupCatalog.Group(key: pin.key, name: pin.name, dn: pin.dn)
            bound.append(bindKnown(group, word: word, reference, successors: successors))
            pinned.append(pin)
        }
        if reference.captured == nil {
            if !known.isEmpty { return bound }
            guard !today.isEmpty else { return absent(reference) }
            guard today.count == 1 else { return ambiguous(reference, today.map { catalog.groups[$0.group] }) }
        }
        for match in today where !isKnown(match, bound) {
            let group = catalog.groups[match.group]
            map(group, standing: .found)
            bound.append(BoundGroup(key: group.key, word: match.word))
            pinned.append(
                KnownGroup(reference: text(reference, match.word), key: group.key, name: group.name, dn: group.dn))
        }
        return bound
    }

    /// The word that a pin of this reference fills in; nil inside for a reference without one, nil for a pin of another reference.
    private func word(of pin: KnownGroup, _ reference: GroupReference) -> String?? {
        guard let captured = reference.captured else { return pin.reference == reference.text ? .some(nil) : nil }
        let parts = reference.text.utf8.split(separator: UInt8(ascii: "{"), maxSplits: 1)
        let head = parts.count == 2 ? Array(parts[0]) : []
        let tail = Array((reference.text.utf8.dropFirst(head.count + captured.word.utf8.count + 2)))
        let text = Array(pin.reference.utf8)
        guard text.count > head.count + tail.count, text.starts(with: head), text.suffix(tail.count) == tail[...]
        else { return nil }
        let middle = text[head.count..<(text.count - tail.count)]
        guard let slug = CapturedName.slug(middle), slug.utf8.elementsEqual(middle) else { return nil }
        return .some(slug)
    }

    private func text(_ reference: GroupReference, _ word: String?) -> String {
        guard let word, var captured = reference.captured else { return reference.text }
        captured.prefix += word + captured.suffix
        var filled = reference
        filled.name = .name(captured.prefix)
        return filled.text
    }

    private mutating func bindKnown(
        _ known: GroupCatalog.Group, word: String?, _ reference: GroupReference, successors: [GroupCatalog.Group]
    ) -> BoundGroup {
        if let group = catalog.group(known.key) {
            let isRenamed = TextFold.fold(group.name) != TextFold.fold(known.name)
            map(group, standing: isRenamed ? .renamed(from: display(known)) : .found)
            if isRenamed { findings.append(.renamed(display(group), from: display(known), reference)) }
        } else if neverRead.contains(known.key.directory) {
            map(known, standing: .found)
            findings.append(.notReadYet(display(known), reference))
        } else if let remade = successors.first {
            map(known, standing: .recreated)
            findings.append(.recreated(display(remade), reference, isLocked: lock != nil))
        } else {
            map(known, standing: .vanished)
            findings.append(.vanished(display(known), reference))
        }
        return BoundGroup(key: known.key, word: word)
    }

    private mutating func bindWaiting(
        _ group: GroupCatalog.Group, word: String?, _ reference: GroupReference, _ lock: GroupCatalog
    ) -> BoundGroup {
        if lock.group(group.key) == nil { map(group, standing: .notLocked) } else { map(group, standing: .found) }
        findings.append(.notLocked(display(group), reference))
        return BoundGroup(key: group.key, word: word, isWaiting: true)
    }

    private mutating func map(_ group: GroupCatalog.Group, standing: MappedGroup.Standing) {
        if let known = mapped[group.key], known.standing.severity >= standing.severity { return }
        let before = mapped[group.key]
        mapped[group.key] = MappedGroup(
            key: group.key, name: display(group), dn: group.dn, index: group.index, standing: standing,
            usedNested: before?.usedNested ?? false, usedDirect: before?.usedDirect ?? false)
    }

    private func display(_ group: GroupCatalog.Group) -> String {
        directories.count > 1 ? "\(group.key.directory):\(group.name)" : group.name
    }

    private mutating func refuseUnlessFound(_ group: BoundGroup, _ reference: GroupReference) {
        guard let mapped = mapped[group.key] else { return }
        let isThere =
            switch mapped.standing {
            case .found, .renamed: !group.isWaiting
            case .vanished, .recreated, .notLocked: false
            }
        if !isThere { problems.append(.absentInNot(mapped.name, reference)) }
    }

    private mutating func absent(_ reference: GroupReference) -> [BoundGroup] {
        if reference.captured != nil { return [] }
        let mayBeThere = reference.directory.map(neverRead.contains) ?? !neverRead.isEmpty
        if mayBeThere {
            findings.append(.notReadYet(reference.text, reference))
        } else {
            problems.append(.absent(reference, names: catalog.names))
        }
        return []
    }

    private mutating func ambiguous(_ reference: GroupReference, _ groups: [GroupCatalog.Group]) -> [BoundGroup] {
        problems.append(.ambiguous(reference, groups.map { (display($0), $0.dn) }))
        return []
    }
}

extension MappedGroup.Standing {
    /// Where two references disagree about one group the graver word holds.
    var severity: Int {
        switch self {
        case .found: 0
        case .renamed: 1
        case .vanished: 2
        case .recreated: 3
        case .notLocked: 4
        }
    }
}
