package import AccessModel
import Diagnostics

/// What `rollcall platform FILE` shows: the effective permission of every role and template.
package struct PlatformReport: Sendable {
    private let platform: Platform
    /// A table wider than this is parted into several.
    private let widest: Int

    /// What tables are no wider than where no terminal says.
    private static let widestElsewhere = 110

    /// `columns` are those of the terminal that shows it; nil where there is none.
    package init(_ platform: Platform, columns: Int? = nil) {
        self.platform = platform
        widest = columns ?? PlatformReport.widestElsewhere
    }

    // Text, for people.

    package var text: String {
        var text =
            "\(SafeText.escaped(platform.title)) (\(platform.name)): \(platform.scopes.joined(separator: " > "))\n"
        text += "\nRoles, highest first\n\n" + rolesTable
        text += "\nEffective permissions by role\n\n"
        text += tables(
            platform.roles.map { ($0.name, platform.effectivePermissions(of: $0)) })
        if !platform.shippedTemplates.isEmpty {
            text += "\nEffective permissions by template (in addition to the role)\n\n"
            text += tables(platform.shippedTemplates.map { ($0.name, platform.effectivePermissions(of: $0)) })
        }
        return text + rest
    }

    private var rolesTable: String {
        var table = TextTable(
            [.left("ROLE"), .left("TITLE"), .left("SCOPE"), .left("SEAT"), .left("NOTES")], indent: 2)
        for role in platform.roles {
            table.add([
                role.name, role.title, platform.scopes[role.scope], seats(of: role).joined(separator: ", "),
                notes(on: role).joined(separator: "; "),
            ])
        }
        return table.text
    }

    private func seats(of role: Role) -> [String] {
        platform.seatClasses.compactMap { seatClass in
            if seatClass.roles.contains(role.name) { return seatClass.name }
            if seatClass.rolesWithGrant.contains(role.name) { return "\(seatClass.name) with a grant" }
            return seatClass.ownerRoles.contains(role.name) ? "\(seatClass.name) where owners hold seats" : nil
        }
    }

    private func notes(on role: Role) -> [String] {
        var notes: [String] = []
        if role.privileged { notes.append("privileged") }
        if role.name == platform.defaultRole { notes.append("default") }
        if let floor = platform.keepAtLeast.first(where: { $0.role == role.name }) {
            notes.append("at least \(floor.count)")
        }
        let covered = covered(by: role)
        let narrower = platform.roles.filter { $0.scope > role.scope }.map(\.name)
        if !covered.isEmpty {
            let isAll = covered == narrower && covered.count > 2
            notes.append("contains " + (isAll ? "every narrower role" : covered.joined(separator: ", ")))
        }
        let forced = platform.switches.filter { $0.forcedOnFor.contains(role.name) }.map { "\($0.name) always on" }
        let on = role.switches.filter { !platform.isForced($0, by: [role.name]) }.map { "\($0) on" }
        return notes + forced + on
    }

    private func covered(by role: Role) -> [String] {
        platform.roles.filter { platform.covers(role, $0) }.map(\.name)
    }

    /// Areas down, holders across; as many tables as it takes.
    private func tables(_ holders: [(name: String, permissions: PermissionSet)]) -> String {
        let areas = platform.areas.enumerated().map { index, area in
            String(repeating: "  ", count: depth(index)) + area.title
        }
        let first = 2 + (areas.map { DisplayWidth.columns(of: $0) }.max() ?? 0)
        var blocks: [String] = []
        var group: [(name: String, cells: [String])] = []
        var width = first
        for holder in holders {
            let cells = platform.areas.indices.map { index in
                let names = holder.permissions.names(in: index, on: platform)
                return names.isEmpty ? "-" : names.joined(separator: " ")
            }
            let own = 2 + (cells + [holder.name]).reduce(0) { max($0, DisplayWidth.columns(of: $1)) }
            if !group.isEmpty, width + own > widest {
                blocks.append(table(areas, group))
                group = []
                width = first
            }
            group.append((holder.name, cells))
            width += own
        }
        if !group.isEmpty { blocks.append(table(areas, group)) }
        return blocks.joined(separator: "\n")
    }

    private func table(_ areas: [String], _ group: [(name: String, cells: [String])]) -> String {
        var table = TextTable([.left("AREA")] + group.map { .left($0.name) }, indent: 2)
        for index in areas.indices { table.add([areas[index]] + group.map { $0.cells[index] }) }
        return table.text
    }

    private func depth(_ area: Int) -> Int {
        platform.areas[area].parent.map { depth($0) + 1 } ?? 0
    }

    private var rest: String {
        var lines: [String] = []
        for grant in platform.grants {
            let roles = grant.on.joined(separator: ", ")
            lines.append("\(grant.role) may be granted on one \(platform.scopes[grant.scope]) to: \(roles)")
        }
        for area in platform.areas where !area.privileged.isEmpty {
            lines.append("privileged on \(area.path): \(area.privileged.joined(separator: ", "))")
        }
        for seatClass in platform.seatClasses {
            let statuses = names(seatClass.heldWhile).joined(separator: ", ")
            lines.append(
                "seat class \(seatClass.name), one pool per \(platform.scopes[seatClass.scope]): held while \(statuses);"
                    + " freed by \(seatClass.freedBy.rawValue)")
        }
        lines.append("templates per user: \(platform.templatesPerUser.rawValue)")
        lines.append("statuses the platform knows: \(names(platform.statuses).joined(separator: ", "))")
        return "\n" + lines.map { $0 + "\n" }.joined()
    }

    private func names(_ statuses: Set<UserStatus>) -> [String] {
        UserStatus.allCases.filter(statuses.contains).map(\.rawValue)
    }
}

