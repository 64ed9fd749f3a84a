/// One connection to the stub: who is bound, and the pages that are still to come.
struct ADSession {
    /// The state at the moment of the request; set anew for each.
    var domain = ADDomain()
    var options = ADStub.Options()
    private(set) var isBound = false
    /// Objects of searches whose next page was not asked for yet, by cookie.
    private var pages: [[UInt8]: [[UInt8]]] = [:]
    private var nextCookie = 0

    static let whoAmI = "1.3.6.1.4.1.4203.1.11.3"
    private static let showDeleted = "1.2.840.113556.1.4.417"
    private static let domainScope = "1.2.840.113556.1.4.1339"
    private static let rangeNoError = "1.2.840.113556.1.4.1948"

    mutating func answer(_ message: LDAPMessage) -> [LDAPMessage] {
        switch message.kind {
        case .bindRequest: [bind(message)]
        case .searchRequest: search(message)
        case .extendedRequest: [extended(message)]
        case .abandonRequest: []
        default:
            [
                LDAPMessage(
                    id: message.id, .searchDone, LDAPResultParts(code: 53, text: "00002035: LdapErr: DSID-0C0909FA"))
            ]
        }
    }

    // MARK: Binding

    /// Pages do not outlive a bind.
    private mutating func bind(_ message: LDAPMessage) -> LDAPMessage {
        pages = [:]
        let parts = message.operation.parts
        let (name, password) = parts.count == 3 ? (parts[1].text, parts[2].text) : ("", "")
        if name.isEmpty, password.isEmpty {
            isBound = false
            return LDAPMessage(id: message.id, .bindResponse, LDAPResultParts(code: 0))
        }
        let names = [ADStub.reader.dn, "sync@corp.example.org", "CORP\\sync"].map { $0.lowercased() }
        let isRight = names.contains(name.lowercased()) && password == ADStub.reader.password
        isBound = isRight && options.bindFault == nil
        guard !isBound else { return LDAPMessage(id: message.id, .bindResponse, LDAPResultParts(code: 0)) }
        let fault = options.bindFault ?? "52e"
        let text = "80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data \(fault), v4563"
        return LDAPMessage(id: message.id, .bindResponse, LDAPResultParts(code: 49, text: text))
    }

    private func extended(_ message: LDAPMessage) -> LDAPMessage {
        guard message.extendedName == ADSession.whoAmI else {
            let text = "0000203D: LdapErr: DSID-0C0912E3, comment: Unknown extended request OID, data 0, v4563"
            return LDAPMessage(id: message.id, .extendedResponse, LDAPResultParts(code: 2, text: text))
        }
        let name = BERElement(0x8b, Array((isBound ? "u:CORP\\sync" : "").utf8))
        return LDAPMessage(id: message.id, .extendedResponse, LDAPResultParts(code: 0, more: [name]))
    }

    // MARK: Searching

    private mutating func search(_ message: LDAPMessage) -> [LDAPMessage] {
        guard let search = message.search else { return [done(message, LDAPResultParts(code: 2))] }
        if search.base.isEmpty, search.scope == 0 {
            return [rootEntry(message, search), done(message, .init(code: 0))]
        }
        guard isBound else {
            let text = "000004DC: LdapErr: DSID-0C090A5C, comment: In order to perform this operation a successful bind"
            return [done(message, LDAPResultParts(code: 1, text: text))]
        }
        if let control = message.control(ADDirSync.type) {
            return ADDirSync(domain: domain, options: options).answer(message, search, control)
        }
        guard let base = find(search.base), !base.isDeleted || sees(message) else {
            let text = "0000208D: NameErr: DSID-03100241, problem 2001 (NO_OBJECT), data 0, best match of:\n\t''\n"
            return [done(message, LDAPResultParts(code: 32, text: text))]
        }
        let references = references(message, search, base)
        guard let paged = message.pagedResults else {
            let found = matching(search, base, sees(message))
            let kept = found.prefix(options.maxPageSize)
            let code = found.count > kept.count ? 4 : 0
            return kept.map { entry(message, search, $0) } + references + [done(message, LDAPResultParts(code: code))]
        }
        return page(message, search, base, paged, references)
    }

