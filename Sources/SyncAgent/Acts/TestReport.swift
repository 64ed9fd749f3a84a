package import AccessModel
package import Diagnostics

/// What `test` found: one outcome for each mapping test of each mapping file.
package struct TestReport: Sendable, Equatable {
    package var outcomes: [TestOutcome]
    /// Rules that no test touches.
    package var untested: [UntestedRule]

    package init(outcomes: [TestOutcome], untested: [UntestedRule]) {
        self.outcomes = outcomes
        self.untested = untested
    }

    package var failed: Int { outcomes.count { !$0.passed } }
}

/// How one mapping test ended.
package struct TestOutcome: Sendable, Equatable {
    package var target: String
    package var name: String
    package var position: SourcePosition
    package var expected: Access
    package var found: Access
    package var passed: Bool
    /// What differs, one sentence each.
    package var differences: [String]

    package init(
        target: String, name: String, position: SourcePosition, expected: Access, found: Access, passed: Bool,
        differences: [String]
    ) {
        self.target = target
        self.name = name
        self.position = position
        self.expected = expected
        self.found = found
        self.passed = passed
        self.differences = differences
    }
}

/// A rule that no mapping test touches.
package struct UntestedRule: Sendable, Equatable {
    package var target: String
    package var name: String
    package var position: SourcePosition

    package init(target: String, name: String, position: SourcePosition) {
        self.target = target
        self.name = name
        self.position = position
    }
}
