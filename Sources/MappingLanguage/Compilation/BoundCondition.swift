import DirectoryModel

/// A condition with its references resolved: groups by place, tests by place, people by place.
indirect enum BoundCondition: Sendable {
    case group(Int, nested: Bool)
    /// Place in the table of distinct tests.
    case test(Int)
    case people([PersonIndex])
    case all([BoundCondition])
    case any([BoundCondition])
    case not(BoundCondition)
    /// Nobody: a rule that gives nothing.
    case nobody

    /// Places of the groups that being in speaks for the condition, in the order of the file; not those under a `not`.
    var givingGroups: [Int] { groups(isNegated: false) }

    private func groups(isNegated: Bool) -> [Int] {
        switch self {
        case .group(let place, _): isNegated ? [] : [place]
        case .test, .people, .nobody: []
        case .all(let parts), .any(let parts): parts.flatMap { $0.groups(isNegated: isNegated) }
        case .not(let part): part.groups(isNegated: !isNegated)
        }
    }

    /// Places of all groups that the condition names, under a `not` or not.
    var groups: [Int] { groups(isNegated: false) + groups(isNegated: true) }

    /// Tests that must be known for everybody, since no group narrows the question down first.
    var openTests: [Int] {
        switch self {
        case .test(let place): [place]
        case .group, .people, .nobody: []
        case .all(let parts): parts.contains(where: \.isNarrow) ? [] : parts.flatMap(\.openTests)
        case .any(let parts): parts.flatMap(\.openTests)
        case .not(let part): part.openTests
        }
    }

    /// Whether it can be answered without looking at records.
    var isNarrow: Bool {
        switch self {
        case .group, .people, .nobody: true
        case .test, .not: false
        case .all(let parts): parts.contains(where: \.isNarrow)
        case .any(let parts): parts.allSatisfy(\.isNarrow)
        }
    }
}

/// A test of a person's record.
enum RecordTest: Sendable {
    /// Any value of the field passes.
    case attribute(tag: UInt8, FoldedTest)
    /// The DN is the canonical base or below it.
    case under([UInt8])
}
