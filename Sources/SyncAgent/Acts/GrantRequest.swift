package import Reconciliation

/// What somebody is to be given by hand, or to have taken back, as typed.
package struct GrantRequest: Sendable {
    /// An email, a login or an immutable id.
    package var person: String
    package var target: String
    package var parts: [ManualGrant.Part]
    /// Mandatory.
    package var reason: String
    /// A day, which counts whole, or a time with its zone; nil for good.
    package var until: String?

    package init(
        person: String, target: String, parts: [ManualGrant.Part], reason: String, until: String? = nil
    ) {
        self.person = person
        self.target = target
        self.parts = parts
        self.reason = reason
        self.until = until
    }
}