    private mutating func page(
        _ message: LDAPMessage, _ search: LDAPSearchParts, _ base: ADEntry, _ paged: (size: Int, cookie: [UInt8]),
        _ references: [LDAPMessage]
    ) -> [LDAPMessage] {
        var rest: [[UInt8]]
        if paged.cookie.isEmpty {
            rest = matching(search, base, sees(message)).map(\.guid)
        } else if let left = pages.removeValue(forKey: paged.cookie) {
            rest = left
        } else {
            let text = "00000057: LdapErr: DSID-0C090A88, comment: Error processing control, data 0, v4563"
            return [done(message, LDAPResultParts(code: 12, text: text))]
        }
        let count = max(1, min(paged.size, options.maxPageSize))
        let entries = rest.prefix(count).compactMap { domain.entry(guid: $0) }.map { entry(message, search, $0) }
        rest.removeFirst(min(count, rest.count))
        var end = done(message, LDAPResultParts(code: 0))
        var cookie: [UInt8] = []
        if !rest.isEmpty {
            nextCookie += 1
            cookie = Array("page \(nextCookie)".utf8)
            pages[cookie] = rest
        }
        end.pagedResults = (0, cookie)
        return entries + (rest.isEmpty ? references : []) + [end]
    }

    private func sees(_ message: LDAPMessage) -> Bool {
        options.mayReadDeleted && message.control(ADSession.showDeleted) != nil
    }

    /// By a name or by `<GUID=…>`.
    private func find(_ base: String) -> ADEntry? {
        guard base.hasPrefix("<GUID="), base.hasSuffix(">") else { return domain.entry(base) }
        let wanted = base.dropFirst(6).dropLast().lowercased()
        return domain.entries.first { ADEntry.guidText($0.guid) == wanted }
    }

    private func matching(_ search: LDAPSearchParts, _ base: ADEntry, _ seesDeleted: Bool) -> [ADEntry] {
        domain.entries.filter { entry in
            guard !entry.isDeleted || seesDeleted, isInScope(entry, search.scope, base.dn) else { return false }
            return ADFilter(domain: domain, entry: entry).matches(search.filter) == true
        }
    }

    private func isInScope(_ entry: ADEntry, _ scope: Int, _ base: String) -> Bool {
        switch scope {
        case 0: entry.dn == base
        case 1: ADName.isChild(entry.dn, of: base)
        default: ADName.isUnder(entry.dn, base) && (base == ADDomain.configuration || !isConfiguration(entry))
        }
    }

    private func isConfiguration(_ entry: ADEntry) -> Bool { entry.dn.hasSuffix(ADDomain.configuration) }

    private func references(_ message: LDAPMessage, _ search: LDAPSearchParts, _ base: ADEntry) -> [LDAPMessage] {
        guard search.scope == 2, base.dn == ADDomain.suffix, message.control(ADSession.domainScope) == nil else {
            return []
        }
        let child = options.hasChild ? ["ldap://child.\(options.host)/DC=child,\(ADDomain.suffix)"] : []
        return
            (child + [
                "ldap://ForestDnsZones.\(options.host)/DC=ForestDnsZones,\(ADDomain.suffix)",
                "ldap://DomainDnsZones.\(options.host)/DC=DomainDnsZones,\(ADDomain.suffix)",
                "ldap://\(options.host)/\(ADDomain.configuration)",
            ]).map { LDAPMessage(id: message.id, reference: $0) }
    }

    private func entry(_ message: LDAPMessage, _ search: LDAPSearchParts, _ entry: ADEntry) -> LDAPMessage {
        let shown = ADView(
            domain: domain, entry: entry, maxValRange: options.maxValRange, isBase: search.scope == 0)
        return LDAPMessage(
            id: message.id, LDAPEntryParts(dn: entry.dn, attributes: shown.attributes(search.attributes)))
    }

    private func rootEntry(_ message: LDAPMessage, _ search: LDAPSearchParts) -> LDAPMessage {
        let all: [(String, [String])] = [
            ("supportedCapabilities", ["1.2.840.113556.1.4.800", "1.2.840.113556.1.4.1670"]),
            ("supportedControl", [LDAPMessage.pagedResultsType, ADDirSync.type, ADSession.showDeleted]),
            ("namingContexts", [ADDomain.suffix, ADDomain.configuration]),
            ("defaultNamingContext", [ADDomain.suffix]), ("rootDomainNamingContext", [ADDomain.suffix]),
            ("configurationNamingContext", [ADDomain.configuration]), ("dnsHostName", ["dc1.\(options.host)"]),
            ("dsServiceName", [ADDomain.service]), ("highestCommittedUSN", [String(domain.sequence)]),
        ]
        let wanted = Set(search.attributes.map { $0.lowercased() })
        let shown = all.filter { wanted.isEmpty || wanted.contains("*") || wanted.contains($0.0.lowercased()) }
        return LDAPMessage(
            id: message.id,
            LDAPEntryParts(dn: "", attributes: shown.map { .init($0.0, $0.1.map { Array($0.utf8) }) }))
    }

    private func done(_ message: LDAPMessage, _ result: LDAPResultParts) -> LDAPMessage {
        LDAPMessage(id: message.id, .searchDone, result)
    }
}
