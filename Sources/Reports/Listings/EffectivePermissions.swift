/// Effective permissions as the roster keeps them, taken apart: `support:agents=full;:users=view+edit;+crm_access`.
package struct EffectivePermissions: Sendable, Equatable {
    package struct Permission: Sendable, Equatable {
        /// Empty for the outermost.
        package var scope: String
        /// Path of the area; empty for a switch.
        package var area: String
        /// A level, or one action; the name of a switch.
        package var value: String

        package init(scope: String, area: String, value: String) {
            self.scope = scope
            self.area = area
            self.value = value
        }
    }
    package private(set) var permissions: [Permission] = []

    /// What is not such a text is left out.
    package init(_ text: String) {
        for part in text.utf8.split(separator: UInt8(ascii: ";")) {
            if part.first == UInt8(ascii: "+") {
                permissions.append(Permission(scope: "", area: "", value: String(Substring(part.dropFirst()))))
                continue
            }
            guard let colon = part.firstIndex(of: UInt8(ascii: ":")),
                let equals = part[colon...].firstIndex(of: UInt8(ascii: "="))
            else { continue }
            let scope = String(Substring(part[..<colon]))
            let area = String(Substring(part[part.index(after: colon)..<equals]))
            for value in part[part.index(after: equals)...].split(separator: UInt8(ascii: "+")) {
                permissions.append(
                    Permission(scope: scope == "/" ? "" : scope, area: area, value: String(Substring(value))))
            }
        }
    }
}

extension Listing {
    package static let exportedUsers = Listing(
        format: "rollcall.export-users/1", noun: "user", plural: "users",
        columns: [
            Column("target", "target"), Column("account", "account"), Column("email", "email"), Column("name", "name"),
            Column("status", "status"), Column("since", "since"), Column("status_since", "status since"),
            Column("last_sign_in", "last sign-in"), Column("access", "access"), Column("reason", "reason"),
            Column("causes", "causes"), Column("managed", "managed"), Column("directory", "directory"),
            Column("id", "id"),
        ])

    package static let exportedAccess = Listing(
        format: "rollcall.export-access/1", noun: "thing that somebody has", nouns: "things that people have",
        plural: "access",
        columns: [
            Column("target", "target"), Column("email", "email"), Column("status", "status"), Column("kind", "kind"),
            Column("scope", "scope"), Column("name", "name"), Column("value", "value"), Column("given_by", "given by"),
            Column("reason", "reason"), Column("given", "given"), Column("until", "until"),
            Column("directory", "directory"), Column("id", "id"),
        ])

    package static let exportedPermissions = Listing(
        format: "rollcall.export-permissions/1", noun: "permission", plural: "permissions",
        columns: [
            Column("target", "target"), Column("email", "email"), Column("scope", "scope"), Column("area", "area"),
            Column("permission", "permission"), Column("directory", "directory"), Column("id", "id"),
        ])
}
