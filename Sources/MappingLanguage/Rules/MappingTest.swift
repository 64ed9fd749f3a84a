package import AccessModel
package import Diagnostics

/// A test of a mapping: somebody imagined, and exactly what the rules must give them.
package struct MappingTest: Sendable, Equatable {
    package var name: String
    package var position: SourcePosition
    /// Effective groups, as rules name them.
    package var groups: [String]
    /// Values by attribute, sorted by name (lower-case).
    package var attributes: [AttributeValues]
    /// The person's DN, for `under`.
    package var dn: String?
    /// The person's immutable id, for `id`.
    package var id: String?
    package var expected: Access

    package init(
        name: String, position: SourcePosition, groups: [String], attributes: [AttributeValues] = [], dn: String? = nil,
        id: String? = nil, expected: Access
    ) {
        self.name = name
        self.position = position
        self.groups = groups
        self.attributes = attributes
        self.dn = dn
        self.id = id
        self.expected = expected
    }

    package struct AttributeValues: Sendable, Equatable {
        package var name: String
        package var values: [String]

        package init(name: String, values: [String]) {
            self.name = name
            self.values = values
        }
    }
}
