internal import DirectoryModel
internal import LDAPClient

/// Everybody, every group, and what keeps the account from reading them.
extension DirectoryDoctor {
    /// What a page holds where the kind has no pages of its own.
    private static let pageSize: Int32 = 500

    func findLimits() throws(StepStop) -> LimitFacts {
        guard let source, let detected else { throw stop(.incomplete, "no bases are known", "name `--people`") }
        let dialect = source.dialect
        var facts = LimitFacts(
            kind: dialect.kind, account: request.accountName, runsInPages: dialect.pageSize != nil)
        facts.counts.append(try count(source, nil))
        if detected.controls.contains(ControlType.pagedResults) {
            facts.counts.append(try count(source, dialect.pageSize ?? DirectoryDoctor.pageSize))
        }
        if let domain = detected.domain { facts.policy = try queryPolicy(domain) }
        return facts
    }

    /// How many people come, by name only.
    private func count(_ source: SourceSettings, _ pageSize: Int32?) throws(StepStop) -> LimitFacts.Count {
        var count = LimitFacts.Count(pageSize: pageSize.map { Int($0) }, entries: 0)
        for base in source.people.bases {
            let end = try search(SearchRequest(base: base, filter: source.peopleFilter, pageSize: pageSize))
            count.entries += end.entries
            let isPart = end.code != 0 || !end.text.isEmpty
            if isPart, count.code == 0, count.text.isEmpty { (count.code, count.text) = (end.code, end.text) }
        }
        return count
    }

    /// What the forest's default policy allows (MS-ADTS §3.1.1.3.4.6), where it may be read.
    private func queryPolicy(_ domain: DetectedServer.Domain) throws(StepStop) -> [String] {
        let place =
            "CN=Default Query Policy,CN=Query-Policies,CN=Directory Service,CN=Windows NT,CN=Services,"
            + domain.configuration
        let wanted = ["MaxPageSize=", "MaxValRange=", "MaxQueryDuration=", "MaxResultSetSize="]
        let values = try entry(place, ["lDAPAdminLimits"])?.texts("lDAPAdminLimits") ?? []
        return values.filter { value in wanted.contains { value.utf8.starts(with: $0.utf8) } }
            .map(EntryText.shown).sorted()
    }

    /// Reads as a run does.
    func readAll() throws(StepStop) -> ReadingFacts {
        guard let source, let server else { throw stop(.incomplete, "no bases are known", "name `--people`") }
        noteReads(source)
        var settings = LDAPSourceSettings(
            source: source, urls: [server], connection: request.connection, bind: request.account.method)
        settings.account = request.account
        settings.retry = RetrySettings(attempts: 1)
        let reader = LDAPSource(settings)
        defer { reader.close() }
        let start = ContinuousClock.now
        let wanted = PullRequest(
            attributes: request.trusted, now: request.now, key: DNHashKey(first: 11, second: 13))
        switch reader.pull(wanted, progress: { _ in }) {
        case .failed(let failure): throw StepStop(cause: FailureCause(failure), failure: failure)
        case .complete(let pull):
            self.pull = pull
            let mirror = pull.mirror
            return ReadingFacts(
                people: mirror.people.count, groups: mirror.groups.count,
                memberships: mirror.memberPeople.count + mirror.memberGroups.count,
                milliseconds: (ContinuousClock.now - start).wholeMilliseconds, setAside: pull.setAside)
        }
    }

    /// The searches of a run.
    private func noteReads(_ source: SourceSettings) {
        let pageSize = source.dialect.pageSize
        let person = PersonReader(source, trusted: request.trusted, now: nil).names.names
        for base in source.people.bases {
            note(SearchRequest(base: base, filter: source.peopleFilter, attributes: person, pageSize: pageSize))
        }
        let group = GroupReader(source).names.names
        for base in source.groups.bases {
            note(SearchRequest(base: base, filter: source.groupFilter, attributes: group, pageSize: pageSize))
        }
    }

    func findGroups() throws(StepStop) -> GroupFacts {
        var facts = try pulled { GroupFacts($0.mirror, filter: $1.groupFilter.text) }
        guard let source else { return facts }
        var classes: [String: Int] = [:]
        var members: [String: Int] = [:]
        let dialect = source.dialect
        let wanted = dialect.memberAttributes + dialect.memberWithUIDAttributes + dialect.memberLoginAttributes
        for base in source.groups.bases {
            var request = SearchRequest(base: base, filter: source.groupFilter, attributes: ["objectClass"])
            request.sizeLimit = 200
            _ = try search(request) { (entry) throws(BERFault) in
                guard facts.sample < 20_000 else { return }
                facts.sample += 1
                for name in Set(try EntryCopy(entry).texts("objectClass").map(EntryText.shown)) {
                    classes[name, default: 0] += 1
                }
            }
            request.attributes = wanted
            request.typesOnly = true
            _ = try search(request) { (entry) throws(BERFault) in
                for name in try entry.names(among: wanted) { members[name, default: 0] += 1 }
            }
        }
        classes["top"] = nil
        facts.classes = DirectoryDoctor.sorted(classes)
        facts.memberAttributes = DirectoryDoctor.sorted(members)
        return facts
    }

    static func sorted(_ counts: [String: Int]) -> [NamedCount] {
        counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }.prefix(8)
            .map { NamedCount($0.key, $0.value) }
    }

    /// Looks at how the members of the largest group come.
    func findRanges() throws(StepStop) -> RangeFacts {
        guard let source else { throw stop(.incomplete, "nothing was read", "look at the steps before") }
        let attribute = source.dialect.memberAttributes.first ?? "member"
        var facts = RangeFacts(
            group: try pulled { pull, source in GroupFacts(pull.mirror, filter: "").largest }, attribute: attribute)
        guard let group = facts.group, let found = try entry(group.name, [attribute]) else { return facts }
        found.forEachAttribute { description, values in
            if let range = AttributeRange(description.utf8), range.last != nil { facts.partSize = values.count }
        }
        return facts
    }
}

extension EntryView {
    /// Which of these attributes the entry has, in parts or whole.
    func names(among wanted: [String]) throws(BERFault) -> Set<String> {
        var names = AttributeNames(wanted)
        names.startEntry()
        var found: Set<String> = []
        var cursor = self.cursor
        while let attribute = try cursor.next() {
            switch names.match(attribute.name) {
            case .known(let place), .range(let place): found.insert(wanted[place])
            case .option, .unknown: break
            }
        }
        return found
    }
}

extension Duration {
    /// For people: rounded down.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(clamping: seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}
