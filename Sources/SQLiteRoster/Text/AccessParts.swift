import AccessModel

/// One part of an access, as the view `roster_access` shows it.
struct AccessPart: Equatable {
    enum Kind: String { case role, template, `switch`, grant, permission }
    var kind: Kind
    var scope: String
    var name: String
    var value: String

    static func parts(of access: Access) -> [AccessPart] {
        var parts = access.roles.map { AccessPart(kind: .role, scope: $0.scope.description, name: $0.role, value: "") }
        parts += access.templates.map { AccessPart(kind: .template, scope: "", name: $0, value: "") }
        parts += access.switches.map { AccessPart(kind: .switch, scope: "", name: $0, value: "on") }
        parts += access.grants.map {
            AccessPart(kind: .grant, scope: $0.scope.description, name: $0.role, value: "")
        }
        parts += access.permissions.map {
            AccessPart(kind: .permission, scope: "", name: $0.area, value: $0.values.joined(separator: ","))
        }
        return parts
    }
}

/// One effective permission, as the view `roster_permissions` shows it; a switch has no scope and no area.
struct PermissionPart: Equatable {
    var scope: String
    var area: String
    var permission: String

    /// The permissions in an effective text: `support:agents=view+edit;+crm_access`.
    static func parts(ofEffective text: String) -> [PermissionPart] {
        var parts: [PermissionPart] = []
        for piece in text.utf8.split(separator: UInt8(ascii: ";")) {
            if piece.first == UInt8(ascii: "+") {
                parts.append(PermissionPart(scope: "", area: "", permission: String(Substring(piece.dropFirst()))))
                continue
            }
            guard let colon = piece.firstIndex(of: UInt8(ascii: ":")),
                let sign = piece[colon...].firstIndex(of: UInt8(ascii: "="))
            else { continue }
            let scope = String(Substring(piece[..<colon]))
            let area = String(Substring(piece[piece.index(after: colon)..<sign]))
            for value in piece[piece.index(after: sign)...].split(separator: UInt8(ascii: "+")) {
                parts.append(PermissionPart(scope: scope, area: area, permission: String(Substring(value))))
            }
        }
        return parts
    }
}
