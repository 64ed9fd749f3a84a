import AccessModel
import Diagnostics
import Reconciliation

/// Reads the access that one line of a list shows, in the words of the platform: names or titles.
struct ListedAccess {
    let settings: TargetSettings
    let columns: ListColumns
    let file: String

    private var platform: Platform { settings.platform }
    private var topology: Topology { settings.topology }

    /// What the line shows; what is wrong with it goes into the diagnostics.
    func read(_ row: CSVReader.Row, into diagnostics: inout DiagnosticList) -> Access {
        var access = Access.none
        let workspace = workspace(row, &diagnostics)
        if let workspace { access.roles = role(row, workspace.scope, &diagnostics).map { [$0] } ?? [] }
        access.templates = templates(row, &diagnostics)
        access.switches = switches(row, access, &diagnostics)
        if let scope = workspace?.scope { access.grants = grants(row, scope, &diagnostics) }
        access.permissions = permissions(row, &diagnostics)
        return Access(
            roles: access.roles, templates: access.templates, switches: access.switches, grants: access.grants,
            permissions: access.permissions)
    }

    private struct Workspace {
        /// The outermost scope where the line names none.
        var scope: ScopePath
    }

    private func wrong(
        _ code: String, _ column: ListColumn, _ row: CSVReader.Row, _ message: String, _ hint: String?,
        _ diagnostics: inout DiagnosticList
    ) {
        diagnostics.error(code, at: columns.position(column, row, file: file), message, hint: hint)
    }

    /// Nil where the line names one that the topology does not have.
    private func workspace(_ row: CSVReader.Row, _ diagnostics: inout DiagnosticList) -> Workspace? {
        guard platform.scopes.count > 1 else { return Workspace(scope: .root) }
        let all = topology.scopes.filter { $0.path.depth == 1 }.map(\.path)
        guard columns.has(.workspace) else {
            return Workspace(scope: all.count == 1 ? all[0] : .root)
        }
        let name = columns.cell(.workspace, row)
        if name.isEmpty { return Workspace(scope: .root) }
        if let path = all.first(where: { $0.components == [name] || $0.components == [ListText.slug(name)] }) {
            return Workspace(scope: path)
        }
        let names = all.map(\.description)
        wrong(
            "list.no-workspace", .workspace, row, "the topology of `\(settings.name)` has no workspace `\(name)`",
            NearestName.of(name, in: names).map { "did you mean `\($0)`?" }
                ?? "add it to `topology`, or leave its lines out of the list", &diagnostics)
        return nil
    }

    private func role(
        _ row: CSVReader.Row, _ scope: ScopePath, _ diagnostics: inout DiagnosticList
    ) -> ScopedRole? {
        let text = columns.cell(.role, row)
        if text.isEmpty || text == "-" {
            guard let name = platform.defaultRole, let role = platform.role(named: name) else { return nil }
            return role.scope == scope.depth ? ScopedRole(scope: scope, role: name) : nil
        }
        let slug = ListText.slug(text)
        guard
            let role = platform.roles.first(where: { $0.name == text || $0.name == slug })
                ?? platform.roles.first(where: { ListText.slug($0.title) == slug })
        else {
            let names = platform.roles.map(\.name)
            wrong(
                "list.no-role", .role, row, "`\(platform.name)` has no role `\(text)`",
                NearestName.hint(for: text, in: names, called: "the roles are"), &diagnostics)
            return nil
        }
        if role.scope == 0 { return ScopedRole(scope: .root, role: role.name) }
        guard role.scope == scope.depth else {
            wrong(
                "list.role-without-workspace", .role, row,
                "`\(role.name)` is a role of a \(platform.scopes[role.scope]), and the line names none",
                "name it in a column `workspace`", &diagnostics)
            return nil
        }
        return ScopedRole(scope: scope, role: role.name)
    }

