internal import DirectoryModel
internal import LDAPClient

/// What the server is, what it holds, and where the people are.
extension DirectoryDoctor {
    func detectServer() throws(StepStop) -> ServerFacts {
        note(SearchRequest(base: "", scope: .base, attributes: RootEntry.attributes))
        let connection = try connected()
        let (found, root) = try attempt { () throws(LDAPError) in
            (try DetectedServer.ask(connection), try connection.rootEntry())
        }
        detected = found
        let kind = source?.dialect.kind ?? request.kind ?? found.kind ?? .openldap
        let dialect = Dialect.of(kind)
        var facts = ServerFacts(
            kind: found.kind, configuredKind: source?.dialect.kind ?? request.kind, vendor: found.vendor,
            mechanisms: root.texts("supportedSASLMechanisms").map { ServerText.escaped($0.utf8) }.sorted(),
            capabilities: ServerFacts.Capabilities(root, found),
            settings: SettingList(dialect, source).settings)
        let port = connection.server.port
        facts.isGlobalCatalog = found.kind == .activeDirectory && (port == 3268 || port == 3269)
        return facts
    }

    func findBases() throws(StepStop) -> BaseFacts {
        guard let detected else { throw stop(.incomplete, "the server was not asked what it is", "run again") }
        var facts = BaseFacts(contexts: detected.namingContexts.map(EntryText.shown))
        facts.domain = detected.domain.map {
            BaseFacts.Domain(
                context: EntryText.shown($0.context), host: EntryText.shown($0.host),
                securityID: $0.securityID?.description)
        }
        if source == nil { try guessBases(detected, &facts) }
        guard let source else { return facts }
        for base in source.people.bases { facts.bases.append(try standing(.people, base)) }
        for base in source.groups.bases { facts.bases.append(try standing(.groups, base)) }
        guard facts.bases.contains(where: { $0.branch == .people && $0.standing == .found }) else {
            let first = StepJudgement.ailments(.bases(facts), at: request.now).first
            var stop = stop(.incomplete, "none of the bases of people can be read", "correct `people.bases`")
            stop.facts = .bases(facts)
            stop.ailment = first
            proposal = nil
            throw stop
        }
        return facts
    }

    private func standing(_ branch: BaseFacts.Branch, _ base: String) throws(StepStop) -> BaseFacts.Base {
        let end = try search(SearchRequest(base: base, scope: .base))
        let shown = EntryText.shown(base)
        switch end.code {
        case 0 where end.entries > 0: return BaseFacts.Base(branch, shown, .found)
        case 0, 32: return BaseFacts.Base(branch, shown, .missing(above: end.matched))
        default: return BaseFacts.Base(branch, shown, .refused(code: end.code, text: end.text))
        }
    }

    /// Looks for people and groups by the defaults of the kind, and settles how the directory would be read.
    private func guessBases(_ detected: DetectedServer, _ facts: inout BaseFacts) throws(StepStop) {
        let kind = request.kind ?? detected.kind ?? .openldap
        let dialect = Dialect.of(kind)
        facts.areGuessed = request.peopleBases.isEmpty
        var people = request.peopleBases
        var groups = request.groupBases
        var domains: [String: Int] = [:]
        for context in places(kind, detected) {
            let found = try dns(dialect.peopleFilter, context.people, dialect.attributes.email, &domains)
            if request.peopleBases.isEmpty {
                people += BranchGuess.branches(of: found, below: context.suffix).map { context.fit($0, \.people) }
            }
            guard request.groupBases.isEmpty else { continue }
            var none: [String: Int] = [:]
            let seen = try dns(dialect.groupFilter, context.groups, nil, &none)
            groups += BranchGuess.branches(of: seen, below: context.suffix).map { context.fit($0, \.groups) }
        }
        guard !people.isEmpty else {
            var stop = stop(.incomplete, "nobody was found by `\(dialect.peopleFilter.text)`", "name `--people`")
            stop.facts = .bases(facts)
            stop.ailment = .nobodyFound(filter: dialect.peopleFilter.text)
            throw stop
        }
        source = SourceSettings(
            name: request.name, dialect: dialect, people: BranchSettings(bases: people),
            groups: BranchSettings(bases: groups))
        proposal = DirectoryProposal(
            kind: kind, peopleBases: people, groupBases: groups, emailDomains: DirectoryDoctor.frequent(domains))
    }

    /// Where to look for people and for groups, and what both stand below.
    private struct Place {
        var suffix: String
        var people: String
        var groups: String

        /// A branch, but never one above where was looked.
        func fit(_ branch: String, _ place: KeyPath<Place, String>) -> String {
            self[keyPath: place] == suffix || branch.utf8.count >= self[keyPath: place].utf8.count
                ? branch : self[keyPath: place]
        }
    }

    private func places(_ kind: DirectoryKind, _ detected: DetectedServer) -> [Place] {
        if let domain = detected.domain {
            return [Place(suffix: domain.context, people: domain.context, groups: domain.context)]
        }
        let own = ["cn=", "o=ipaca"]
        let contexts = detected.namingContexts.filter { name in
            !name.isEmpty && !own.contains { name.lowercased().utf8.starts(with: $0.utf8) }
        }
        return contexts.map { suffix in
            guard kind == .freeipa else { return Place(suffix: suffix, people: suffix, groups: suffix) }
            return Place(
                suffix: suffix, people: "cn=users,cn=accounts,\(suffix)", groups: "cn=groups,cn=accounts,\(suffix)")
        }
    }

    /// DNs of up to two thousand entries, with the domains of their emails.
    private func dns(
        _ filter: LDAPFilter, _ base: String, _ email: String?, _ domains: inout [String: Int]
    ) throws(StepStop) -> [String] {
        var request = SearchRequest(base: base, filter: filter, attributes: email.map { [$0] } ?? [])
        request.sizeLimit = 2_000
        var found: [String] = []
        var counts = domains
        _ = try search(request) { (entry) throws(BERFault) in
            // Whoever does not heed the limit shall not fill the memory.
            guard found.count < 20_000 else { return }
            if let dn = String(validating: entry.dn, as: UTF8.self) { found.append(dn) }
            var cursor = entry.cursor
            while var attribute = try cursor.next() {
                guard let value = try attribute.values.next(), let domain = EmailDomain.of(value) else { continue }
                counts[domain, default: 0] += 1
            }
        }
        domains = counts
        return found
    }

    private static func frequent(_ domains: [String: Int]) -> [String] {
        domains.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }.prefix(3).map(\.key)
    }
}

extension ServerFacts.Capabilities {
    fileprivate init(_ root: RootEntry, _ found: DetectedServer) {
        self = []
        if root.supports(control: ControlType.pagedResults) { insert(.paging) }
        if root.supports(control: SyncControls.request) { insert(.contentSync) }
        if root.supports(control: DirSyncControl.oid) { insert(.dirSync) }
        if root.supports(control: ControlType.showDeleted) { insert(.showDeleted) }
        if root.supports(control: EffectiveRights.control) { insert(.effectiveRights) }
        if root.supports(extension: "1.3.6.1.4.1.1466.20037") { insert(.startTLS) }
        if root.supports(extension: "1.3.6.1.4.1.4203.1.11.3") { insert(.whoAmI) }
    }
}
