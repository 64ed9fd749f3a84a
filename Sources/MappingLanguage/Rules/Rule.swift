package import Diagnostics

/// One rule of a mapping: *when* a person is …, *give* ….
package struct Rule: Sendable, Equatable {
    /// As written, or after its place: `rule 3`.
    package var name: String
    package var position: SourcePosition
    package var condition: Condition
    package var gift: Gift
    /// The role that stands in while seats are short.
    package var otherwise: String?
    /// Higher first when seats are short.
    package var seatPriority: Int
    /// Higher wins where a user may have one template.
    package var templatePriority: Int
    /// Whether it may give what the platform marks privileged.
    package var isPrivileged: Bool

    package init(
        name: String, position: SourcePosition, condition: Condition, gift: Gift, otherwise: String? = nil,
        seatPriority: Int = 0, templatePriority: Int = 0, isPrivileged: Bool = false
    ) {
        self.name = name
        self.position = position
        self.condition = condition
        self.gift = gift
        self.otherwise = otherwise
        self.seatPriority = seatPriority
        self.templatePriority = templatePriority
        self.isPrivileged = isPrivileged
    }
}
