/// Conditions in words.
extension Condition {
    /// One line: `in group support and not in group contractors`.
    package var text: String {
        switch self {
        case .group(let reference): "in group `\(reference.text)`" + (reference.nested ? "" : " directly")
        case .attribute(let test): test.description
        case .under(let base): "below `\(base.dn)`"
        case .person(let reference): "is the person with id `\(reference.id)`"
        case .all(let parts): "all of (" + parts.map(\.text).joined(separator: "; ") + ")"
        case .any(let parts): "any of (" + parts.map(\.text).joined(separator: "; ") + ")"
        case .not(let part): "not (" + part.text + ")"
        }
    }
}
