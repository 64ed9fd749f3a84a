import AccessModel
package import DirectoryModel

/// Turns rules into instances with bound conditions.
struct MappingCompiler {
    private let mapping: Mapping
    private let mirror: Mirror
    private let isLocked: Bool
    private var binder: GroupBinder
    /// Groups of each rule's references, in the order of the file.
    private var bound: [[[BoundGroup]]] = []
    private var places: [GroupKey: Int] = [:]
    private var testPlaces: [AnyTest: Int] = [:]
    private var problems: [MappingFinding] = []
    private var noted: [MappingFinding] = []

    private(set) var groups: [MappedGroup] = []
    private(set) var instances: [RuleInstance] = []
    private(set) var gifts: [InstanceGift?] = []
    private(set) var conditions: [BoundCondition] = []
    private(set) var tests: [RecordTest] = []
    private(set) var isWaiting: [Bool] = []
    /// Conditions of the policy's own causes, in its order.
    private(set) var causes: [BoundCondition] = []
    /// Place of the pilot's group; past the end where it is not locked.
    private(set) var pilot: Int?

    private enum AnyTest: Hashable {
        case attribute(String, AttributeTest.Operator)
        case under([UInt8])
    }

    init(_ mapping: Mapping, mirror: Mirror, trust: GroupTrust, neverRead: Set<String> = []) {
        self.mapping = mapping
        self.mirror = mirror
        if case .locked = trust { isLocked = true } else { isLocked = false }
        let readingDNs = mapping.groupReferences.contains(where: \.needsDN)
        binder = GroupBinder(
            directories: mapping.directories, catalog: GroupCatalog(mirror, readingDNs: readingDNs), trust: trust,
            readingDNs: readingDNs)
        binder.neverRead = neverRead
    }

    var pins: [KnownGroup] {
        var seen: Set<String> = []
        return binder.pinned
            .sorted { ($0.reference, $0.key) < ($1.reference, $1.key) }
            .filter { seen.insert("\($0.reference) \($0.key.directory) \($0.key.id)").inserted }
    }

    var sortedProblems: [MappingFinding] { MappingFinding.sorted(problems + binder.problems) }
    var findings: [MappingFinding] { MappingFinding.sorted(noted + binder.findings) }

    mutating func compile() {
        for rule in mapping.rules {
            bound.append(
                rule.condition.groups.map { binder.bind($0.reference, isNegated: $0.isNegated) })
        }
        let ofCauses = mapping.causes.map { cause in
            cause.condition.groups.map { binder.bind($0.reference, isNegated: $0.isNegated).first }
        }
        let ofPilot = mapping.pilot.map { binder.bind($0, isNegated: false).first }
        groups = binder.mapped.values.sorted { $0.key < $1.key }
        for (place, group) in groups.enumerated() { places[group.key] = place }
        for index in mapping.rules.indices { instantiate(index) }
        for (cause, groups) in zip(mapping.causes, ofCauses) {
            var rest = groups[...]
            causes.append(bind(cause.condition, &rest))
        }
        pilot = ofPilot.map { group in
            group.flatMap { $0.isWaiting ? nil : places[$0.key] } ?? groups.count
        }
    }

    private mutating func instantiate(_ index: Int) {
        let rule = mapping.rules[index]
        let references = rule.condition.groups.map(\.reference)
        if rule.isPrivileged, !isLocked { noted.append(.privilegedNeedsLock(rule)) }
        guard let open = references.firstIndex(where: { $0.captured != nil }) else {
            let gift = rule.isPrivileged && !isLocked ? nil : InstanceGift(rule, word: nil, in: mapping)
            append(index, bound[index].map(\.first), word: nil, gift)
            return
        }
        if bound[index][open].isEmpty { noted.append(.capturedNothing(references[open])) }
        for match in bound[index][open] {
            var groups = bound[index].map(\.first)
            groups[open] = match
            let gift = InstanceGift(rule, word: match.word, in: mapping)
            if gift == nil { noted.append(unknownWord(rule, match)) }
            append(index, groups, word: match.word, gift)
        }
    }

    private mutating func append(_ rule: Int, _ groups: [BoundGroup?], word: String?, _ gift: InstanceGift?) {
        var rest = groups[...]
        let condition = bind(mapping.rules[rule].condition, &rest)
        instances.append(RuleInstance(rule: rule, captured: word, groups: condition.givingGroups))
        gifts.append(gift)
        isWaiting.append(groups.contains { $0?.isWaiting == true })
        conditions.append(condition)
    }

    /// Takes the condition's groups off the front of `groups`, in the order of the file.
    private mutating func bind(_ condition: Condition, _ groups: inout ArraySlice<BoundGroup?>) -> BoundCondition {
        switch condition {
        case .group(let reference):
            guard let group = groups.popFirst() ?? nil, let place = places[group.key], !group.isWaiting else {
                return .nobody
            }
            return .group(place, nested: reference.nested)
        case .attribute(let test): return bind(test)
        case .under(let base): return bind(base)
        case .person(let reference): return .people(people(reference))
        case .all(let parts): return .all(parts.map { bind($0, &groups) })
        case .any(let parts): return .any(parts.map { bind($0, &groups) })
        case .not(let part): return .not(bind(part, &groups))
        }
    }

    private mutating func bind(_ test: AttributeTest) -> BoundCondition {
        guard let place = mirror.attributes.firstIndex(of: test.name), let place = UInt8(exactly: place) else {
            problems.append(.attributeNotRead(test))
            return .nobody
        }
        let folded = FoldedTest(test)
        return bind(
            .attribute(test.name, test.operator), .attribute(tag: PersonField.attribute(place).tag, folded))
    }

    private mutating func bind(_ base: BaseName) -> BoundCondition {
        guard let canonical = try? DNCanonicalForm.of(Array(base.dn.utf8)) else { return .nobody }
        return bind(.under(canonical), .under(canonical))
    }

    private mutating func bind(_ key: AnyTest, _ test: RecordTest) -> BoundCondition {
        if let place = testPlaces[key] { return .test(place) }
        testPlaces[key] = tests.count
        tests.append(test)
        return .test(tests.count - 1)
    }

    private func people(_ reference: PersonReference) -> [PersonIndex] {
        mirror.directories.indices.compactMap { directory in
            guard reference.directory == nil || reference.directory == mirror.directories[directory] else { return nil }
            let place = mirror.place(of: reference.id, directory: UInt8(truncatingIfNeeded: directory))
            guard let place, let person = mirror.standsFor[place] else { return place }
            return person < PersonIndex(truncatingIfNeeded: mirror.people.count) ? person : nil
        }
    }

    private func unknownWord(_ rule: Rule, _ match: BoundGroup) -> MappingFinding {
        let name = places[match.key].map { groups[$0].name } ?? ""
        let known = mapping.topology.scopes.compactMap { $0.path.components.last }
        return .unknownWord(match.word ?? "", group: name, rule, known: known)
    }
}

extension GroupReference {
    /// Whether resolving it takes the DNs of groups.
    var needsDN: Bool {
        if case .dn = name { return true }
        return base != nil
    }
}

extension Mirror {
    /// The place of a person, by binary search: rows stand in the order of directory and id.
    package func place(of id: ImmutableID, directory: UInt8) -> PersonIndex? {
        var low = 0
        var high = people.count
        while low < high {
            let middle = low + (high - low) / 2
            let row = people[middle]
            if (row.directory, row.id) < (directory, id) { low = middle + 1 } else { high = middle }
        }
        guard low < people.count, people[low].id == id, people[low].directory == directory else { return nil }
        return PersonIndex(low)
    }
}