    private func templates(_ row: CSVReader.Row, _ diagnostics: inout DiagnosticList) -> [String] {
        var found: [String] = []
        for text in ListText.values(columns.cell(.template, row)) where text != "-" {
            let slug = ListText.slug(text)
            let all = settings.templates
            guard
                let template = all.first(where: { $0.name == text || $0.name == slug })
                    ?? all.first(where: { ListText.slug($0.title) == slug })
            else {
                wrong(
                    "list.no-template", .template, row, "there is no template `\(text)`",
                    all.isEmpty
                        ? "`\(settings.name)` has no templates"
                        : NearestName.hint(for: text, in: all.map(\.name), called: "the templates are"), &diagnostics)
                continue
            }
            if !found.contains(template.name) { found.append(template.name) }
        }
        return found
    }

    /// Switches that are on by themselves: those that a role has on are its own.
    private func switches(
        _ row: CSVReader.Row, _ access: Access, _ diagnostics: inout DiagnosticList
    ) -> [String] {
        let byRole = platform.effectiveSwitches(of: access)
        return platform.switches.map(\.name).filter { name in
            let text = columns.cell(.switched(name), row)
            guard let isOn = ListedAccess.truth(text) else {
                wrong(
                    "list.bad-switch", .switched(name), row, "expected `true` or `false`, found `\(text)`", nil,
                    &diagnostics)
                return false
            }
            return isOn && !byRole.contains(name)
        }
    }

    private static func truth(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "on", "enabled", "x": true
        case "off", "disabled", "-": false
        default: SignInFile.truth(text)
        }
    }

    /// `order-bot: editor; faq-bot: editor`; the role may be left out where there is only one.
    private func grants(
        _ row: CSVReader.Row, _ scope: ScopePath, _ diagnostics: inout DiagnosticList
    ) -> [ScopedRole] {
        ListText.values(columns.cell(.assistants, row)).compactMap { text in
            let parts = text.utf8.split(whereSeparator: { $0 == 0x3A || $0 == 0x3D }).map {
                ListText.slug(String(Substring($0)))
            }
            let path = ScopePath(scope.components + [parts.first ?? ""])
            let kinds = platform.grants.filter { $0.scope == path.depth }
            let role = parts.count > 1 ? parts[1] : kinds.count == 1 ? kinds[0].role : ""
            guard topology.scope(at: path) != nil, kinds.contains(where: { $0.role == role }) else {
                wrong(
                    "list.no-grant", .assistants, row,
                    "`\(text)` is no grant that `\(settings.name)` knows in `\(scope)`",
                    "write `assistant: role`, with an assistant of the topology", &diagnostics)
                return nil
            }
            return ScopedRole(scope: path, role: role)
        }
    }

    /// `build/knowledge: edit; conversations: view+edit`.
    private func permissions(_ row: CSVReader.Row, _ diagnostics: inout DiagnosticList) -> [AreaSetting] {
        let text = columns.cell(.permissions, row)
        let parts = text.utf8.split(whereSeparator: { $0 == 0x3B || $0 == 0x7C })
        return parts.map { ListText.trimmed(String(Substring($0))) }.filter { !$0.isEmpty }.compactMap { part in
            let halves = part.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 1).map {
                ListText.trimmed(String(Substring($0)))
            }
            let area = platform.areas.first { $0.path == halves.first }
            let values = (halves.count > 1 ? halves[1] : "").utf8
                .split(whereSeparator: { $0 == 0x2B || $0 == 0x2C }).map { ListText.trimmed(String(Substring($0))) }
            guard let area, !values.isEmpty, values.allSatisfy(area.scale.names.contains) else {
                wrong(
                    "list.no-permission", .permissions, row, "`\(part)` is no permission of `\(platform.name)`",
                    area.map { "`\($0.path)` has \($0.scale.names.joined(separator: ", "))" }
                        ?? "write `area: value`, with several values `area: value+value`", &diagnostics)
                return nil
            }
            return AreaSetting(area: area.path, values: area.scale.names.filter(values.contains))
        }
    }
}
