import AccessModel

/// What an access permitted when it was recorded, read from its canonical text: after an edit, today's files no longer tell.
struct RecordedPermissions {
    /// Everything that the text names in one scope.
    private var scopes: [(path: ScopePath, permissions: PermissionSet)] = []
    private var switches: [String] = []
    /// Whether the text names an area or a value that today's platform does not have.
    private var namesUnknown = false
    private let platform: Platform

    /// Reads `support:agents=full;:users=view;+crm_access`.
    init(_ text: String, on platform: Platform) {
        self.platform = platform
        var settings: [ScopePath: [String: [String]]] = [:]
        for part in text.utf8.split(separator: UInt8(ascii: ";")) {
            if part.first == UInt8(ascii: "+") {
                switches.append(String(Substring(part.dropFirst())))
                continue
            }
            guard let colon = part.firstIndex(of: UInt8(ascii: ":")),
                let equals = part[colon...].firstIndex(of: UInt8(ascii: "="))
            else {
                namesUnknown = true
                continue
            }
            let area = String(Substring(part[part.index(after: colon)..<equals]))
            let values = part[part.index(after: equals)...].split(separator: UInt8(ascii: "+")).map {
                String(Substring($0))
            }
            settings[ScopePath(String(Substring(part[..<colon]))), default: [:]][area] = values
        }
        for (scope, areas) in settings { add(areas, in: scope) }
    }

    private mutating func add(_ areas: [String: [String]], in scope: ScopePath) {
        for (path, values) in areas {
            let area = platform.areas.first { $0.path == path }
            if area.map({ values.allSatisfy($0.scale.names.contains) }) != true { namesUnknown = true }
        }
        // Areas that the text does not name are set too, so that they take nothing over from their parents.
        let exact = platform.areas.map { AreaSetting(area: $0.path, values: areas[$0.path] ?? []) }
        scopes.append((scope, PermissionSet(exact, on: platform)))
    }

    /// Whether an access permits, by today's files, everything that the text names.
    func isCovered(by access: Access, templates: TemplateBook) -> Bool {
        if namesUnknown { return false }
        for scope in scopes {
            let now = platform.effectivePermissions(of: access, templates: templates, in: scope.path)
            if !now.contains(scope.permissions, on: platform) { return false }
        }
        let now = platform.effectiveSwitches(of: access)
        return switches.allSatisfy(now.contains)
    }

    /// Privileged levels and actions that the text names, in any scope.
    var privileges: Set<HeldPrivilege> {
        var found: Set<HeldPrivilege> = []
        for scope in scopes {
            found.formUnion(platform.privileges(in: scope.permissions, from: .direct).map(HeldPrivilege.init))
        }
        return found
    }
}
