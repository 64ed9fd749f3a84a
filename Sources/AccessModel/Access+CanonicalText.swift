/// The one-line form in which an access is stored and compared.
///
/// `roles=support:chat-user;grants=support/order-bot:editor;permissions=users:view+edit`: sections in a fixed order, empty
/// ones left out; the outermost scope is nothing. It knows no platform, so names that today's files no longer have survive.
extension Access {
    package var canonicalText: String {
        var sections: [String] = []
        func add(_ name: String, _ items: [String]) {
            if !items.isEmpty { sections.append(name + "=" + items.joined(separator: ",")) }
        }
        add("roles", roles.map(CanonicalName.text))
        add("templates", templates.map(CanonicalName.escaped))
        add("switches", switches.map(CanonicalName.escaped))
        add("grants", grants.map(CanonicalName.text))
        add(
            "permissions",
            permissions.map { setting in
                CanonicalName.escaped(setting.area) + ":"
                    + setting.values.map(CanonicalName.escaped).joined(separator: "+")
            })
        return sections.joined(separator: ";")
    }

    /// Nil unless the text is exactly what `canonicalText` writes.
    package init?(canonicalText text: String) {
        var access = Access.none
        for section in text.utf8.split(separator: UInt8(ascii: ";")) {
            guard let equals = section.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            let items = section[section.index(after: equals)...].split(separator: UInt8(ascii: ","))
            switch String(Substring(section[..<equals])) {
            case "roles": access.roles = items.compactMap(CanonicalName.scopedRole)
            case "templates": access.templates = items.compactMap(CanonicalName.unescaped)
            case "switches": access.switches = items.compactMap(CanonicalName.unescaped)
            case "grants": access.grants = items.compactMap(CanonicalName.scopedRole)
            case "permissions": access.permissions = items.compactMap(CanonicalName.setting)
            default: return nil
            }
        }
        access = Access(
            roles: access.roles, templates: access.templates, switches: access.switches, grants: access.grants,
            permissions: access.permissions)
        guard access.canonicalText.utf8.elementsEqual(text.utf8) else { return nil }
        self = access
    }
}

/// Reads the canonical texts of many accesses, in which the same roles come again and again: each of those is taken apart once.
package struct AccessReader {
    private var roles: [Substring: ScopedRole] = [:]

    package init() {}

    /// Nil unless the text is exactly what `canonicalText` writes.
    package mutating func access(_ text: String) -> Access? {
        let head = "roles="
        // Names that look alike are not told apart by a dictionary of texts, unless they are ASCII.
        guard text.utf8.starts(with: head.utf8), text.utf8.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: ";") }) else {
            return Access(canonicalText: text)
        }
        var access = Access.none
        for item in text.utf8.dropFirst(head.utf8.count).split(separator: UInt8(ascii: ",")) {
            guard let role = role(Substring(item)) else { return Access(canonicalText: text) }
            if let last = access.roles.last, !(last < role) { return Access(canonicalText: text) }
            access.roles.append(role)
        }
        let commas = text.utf8.count { $0 == UInt8(ascii: ",") }
        return access.roles.count == commas + 1 ? access : Access(canonicalText: text)
    }

    private mutating func role(_ item: Substring) -> ScopedRole? {
        if let known = roles[item] { return known }
        guard let access = Access(canonicalText: "roles=" + item), access.roles.count == 1 else { return nil }
        roles[item] = access.roles[0]
        return access.roles[0]
    }
}

/// Names inside the canonical text: letters, digits, `-`, `_`, `.` stand as they are, all other bytes as `%XX`.
private enum CanonicalName {
    typealias Bytes = Substring.UTF8View

    static func text(_ held: ScopedRole) -> String {
        held.scope.components.map(escaped).joined(separator: "/") + ":" + escaped(held.role)
    }

    static func escaped(_ name: String) -> String {
        if name.utf8.allSatisfy(isPlain) { return name }
        var result = ""
        for byte in name.utf8 {
            if isPlain(byte) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += byte < 0x10 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, 0x2D, 0x5F, 0x2E: true
        default: false
        }
    }

    static func unescaped(_ bytes: Bytes) -> String? {
        if bytes.allSatisfy(isPlain) { return String(Substring(bytes)) }
        var result: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                result.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(Substring(rest.prefix(2))), radix: 16) else { return nil }
            result.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: result, as: UTF8.self)
    }

    static func scopedRole(_ bytes: Bytes) -> ScopedRole? {
        guard let (path, role) = parts(bytes), let role = unescaped(role) else { return nil }
        let components = path.split(separator: UInt8(ascii: "/")).compactMap(unescaped)
        return ScopedRole(scope: ScopePath(components), role: role)
    }

    static func setting(_ bytes: Bytes) -> AreaSetting? {
        guard let (area, values) = parts(bytes), let area = unescaped(area) else { return nil }
        return AreaSetting(area: area, values: values.split(separator: UInt8(ascii: "+")).compactMap(unescaped))
    }

    private static func parts(_ bytes: Bytes) -> (Bytes, Bytes)? {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        return (bytes[..<colon], bytes[bytes.index(after: colon)...])
    }
}
