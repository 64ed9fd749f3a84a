import AccessModel
import Reconciliation
import Reports
import SQLiteRoster

extension AuditEntry {
    /// The facts of `Listing.changes`.
    var cells: [Cell] {
        [
            .time(time), .number(Int(run)), .text(actor), .text(target),
            .text(email.isEmpty ? "\(person.id)" : email), .text(kind.name), .text("\(scope)"), .optional(before),
            .optional(after), .text(reason),
        ]
    }
}
