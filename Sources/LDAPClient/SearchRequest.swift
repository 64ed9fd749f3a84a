/// One search: where, what and which attributes.
package struct SearchRequest: Sendable {
    package enum Scope: Sendable { case base, oneLevel, subtree }

    package var base: String
    package var scope: Scope
    package var filter: LDAPFilter
    /// Attributes to ask for; none asks for no attributes at all.
    package var attributes: [String]
    /// Entries in a page; nil asks for everything in one answer, which is faster where the server allows it.
    package var pageSize: Int32?
    /// Further controls, sent with every page.
    package var controls: [RequestControl]
    /// Entries after which the server is to stop, with result code 4, though not every server does; 0 for all.
    package var sizeLimit: Int32 = 0
    /// Whether only the names of attributes are asked for, so that no value travels.
    package var typesOnly = false

    package init(
        base: String, scope: Scope = .subtree, filter: LDAPFilter = .everything, attributes: [String] = [],
        pageSize: Int32? = nil, controls: [RequestControl] = []
    ) {
        self.base = base
        self.scope = scope
        self.filter = filter
        self.attributes = attributes
        self.pageSize = pageSize
        self.controls = controls
    }
}
