/// Where in a target a role or a seat is: names from the outermost scope's only instance down, which itself is the empty path.
///
/// `[]` is the account, tenant or organization; `[support]` a workspace; `[support, order-bot]` an assistant in it.
package struct ScopePath: Hashable, Sendable {
    package let components: [String]

    package init(_ components: [String]) { self.components = components }

    package static let root = ScopePath([])

    /// How far inside: 0 for the outermost scope; the index into `Platform.scopes`.
    package var depth: Int { components.count }

    package var parent: ScopePath? { components.isEmpty ? nil : ScopePath(Array(components.dropLast())) }

    /// The scope around this one at a depth; this one itself where it is not as deep.
    package func ancestor(atDepth depth: Int) -> ScopePath { ScopePath(Array(components.prefix(max(0, depth)))) }

    /// Whether this scope is `outer` or lies inside it.
    package func isInside(_ outer: ScopePath) -> Bool {
        components.starts(with: outer.components)
    }
}

extension ScopePath: Comparable {
    /// Bytewise by component, outer scopes first.
    package static func < (left: ScopePath, right: ScopePath) -> Bool {
        left.components.lexicographicallyPrecedes(right.components) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

extension ScopePath: CustomStringConvertible {
    /// `support/order-bot`; the empty text for the outermost scope.
    package var description: String { components.joined(separator: "/") }

    /// The path written by `description`.
    package init(_ description: String) {
        components = description.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
    }
}
