import AccessModel
import Diagnostics
import DirectoryModel
package import Reconciliation

/// One user's changes of one run as a line of JSON, `rollcall.delivery/1`.
package struct DeliveryMessage: Sendable {
    /// The run that made the changes.
    package struct Run: Sendable {
        package var number: Int64
        /// Seconds since 1970.
        package var time: Int64
        package var command: String

        package init(number: Int64, time: Int64, command: String) {
            self.number = number
            self.time = time
            self.command = command
        }
    }

    /// Commands after which the platform is as it is to be already: what an import or a link brought, and its undo.
    private static let silent = UndoAct.takingOver.union([UndoAct.ofImport])

    package let key: String
    package let body: [UInt8]

    /// Nil where nothing of a subject's changes concerns a platform, or the target is observed only.
    package init?(_ plan: TargetPlan, subject place: Int, changes: [Change], user: Int64, run: Run) {
        let told = changes.filter(\.kind.isDelivered)
        guard plan.mode == .manage, !DeliveryMessage.silent.contains(run.command), !told.isEmpty,
            plan.subjects.indices.contains(place),
            let row = plan.subjects[place].row
        else { return nil }
        let key = "\(plan.target)/\(user)/\(row.version)@\(run.time)"
        var json = JSONWriter(layout: .compact)
        json.beginObject()
        json.field("format", "rollcall.delivery/1")
        json.field("key", key)
        json.field("run", Int(run.number))
        json.field("time", Timestamp.machine(run.time))
        json.field("target", plan.target)
        DeliveryMessage.user(plan.subjects[place], row, user, plan, &json)
        let access = plan.accesses.indices.contains(Int(row.access)) ? plan.accesses[Int(row.access)] : .none
        DeliveryMessage.access(access, &json)
        json.key("changes")
        json.beginArray()
        for change in told { DeliveryMessage.change(change, plan, &json) }
        json.endArray()
        json.endObject()
        self.key = key
        body = json.bytes
    }

    private static func user(
        _ subject: Subject, _ row: UserRow, _ number: Int64, _ plan: TargetPlan, _ json: inout JSONWriter
    ) {
        json.key("user")
        json.beginObject()
        json.field("number", Int(number))
        json.field("version", Int(row.version))
        json.field("directory", plan.directory(of: subject))
        json.field("id", "\(subject.id)")
        json.field("email", plan.texts[row.email])
        json.field("name", plan.texts[row.name])
        json.field("status", row.status.rawValue)
        json.endObject()
    }

    private static func access(_ access: Access, _ json: inout JSONWriter) {
        json.key("access")
        json.beginObject()
        roles("roles", access.roles, &json)
        roles("grants", access.grants, &json)
        json.field("templates", access.templates)
        json.field("switches", access.switches)
        json.key("permissions")
        json.beginArray()
        for setting in access.permissions {
            json.beginObject()
            json.field("area", setting.area)
            json.field("values", setting.values)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }

    private static func roles(_ name: String, _ roles: [ScopedRole], _ json: inout JSONWriter) {
        json.key(name)
        json.beginArray()
        for role in roles {
            json.beginObject()
            json.field("scope", "\(role.scope)")
            json.field("role", role.role)
            json.endObject()
        }
        json.endArray()
    }

    private static func change(_ change: Change, _ plan: TargetPlan, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("kind", change.kind.name)
        json.field("scope", "\(change.scope)")
        json.field("before", change.before)
        json.field("after", change.after)
        json.field("reason", plan.reason(change.reason).sentence)
        json.endObject()
    }
}

extension ChangeKind {
    /// Whether a platform has to do something about it.
    ///
    /// Causes, places in line and who gave something are the roster's own; what an import brought, the platform knows.
    var isDelivered: Bool {
        switch self {
        case .wait, .stopWaiting, .setCause, .clearCause, .grantByHand, .revokeByHand, .activate, .adopt, .note: false
        default: true
        }
    }
}
