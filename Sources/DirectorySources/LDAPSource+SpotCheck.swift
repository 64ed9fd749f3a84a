internal import DirectoryModel
internal import LDAPClient

/// Active Directory works out itself which groups somebody is in, through nesting and the primary group (`tokenGroups`). A few people's
/// answers are held against what was read: another way to the same knowledge shows what the first one missed.
extension LDAPSource {
    /// How many people are asked about.
    private static let samples = 3

    /// Throws when a group that was read plainly lacks somebody; what may come by groups that were not read is noted.
    func checkMemberships(_ reading: Reading, _ beginning: Beginning) throws(PullFailure) -> [SetAsideEntry] {
        let mirror = reading.pull.mirror
        guard beginning.detected.domain != nil, !reading.groups.isEmpty, !mirror.people.isEmpty else { return [] }
        let last = mirror.people.count - 1
        var places = (0..<LDAPSource.samples).map { last * $0 / (LDAPSource.samples - 1) }
        places = places.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
        let ancestry = GroupAncestry(mirror)
        var notes: [SetAsideEntry] = []
        for place in places {
            guard let dn = mirror.record(PersonIndex(place)).values(.dn).first,
                let name = String(validating: dn, as: UTF8.self)
            else { continue }
            let answer = try attempt { () throws(LDAPError) in
                try beginning.connection.read(name, ["tokenGroups", "uSNChanged"])
            }
            guard let answer else { continue }
            let tokens = answer[0].compactMap { SecurityID(bytes: $0) }
            let read = ancestry.groups(of: PersonIndex(place))
            let missing = tokens.compactMap { reading.groups[$0] }.first { !read.contains($0) }
            guard let missing else { continue }
            if tokens.contains(where: { $0.isOfDomain && reading.groups[$0] == nil }) {
                notes.append(SetAsideEntry(dn: name, reason: .hiddenNesting))
                continue
            }
            let changed = answer[1].first.flatMap { WireNumber.signed($0) }
            if try hasMoved(since: beginning, person: changed) { continue }
            throw settings.source.failure(
                .incomplete,
                "`\(beginning.connection.server)` counts `\(EntryText.shown(name))` in the group "
                    + "`\(groupName(missing, mirror))`, whose members as they were read do not hold that person",
                "let the bind account read all members of all groups")
        }
        return notes
    }

    /// Whether the person or any group was changed since the reading began, so that two answers need not agree.
    private func hasMoved(since beginning: Beginning, person: Int64?) throws(PullFailure) -> Bool {
        guard let domain = beginning.detected.domain, let start = domain.sequence, let person, person <= start else {
            return true
        }
        let groups = settings.source.dialect.groupFilter
        let search = SearchRequest(
            base: domain.context, filter: .and([.atLeast("uSNChanged", Array("\(start &+ 1)".utf8)), groups]),
            pageSize: settings.source.dialect.pageSize)
        let end = try attempt { () throws(LDAPError) in try beginning.connection.search(search) { _ in } }
        return end.code != 0 || end.entries > 0
    }

    private func groupName(_ id: ImmutableID, _ mirror: Mirror) -> String {
        let dn = mirror.groups.first { $0.id == id }?.dn ?? []
        return EntryText.shown(String(decoding: dn, as: UTF8.self))
    }
}

/// Which groups of a mirror somebody is in, directly or through others.
struct GroupAncestry {
    private let mirror: Mirror
    private var parents: [GroupIndex: [GroupIndex]] = [:]

    init(_ mirror: Mirror) {
        self.mirror = mirror
        for group in mirror.groups.indices {
            for child in mirror.directGroups(of: GroupIndex(group)) {
                parents[child, default: []].append(GroupIndex(group))
            }
        }
    }

    func groups(of person: PersonIndex) -> Set<ImmutableID> {
        var open: [GroupIndex] = []
        for group in mirror.groups.indices {
            let members = mirror.directPeople(of: GroupIndex(group))
            var (low, high) = (members.startIndex, members.endIndex)
            while low < high {
                let middle = low + (high - low) / 2
                if members[middle] < person { low = middle + 1 } else { high = middle }
            }
            if low < members.endIndex, members[low] == person { open.append(GroupIndex(group)) }
        }
        var seen = Set(open)
        while let group = open.popLast() {
            for parent in parents[group] ?? [] where seen.insert(parent).inserted { open.append(parent) }
        }
        return Set(seen.map { mirror.groups[Int($0)].id })
    }
}