extension PlatformReport {
    /// JSON, for programs: format `rollcall.platform/1`.
    package var json: String {
        var json = JSONWriter(layout: .pretty)
        json.beginObject()
        json.field("format", "rollcall.platform/1")
        json.field("platform", platform.name)
        json.field("title", platform.title)
        json.field("scopes", platform.scopes)
        array("areas", platform.areas, &json) { area, json in
            json.field("area", area.path)
            json.field("title", area.title)
            switch area.scale {
            case .levels(let levels): json.field("levels", levels)
            case .actions(let actions): json.field("actions", actions)
            }
            json.field("privileged", area.privileged)
        }
        array("roles", platform.roles, &json, write)
        json.field("default_role", platform.defaultRole)
        json.field("templates_per_user", platform.templatesPerUser.rawValue)
        array("templates", platform.shippedTemplates, &json) { template, json in
            json.field("template", template.name)
            json.field("title", template.title)
            json.field("retired", template.retired)
            permissions(platform.effectivePermissions(of: template), &json)
        }
        array("switches", platform.switches, &json) { item, json in
            json.field("switch", item.name)
            json.field("forced_on_for", item.forcedOnFor)
        }
        array("grants", platform.grants, &json) { grant, json in
            json.field("scope", platform.scopes[grant.scope])
            json.field("role", grant.role)
            json.field("for", grant.on)
        }
        json.field("statuses", names(platform.statuses))
        array("seats", platform.seatClasses, &json, write)
        json.key("keep_at_least")
        json.beginObject()
        for floor in platform.keepAtLeast { json.field(floor.role, floor.count) }
        json.endObject()
        json.endObject()
        json.newline()
        return json.text
    }

    private func array<Element>(
        _ name: String, _ elements: [Element], _ json: inout JSONWriter, _ body: (Element, inout JSONWriter) -> Void
    ) {
        json.key(name)
        json.beginArray()
        for element in elements {
            json.beginObject()
            body(element, &json)
            json.endObject()
        }
        json.endArray()
    }

    private func write(_ role: Role, _ json: inout JSONWriter) {
        json.field("role", role.name)
        json.field("title", role.title)
        json.field("scope", platform.scopes[role.scope])
        json.field("privileged", role.privileged)
        json.field("contains", covered(by: role))
        json.field(
            "switches", platform.effectiveSwitches(of: Access(roles: [ScopedRole(scope: .root, role: role.name)])))
        permissions(platform.effectivePermissions(of: role), &json)
    }

    private func write(_ seatClass: SeatClass, _ json: inout JSONWriter) {
        json.field("seat", seatClass.name)
        json.field("per", platform.scopes[seatClass.scope])
        json.field("roles", seatClass.roles)
        json.field("roles_with_grant", seatClass.rolesWithGrant)
        json.field("owners", seatClass.ownerRoles)
        json.field("while", names(seatClass.heldWhile))
        json.field("freed_by", seatClass.freedBy.rawValue)
    }

    /// One key per area: the name of the level, or the list of actions.
    private func permissions(_ set: PermissionSet, _ json: inout JSONWriter) {
        json.key("permissions")
        json.beginObject()
        for (index, area) in platform.areas.enumerated() {
            let names = set.names(in: index, on: platform)
            switch area.scale {
            case .levels(let levels): json.field(area.path, names.first ?? levels.first)
            case .actions: json.field(area.path, names)
            }
        }
        json.endObject()
    }
}
