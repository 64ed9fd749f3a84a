import DirectoryModel

/// Something a human should know, no change in itself.
package struct Finding: Sendable, Hashable {
    package enum Weight: UInt8, Sendable, Comparable {
        case note, warning, severe

        package static func < (left: Weight, right: Weight) -> Bool { left.rawValue < right.rawValue }
    }
    /// Stable dotted code: `person.no-email`.
    package var code: String
    package var weight: Weight
    /// Whom it is about, if one person.
    package var person: PersonKey?
    /// Name to show for the person: email, login or DN.
    package var label: String
    /// One sentence, lower-case, no final period.
    package var message: String
    package var hint: String

    package init(
        code: String, weight: Weight, person: PersonKey? = nil, label: String = "", message: String, hint: String = ""
    ) {
        self.code = code
        self.weight = weight
        self.person = person
        self.label = label
        self.message = message
        self.hint = hint
    }
}
