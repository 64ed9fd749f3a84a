package import Diagnostics

/// A cause of one's own, in the words of mappings: `suspend_when` of the policy.
package struct CauseCondition: Sendable, Equatable {
    package var name: String
    package var position: SourcePosition
    package var condition: Condition

    package init(name: String, position: SourcePosition, condition: Condition) {
        self.name = name
        self.position = position
        self.condition = condition
    }
}
