import AccessModel
import Reconciliation
import Reports
import SQLiteRoster

extension AuditEntry {
    /// The facts of `Listing.changes`; of permissions only those that differ.
    var cells: [Cell] {
        let change = Change(
            kind: kind, evidence: .positive, subject: 0, reason: 0, scope: scope, before: before, after: after)
        let difference = PermissionDifference(change)
        return [
            .time(time), .number(Int(run)), .text(actor), .text(target),
            .text(email.isEmpty ? "\(person.id)" : email), .text(kind.name), .text("\(scope)"),
            .optional(difference?.before ?? before), .optional(difference?.after ?? after), .text(reason),
        ]
    }
}
