/// The replication of changes that clients may take part in (MS-ADTS §3.1.1.3.4.1.3).
struct ADDirSync {
    static let type = "1.2.840.113556.1.4.841"
    private static let objectSecurity = 0x1
    private static let incrementalValues = 0x8000_0000

    let domain: ADDomain
    let options: ADStub.Options

    func answer(
        _ message: LDAPMessage, _ search: LDAPSearchParts, _ control: LDAPMessage.Control
    ) -> [LDAPMessage] {
        let parts = control.value.flatMap { BERElement.all(in: $0).first?.parts } ?? []
        guard parts.count == 3 else { return [refused(message, 2)] }
        let flags = parts[0].number & 0xffff_ffff
        guard ADName.key(search.base) == ADName.key(ADDomain.suffix), search.scope == 2 else {
            return [refused(message, flags & ADDirSync.objectSecurity == 0 ? 50 : 53)]
        }
        guard options.mayReplicate || flags & ADDirSync.objectSecurity != 0 else { return [refused(message, 50)] }
        guard let since = since(parts[2].content) else { return [refused(message, 12)] }
        let seesDeleted = options.mayReplicate
        let changed = domain.entries.filter { entry in
            guard entry.sequence > since, !entry.isDeleted || seesDeleted else { return false }
            return ADFilter(domain: domain, entry: entry).matches(search.filter) == true
        }
        let entries = changed.compactMap { entry -> LDAPMessage? in
            let shown = attributes(of: entry, search.attributes, since, flags & ADDirSync.incrementalValues != 0)
            guard !shown.isEmpty else { return nil }
            return LDAPMessage(id: message.id, LDAPEntryParts(dn: entry.dn, attributes: shown + identity(entry)))
        }
        let value = BER.sequence([BER.integer(0), BER.integer(0), BER.octets(cookie)])
        let end = LDAPMessage(
            id: message.id, .searchDone, LDAPResultParts(code: 0),
            controls: [LDAPMessage.Control(ADDirSync.type, value: value)])
        return entries + [end]
    }

    /// Holds the number of the last change and the database it was counted on.
    private var cookie: [UInt8] {
        Array("MSDS".utf8) + withUnsafeBytes(of: Int64(domain.sequence).littleEndian) { Array($0) } + domain.invocation
    }

    /// 0 for no cookie, and for one of another database, which leads to everything; nil for what is none.
    private func since(_ cookie: [UInt8]) -> Int? {
        if cookie.isEmpty { return 0 }
        guard cookie.count == 28, cookie.starts(with: "MSDS".utf8) else { return nil }
        guard Array(cookie[12...]) == domain.invocation else { return 0 }
        return Int(cookie[4..<12].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    private func attributes(
        of entry: ADEntry, _ asked: [String], _ since: Int, _ byValue: Bool
    ) -> [LDAPEntryParts.Attribute] {
        let wanted = Set(asked.map { $0.lowercased() })
        let all = wanted.isEmpty || wanted.contains("*")
        let changed = entry.attributes.values.filter { attribute in
            let name = attribute.name.lowercased()
            return attribute.sequence > since && name != "objectguid" && (all || wanted.contains(name))
        }
        return changed.sorted { $0.name < $1.name }.flatMap { attribute -> [LDAPEntryParts.Attribute] in
            guard byValue, since > 0, !attribute.links.isEmpty else {
                return [.init(attribute.name, attribute.values)]
            }
            let moved = attribute.links.filter { $0.value.sequence > since }
            return [(0, false), (1, true)].compactMap { place, isPresent in
                let values = moved.filter { $0.value.isPresent == isPresent }.keys
                guard !values.isEmpty else { return nil }
                return .init("\(attribute.name);range=\(place)-\(place)", Array(values))
            }
        }
    }

    private func identity(_ entry: ADEntry) -> [LDAPEntryParts.Attribute] {
        [.init("objectGUID", [entry.guid]), .init("instanceType", [Array("4".utf8)])]
    }

    private func refused(_ message: LDAPMessage, _ code: Int) -> LDAPMessage {
        let text = "00000057: LdapErr: DSID-0C0909C4, comment: Error processing control, data 0, v4563"
        return LDAPMessage(id: message.id, .searchDone, LDAPResultParts(code: code, text: text))
    }
}
