package import AccessModel
package import Reconciliation

/// Access in one line, for people.
extension Access {
    /// `account-admin; support: chat-user; template qa; crm_access on; conversations view+edit`, or `nothing`.
    package var sentence: String {
        var parts = roles.map { AccessText.placed($0.role, in: $0.scope) }
        parts += grants.map { AccessText.placed("grant \($0.role)", in: $0.scope) }
        parts += templates.map { "template \($0)" }
        parts += switches.map { "\($0) on" }
        parts += permissions.map(\.sentence)
        return parts.isEmpty ? "nothing" : parts.joined(separator: "; ")
    }
}

extension Access {
    /// The same, with what humans gave apart: `support: chat-user; by hand: template qa`.
    package func sentence(byHand grants: [ManualGrant]) -> String {
        let (rules, byHand) = apart(grants)
        if byHand.isEmpty { return sentence }
        let parts = rules.isEmpty ? [] : [rules.sentence]
        return (parts + ["by hand: \(byHand.map(\.words).joined(separator: ", "))"]).joined(separator: "; ")
    }
}

extension AreaSetting {
    /// `build/knowledge edit`, `conversations view+create`.
    package var sentence: String { "\(area) \(values.isEmpty ? "none" : values.joined(separator: "+"))" }
}

/// Small words of access texts.
enum AccessText {
    static func placed(_ what: String, in scope: ScopePath) -> String {
        scope == .root ? what : "\(scope): \(what)"
    }
}
