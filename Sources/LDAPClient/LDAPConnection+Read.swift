internal import CLDAP

extension LDAPConnection {
    /// The values of some attributes of one entry, in the order asked for; nil when there is no such entry or it may not be seen.
    package func read(_ base: String, _ attributes: [String]) throws(LDAPError) -> [[[UInt8]]]? {
        var names = AttributeNames(attributes)
        var found: [[[UInt8]]]?
        let request = SearchRequest(base: base, scope: .base, attributes: attributes)
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

    /// The suffixes of the server, from its root entry; empty when it does not show them.
    package func namingContexts() throws(LDAPError) -> [String] {
        let values = try read("", ["namingContexts"])
        return (values?[0] ?? []).compactMap { String(validating: $0, as: UTF8.self) }
    }
}
