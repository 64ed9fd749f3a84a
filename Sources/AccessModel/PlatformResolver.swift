import Diagnostics

/// Turns a platform file as written into a platform; reports every reference to nothing.
struct PlatformResolver {
    let root: ObjectNode
    var diagnostics: DiagnosticList
    var scopes: [String] = []
    var roleNames: [String] = []
    var switchNames: [String] = []

    mutating func platform() -> Platform {
        let name = root["platform"]?.text ?? ""
        scopes = distinct(root["scopes"]?.texts ?? [], "scope")
        roleNames = (root["roles"]?.fields ?? []).map(\.key)
        switchNames = (root["switches"]?.fields ?? []).map(\.key)
        let areas = areaTree()
        var platform = Platform(
            name: name, title: title(root, name), scopes: scopes, areas: areas, roles: roles(areas),
            defaultRole: nil, templatesPerUser: .none, shippedTemplates: [], switches: switches(),
            grants: [], statuses: statuses(root["statuses"]) ?? [.invited, .active], seatClasses: [], keepAtLeast: [])
        platform.defaultRole = reference(root["default_role"]?.locatedText, to: roleNames, "role")
        platform.templatesPerUser = templatesPerUser()
        platform.shippedTemplates = shippedTemplates(areas)
        platform.grants = grants(platform)
        platform.seatClasses = seatClasses(platform)
        platform.keepAtLeast = floors()
        checkPrivileges(platform)
        checkDefaultRole(platform)
        return platform
    }

    // Roles and what stands beside them.

    private mutating func roles(_ areas: [Area]) -> [Role] {
        let reader = AreaSettingReader(areas: areas)
        return (root["roles"]?.fields ?? []).compactMap { field in
            guard let object = field.value.object else { return nil }
            let scope = reference(object["scope"]?.locatedText, to: scopes, "scope")
            let settings = object["permissions"].map { reader.settings($0, none: .allowed, into: &diagnostics) }
            let on = (object["switches"]?.fields ?? []).filter { item in
                check(Located(item.key, at: item.keyPosition), in: switchNames, "switch") && item.value.boolean == true
            }
            return Role(
                name: field.key, title: title(object, field.key),
                scope: scope.flatMap { scopes.firstIndex(of: $0) } ?? 0,
                privileged: object["privileged"]?.boolean ?? false, permissions: settings ?? [],
                switches: on.map(\.key).sorted(by: precedes))
        }
    }

    private mutating func switches() -> [Switch] {
        (root["switches"]?.fields ?? []).map { field in
            let roles = references(field.value.object?["forced_on_for"], to: roleNames, "role")
            return Switch(name: field.key, forcedOnFor: roles)
        }
    }

    private mutating func templatesPerUser() -> TemplatesPerUser {
        let object = root["templates"]?.object
        let count = object?["per_user"]?.word.flatMap(TemplatesPerUser.init(rawValue:)) ?? .none
        if count == .none, let ship = object?["ship"], ship.fields?.isEmpty == false {
            diagnostics.error(
                "platform.templates-unused", at: object?.position(of: "ship") ?? ship.position,
                "templates are shipped, but no user may have one", hint: "set `per_user: one` or `per_user: many`")
        }
        return count
    }

    private mutating func shippedTemplates(_ areas: [Area]) -> [Template] {
        let reader = AreaSettingReader(areas: areas)
        return (root["templates"]?.object?["ship"]?.fields ?? [])
            .compactMap { reader.template($0, into: &diagnostics) }
            .sorted { precedes($0.name, $1.name) }
    }

    private mutating func floors() -> [RoleFloor] {
        (root["keep_at_least"]?.fields ?? []).compactMap { field in
            guard check(Located(field.key, at: field.keyPosition), in: roleNames, "role") else { return nil }
            return field.value.integer.map { RoleFloor(role: field.key, count: $0) }
        }.sorted { precedes($0.role, $1.role) }
    }

    /// A role that gives privileged permissions must be privileged itself, or the mark could be walked around.
    private mutating func checkPrivileges(_ platform: Platform) {
        let fields = root["roles"]?.fields ?? []
        for role in platform.roles where !role.privileged {
            let found = platform.privileges(in: platform.effectivePermissions(of: role), from: .role)
            guard let first = found.first, let field = fields.first(where: { $0.key == role.name }) else { continue }
            diagnostics.error(
                "platform.role-not-privileged", at: field.keyPosition,
                "role `\(role.name)` gives the privileged permission `\(first)` but is not privileged itself",
                hint: "add `privileged: true` to the role")
        }
    }

    /// Who gets a role without anybody naming it must not get a privileged one.
    private mutating func checkDefaultRole(_ platform: Platform) {
        guard let name = platform.defaultRole, platform.role(named: name)?.privileged == true else { return }
        diagnostics.error(
            "platform.default-role-privileged", at: root["default_role"]?.position ?? root.position,
            "`\(name)` is privileged and cannot be what a rule gives that names no role",
            hint: "choose another role, or remove `default_role` so that every rule names one")
    }

    // References by name.

    mutating func reference(_ name: Located<String>?, to known: [String], _ what: String) -> String? {
        guard let name, check(name, in: known, what) else { return nil }
        return name.value
    }

    mutating func references(_ list: YAMLNode?, to known: [String], _ what: String) -> [String] {
        let names = list?.texts ?? []
        return distinct(names.filter { check($0, in: known, what) }, what)
    }

    mutating func check(_ name: Located<String>, in known: [String], _ what: String) -> Bool {
        if known.contains(name.value) { return true }
        diagnostics.error(
            "platform.unknown-\(what)", at: name.position, "there is no \(what) `\(name.value)` on this platform",
            hint: NearestName.hint(for: name.value, in: known, called: "the \(what)s are"))
        return false
    }

    mutating func distinct(_ names: [Located<String>], _ what: String) -> [String] {
        var result: [String] = []
        for name in names {
            if result.contains(name.value) {
                diagnostics.error(
                    "platform.duplicate", at: name.position, "\(what) `\(name.value)` is listed twice",
                    hint: "remove one of the two")
            } else {
                result.append(name.value)
            }
        }
        return result
    }

    mutating func statuses(_ list: YAMLNode?) -> Set<UserStatus>? {
        guard let words = list?.words else { return nil }
        return Set(distinct(words, "status").compactMap(UserStatus.init(rawValue:)))
    }

    func title(_ object: ObjectNode, _ id: String) -> String {
        object["title"]?.text ?? Title.from(id: id)
    }
}

/// Titles where a file gives none.
enum Title {
    /// `call-handoffs` reads `Call handoffs`.
    static func from(id: String) -> String {
        let words = String(id.map { $0 == "-" || $0 == "_" ? " " : $0 })
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}
