import AccessModel
import Reconciliation

/// The numbers that stand for cases in the file.
///
/// They are the file's own and never change, whatever becomes of the types.
enum StoredCode {
    static func code(_ status: UserStatus) -> Int64 {
        switch status {
        case .invited: 0
        case .active: 1
        case .suspended: 2
        case .removed: 3
        }
    }

    static func status(_ code: Int64) -> UserStatus? {
        switch code {
        case 0: .invited
        case 1: .active
        case 2: .suspended
        case 3: .removed
        default: nil
        }
    }

    /// Every kind of change with its number; the names are those of the public view.
    static let changes: [(kind: ChangeKind, code: Int64)] = [
        (.suspend, 0), (.remove, 1), (.leaveScope, 2), (.setCause, 3), (.clearCause, 4), (.changeEmail, 5),
        (.changeName, 6), (.changeRole, 7), (.addTemplate, 8), (.removeTemplate, 9), (.switchOn, 10), (.switchOff, 11),
        (.addGrant, 12), (.removeGrant, 13), (.changePermissions, 14), (.activate, 15), (.resume, 16), (.joinScope, 17),
        (.invite, 18), (.wait, 19), (.stopWaiting, 20), (.grantByHand, 21), (.revokeByHand, 22), (.changeID, 23),
        (.adopt, 24), (.note, 25),
    ]

    static func code(_ kind: ChangeKind) -> Int64 {
        switch kind {
        case .suspend: 0
        case .remove: 1
        case .leaveScope: 2
        case .setCause: 3
        case .clearCause: 4
        case .changeEmail: 5
        case .changeName: 6
        case .changeRole: 7
        case .addTemplate: 8
        case .removeTemplate: 9
        case .switchOn: 10
        case .switchOff: 11
        case .addGrant: 12
        case .removeGrant: 13
        case .changePermissions: 14
        case .activate: 15
        case .resume: 16
        case .joinScope: 17
        case .invite: 18
        case .wait: 19
        case .stopWaiting: 20
        case .grantByHand: 21
        case .revokeByHand: 22
        case .changeID: 23
        case .adopt: 24
        case .note: 25
        }
    }

    static func change(_ code: Int64) -> ChangeKind? {
        changes.first { $0.code == code }?.kind
    }
}
