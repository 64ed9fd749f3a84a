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

    package init(
        base: String, scope: Scope = .subtree, filter: LDAPFilter = .everything, attributes: [String] = [],
        pageSize: Int32? = nil
    ) {
        self.base = base
        self.scope = scope
        self.filter = filter
        self.attributes = attributes
        self.pageSize = pageSize
    }
}

/// How a search ended that the server did answer.
package struct SearchEnd: Sendable, Equatable {
    package var code: Int32
    /// What the server said with the code, escaped and cut; on a healthy search nothing.
    package var text: String
    package var entries: Int
    /// References to other servers among the entries, and the first of them, escaped and cut.
    package var references: Int
    package var firstReference: String
    /// The first URL of each reference, escaped; not more than `mostReferences` of them.
    package var referenceURLs: [String] = []
    package static let mostReferences = 16

    package init(code: Int32, text: String, entries: Int, references: Int, firstReference: String = "") {
        self.code = code
        self.text = text
        self.entries = entries
        self.references = references
        self.firstReference = firstReference
    }

    package var resultClass: ResultClass { ResultClass(code: code) }

    /// Whether the answer is whole as far as one search can tell: success, nothing said beside it, no part elsewhere.
    package var isWhole: Bool { code == 0 && text.isEmpty && references == 0 }
}
