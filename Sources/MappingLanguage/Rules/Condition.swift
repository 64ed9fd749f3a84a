package import Diagnostics
package import DirectoryModel

/// The `when` of a rule.
package indirect enum Condition: Sendable, Equatable {
    case group(GroupReference)
    case attribute(AttributeTest)
    /// A DN that is the person's own or above it.
    case under(BaseName)
    /// The person's own immutable id.
    case person(PersonReference)
    case all([Condition])
    case any([Condition])
    case not(Condition)

    /// Every group named, in the order of the file, and whether it stands inside a `not`.
    package var groups: [(reference: GroupReference, isNegated: Bool)] {
        switch self {
        case .group(let reference): [(reference, false)]
        case .attribute, .under, .person: []
        case .all(let parts), .any(let parts): parts.flatMap(\.groups)
        case .not(let part): part.groups.map { ($0.reference, true) }
        }
    }

    /// Whether any part of it asks for a person by immutable id.
    package var namesPeople: Bool {
        switch self {
        case .person: true
        case .group, .attribute, .under: false
        case .all(let parts), .any(let parts): parts.contains(where: \.namesPeople)
        case .not(let part): part.namesPeople
        }
    }

    /// Every attribute test, in the order of the file.
    package var attributeTests: [AttributeTest] {
        switch self {
        case .attribute(let test): [test]
        case .group, .under, .person: []
        case .all(let parts), .any(let parts): parts.flatMap(\.attributeTests)
        case .not(let part): part.attributeTests
        }
    }
}

/// A DN that stands above people.
package struct BaseName: Sendable, Hashable {
    package var dn: String
    package var position: SourcePosition

    package init(dn: String, position: SourcePosition) {
        self.dn = dn
        self.position = position
    }
}

/// One person by immutable id.
package struct PersonReference: Sendable, Hashable {
    package var directory: String?
    package var id: ImmutableID
    package var position: SourcePosition

    package init(directory: String?, id: ImmutableID, position: SourcePosition) {
        self.directory = directory
        self.id = id
        self.position = position
    }
}
