internal import CLDAP

extension LDAPConnection {
    /// The values of some attributes of one entry, in the order asked for; nil when there is no such entry or it may not be seen.
    package func read(
        _ base: String, _ attributes: [String], controls: [RequestControl] = []
    ) throws(LDAPError) -> [[[UInt8]]]? {
        var names = AttributeNames(attributes)
        var found: [[[UInt8]]]?
        let request = SearchRequest(base: base, scope: .base, attributes: attributes, controls: controls)
        let end = try search(request) { (entry) throws(BERFault) in
            var values: [[[UInt8]]] = attributes.map { _ in [] }
            var cursor = entry.cursor
            while var attribute = try cursor.next() {
                guard case .known(let index) = names.match(attribute.name) else { continue }
                while let value = try attribute.values.next() { values[index].append(Array(value)) }
            }
            found = values
        }
        if end.code == LDAP_NO_SUCH_OBJECT { return nil }
        guard end.code == LDAP_SUCCESS else {
            throw LDAPError(
                .failed(base: ServerText.escaped(base.utf8)), server: server.description, code: end.code,
                serverText: end.text)
        }
        return found
    }

    /// The same of an entry that need not be there, or be seen: nil also where the server refuses for good.
    package func readVisible(_ base: String, _ attributes: [String]) throws(LDAPError) -> [[[UInt8]]]? {
        do throws(LDAPError) { return try read(base, attributes) } catch {
            guard case .failed = error.problem, error.code > 0, error.resultClass == .fatal else { throw error }
            return nil
        }
    }

    /// Asks for nothing in particular and waits for the answer: whatever came of earlier searches, late or under a number that
    /// nobody waits for, has come to light by then.
    package func settle() throws(LDAPError) {
        _ = try search(SearchRequest(base: "", scope: .base)) { _ in }
    }

    /// What the server says of itself; nothing where it does not show its root entry.
    package func rootEntry() throws(LDAPError) -> RootEntry {
        let values = try read("", RootEntry.attributes) ?? []
        let named = zip(RootEntry.attributes, values).filter { !$1.isEmpty }
        return RootEntry(Dictionary(named.map { ($0.lowercased(), $1) }) { first, _ in first })
    }

    /// The suffixes of the server, from its root entry; empty when it does not show them.
    package func namingContexts() throws(LDAPError) -> [String] {
        let values = try read("", ["namingContexts"])
        return (values?[0] ?? []).compactMap { String(validating: $0, as: UTF8.self) }
    }
}
