internal import DirectoryModel
internal import LDAPClient

/// An entry that came with only some of the values of an attribute.
struct PartialEntry {
    var dn: [UInt8]
    var id: ImmutableID?
}

/// Entries of which the server gives values in parts.
extension LDAPSource {
    /// Result codes by which Active Directory says that there are no values so far behind: operationsError, noSuchAttribute.
    private static let beyondEnd: Set<Int32> = [1, 16]

    /// All of an entry; throws when its parts do not make a whole.
    func whole(
        _ entry: PartialEntry, _ connection: LDAPConnection, _ names: [String]
    ) throws(PullFailure) -> EntryCopy {
        guard let dn = String(validating: entry.dn, as: UTF8.self) else {
            throw failure(.gone, EntryText.shown(String(decoding: entry.dn, as: UTF8.self)), connection)
        }
        var base = dn
        // By its id the entry is found even when it is renamed meanwhile.
        if let id = entry.id, IDSyntax(attribute: settings.source.attributes.id) == .objectGUID {
            base = "<GUID=\(id)>"
        }
        var ranged = RangedEntry(names: names, changeAttribute: settings.source.dialect.changeAttribute)
        let fault = try ranged.read { (attributes) throws(PullFailure) -> RangedEntry.Answer in
            let answer = try ask(base, attributes, connection)
            guard case .none = answer, base != dn else { return answer }
            base = dn
            return try ask(base, attributes, connection)
        }
        if let fault { throw failure(fault, EntryText.shown(dn), connection) }
        return ranged.whole
    }

    private func ask(
        _ base: String, _ attributes: [String], _ connection: LDAPConnection
    ) throws(PullFailure) -> RangedEntry.Answer {
        var found: EntryCopy?
        let search = SearchRequest(base: base, scope: .base, attributes: attributes)
        let end = try attempt { () throws(LDAPError) in
            try connection.search(search) { (entry) throws(BERFault) in found = try EntryCopy(entry) }
        }
        // noSuchObject, invalidDNSyntax
        if end.code == 32 || end.code == 34 { return .none }
        if LDAPSource.beyondEnd.contains(end.code) { return .beyondEnd }
        try settings.source.checkWhole(end, search, connection.server, harmless: ForestReferences(nil))
        return found.map { .entry($0) } ?? .none
    }

    private func failure(_ fault: RangedEntry.Fault, _ dn: String, _ connection: LDAPConnection) -> PullFailure {
        let server = connection.server
        return switch fault {
        case .gone:
            settings.source.failure(
                .incomplete, "`\(dn)` went away while its values were read in parts", "run again")
        case .broken(let attribute, let count):
            settings.source.failure(
                .incomplete,
                "`\(server)` gave \(count) values of `\(attribute)` of `\(dn)`, and then not the next ones",
                "look at what stands between here and the server; the group cannot be read whole")
        case .endedEarly(let attribute, let count):
            settings.source.failure(
                .incomplete, "`\(server)` ended `\(attribute)` of `\(dn)` after \(count) values, but has more",
                "look at what stands between here and the server; the group cannot be read whole")
        case .changing:
            settings.source.failure(
                .incomplete,
                "`\(dn)` changed each of \(RangedEntry.attempts) times while its values were read in parts",
                "run again when it is at rest; the bind account must be able to read `\(settings.source.dialect.changeAttribute)`"
            )
        }
    }
}
