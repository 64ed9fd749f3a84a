/// Why a change is made.
package enum Reason: Sendable, Hashable {
    /// Rules give it: each with name, place in the file and the groups by which the person meets its condition.
    case rules([RuleReason])
    /// No rule gives it any more; the rules that did, as recorded.
    case noRule(before: String)
    /// A cause began or ended; the detail is a sentence for humans.
    case cause(CauseKind, detail: String)
    /// A seat came free, or is short.
    case seats(pool: String, detail: String)
    /// A file was edited.
    case edited(file: String)
    /// The directory's own data changed: email, name.
    case directory(detail: String)
    /// A human did it.
    case human(name: String, reason: String)
    /// What the roster recorded before, put back by an undo.
    case recorded(String)

    /// Of somebody whom no missing seat keeps waiting, but the number of invitations a night.
    package static let pace = Reason.seats(pool: "", detail: "waits for their turn: so many invitations a night")
}

/// A rule as a reason.
package struct RuleReason: Sendable, Hashable {
    package var rule: String
    /// `mappings/vivi.yaml:14`.
    package var place: String
    package var captured: String?
    /// Names of the groups that give: of those the condition names, but for the ones under a `not`, the person's own.
    ///
    /// Empty for somebody who meets the condition by something else.
    package var groups: [String]

    package init(rule: String, place: String, captured: String?, groups: [String]) {
        self.rule = rule
        self.place = place
        self.captured = captured
        self.groups = groups
    }
}
