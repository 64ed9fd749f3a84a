import AccessModel
package import Reconciliation

/// The words that reports have for a kind of change: made here, used by text, JSON and CSV alike.
extension ChangeKind {
    /// Stable name for programs; also the name under which a run counts it.
    package var name: String {
        switch self {
        case .suspend: "suspend"
        case .remove: "remove"
        case .leaveScope: "leave_scope"
        case .setCause: "set_cause"
        case .clearCause: "clear_cause"
        case .changeEmail: "change_email"
        case .changeName: "change_name"
        case .changeRole: "change_role"
        case .addTemplate: "add_template"
        case .removeTemplate: "remove_template"
        case .switchOn: "switch_on"
        case .switchOff: "switch_off"
        case .addGrant: "add_grant"
        case .removeGrant: "remove_grant"
        case .changePermissions: "change_permissions"
        case .activate: "activate"
        case .resume: "resume"
        case .joinScope: "join_scope"
        case .invite: "invite"
        case .wait: "wait"
        case .stopWaiting: "stop_waiting"
        case .grantByHand: "grant_by_hand"
        case .revokeByHand: "revoke_by_hand"
        case .changeID: "change_id"
        case .adopt: "adopt"
        case .note: "note"
        }
    }

    /// What became of somebody, to stand after a number: `188 suspended`.
    package var participle: String {
        switch self {
        case .suspend: "suspended"
        case .remove: "removed"
        case .leaveScope: "taken out of a scope"
        case .setCause: "suspended for a further cause"
        case .clearCause: "rid of a cause"
        case .changeEmail: "given another email"
        case .changeName: "renamed"
        case .changeRole: "given another role"
        case .addTemplate: "given a template"
        case .removeTemplate: "rid of a template"
        case .switchOn: "switched on"
        case .switchOff: "switched off"
        case .addGrant: "given a grant"
        case .removeGrant: "rid of a grant"
        case .changePermissions: "with other permissions"
        case .activate: "activated"
        case .resume: "resumed"
        case .joinScope: "added to a scope"
        case .invite: "invited"
        case .wait: "waiting for a seat"
        case .stopWaiting: "out of the line"
        case .grantByHand: "given something by hand"
        case .revokeByHand: "rid of a grant by hand"
        case .changeID: "known by another id"
        case .adopt: "adopted"
        case .note: "noted as unmanaged"
        }
    }

    /// `+` for those who come, `-` for those who go, `~` for the others.
    package var mark: String {
        switch self {
        case .suspend, .remove: "-"
        case .activate, .resume, .invite, .adopt: "+"
        default: "~"
        }
    }

    var tone: Tone {
        switch mark {
        case "+": .added
        case "-": .removed
        default: .changed
        }
    }

    /// What takes access away from somebody.
    package var isLoss: Bool {
        switch self {
        case .suspend, .remove, .leaveScope, .removeTemplate, .switchOff, .removeGrant: true
        default: false
        }
    }
}

extension Change {
    /// The change in a few words in view of its reason: whoever waits for their turn waits for no seat.
    package func phrase(for reason: Reason) -> String {
        guard kind == .wait, reason == .pace else { return phrase }
        return (scope == .root ? "" : "\(scope): ") + "waits for their turn" + (after.map { " as \($0)" } ?? "")
    }

    /// The change in a few words, before and after included: `support: chat-user → agent-manager`.
    package var phrase: String {
        let place = scope == .root ? "" : "\(scope): "
        switch kind {
        case .suspend: return before.map { "suspended, was \($0)" } ?? "suspended"
        case .remove: return before.map { "removed, was \($0)" } ?? "removed"
        case .resume: return after.map { "resumed, \($0)" } ?? "resumed"
        case .activate: return "activated"
        case .invite:
            return after.flatMap { $0 == UserStatus.invited.rawValue ? nil : "invited, \($0)" } ?? "invited"
        case .leaveScope: return place + (before.map { "leaves, was \($0)" } ?? "leaves")
        case .joinScope: return place + (after.map { "joins as \($0)" } ?? "joins")
        case .wait: return place + (after.map { "waits for a seat as \($0)" } ?? "waits for a seat")
        case .stopWaiting: return place + "no longer waits in line"
        case .adopt: return after.map { "adopted, \($0)" } ?? "adopted"
        case .note: return after.map { "noted as unmanaged, \($0)" } ?? "noted as unmanaged"
        case .setCause: return "further cause \(after ?? "")"
        case .clearCause: return "cause \(before ?? "") gone"
        case .addTemplate: return place + "template \(after ?? "") added"
        case .removeTemplate: return place + "template \(before ?? "") taken away"
        case .switchOn: return "\(after ?? before ?? "") switched on"
        case .switchOff: return "\(before ?? after ?? "") switched off"
        case .addGrant: return place + "grant \(after ?? "") added"
        case .removeGrant: return place + "grant \(before ?? "") taken away"
        case .grantByHand: return "given by hand: \(after ?? "")"
        case .revokeByHand: return "no longer by hand: \(before ?? "")"
        case .changeID: return "id " + difference
        case .changeEmail: return "email " + difference
        case .changeName: return "name " + difference
        case .changeRole: return place + difference
        case .changePermissions:
            return PermissionDifference(self)?.sentence ?? place + "permissions " + difference
        }
    }

    private var difference: String { "\(Change.shown(before)) → \(Change.shown(after))" }

    private static func shown(_ value: String?) -> String {
        guard let value, !value.isEmpty else { return "none" }
        return value
    }
}
