import AccessModel
import Diagnostics

/// Reading the `give` of rules.
extension MappingResolver {
    mutating func gift(_ rule: ObjectNode, captures: CapturedName?, isPrivileged: Bool) -> Gift? {
        guard let give = rule["give"]?.object else { return nil }
        let before = diagnostics.errorCount
        let workspace = give["workspace"]?.locatedText.flatMap { self.workspace($0, captures) }
        guard let role = role(give) else { return nil }
        let templates = self.templates(give)
        let permissions = permissions(give)
        let grants = grants(give, workspace, captures, on: role.name)
        let gift = Gift(
            workspace: workspace, role: role.name, isDefaultRole: give["role"] == nil, templates: templates,
            switches: switches(give["switches"]), permissions: permissions, grants: grants)
        guard diagnostics.errorCount == before else { return nil }
        if !isPrivileged { requirePrivileged(give, gift) }
        return gift
    }

    private mutating func workspace(_ text: Located<String>, _ captures: CapturedName?) -> Gift.Word? {
        guard platform.scopes.count > 1 else {
            diagnostics.error(
                "mapping.no-workspaces", at: text.position, "platform `\(platform.name)` has no workspaces",
                hint: "leave out `workspace`")
            return nil
        }
        if let word = word(text, captures) { return word.value }
        if text.value.utf8.contains(UInt8(ascii: "{")) { return nil }
        let known = topology.scopes.filter { $0.path.depth == 1 }.compactMap(\.path.components.first)
        guard known.contains(text.value) else {
            diagnostics.error(
                "mapping.unknown-workspace", at: text.position,
                "there is no \(platform.scopes[1]) `\(text.value)` in the topology",
                hint: NearestName.hint(for: text.value, in: known, called: "the topology has"))
            return nil
        }
        return .literal(text.value)
    }

    /// The open word, where the text is one in braces; an error where nothing captures it.
    private mutating func word(_ text: Located<String>, _ captures: CapturedName?) -> Located<Gift.Word>? {
        guard text.value.utf8.contains(UInt8(ascii: "{")) else { return nil }
        if let captures, text.value == "{\(captures.word)}" { return Located(.captured, at: text.position) }
        let hint =
            captures.map { "the rule captures `{\($0.word)}`, which stands alone" }
            ?? "leave a word open in the rule's group: `desk-{workspace}`, with `groups_under`"
        diagnostics.error(
            "mapping.not-captured", at: text.position, "nothing in `when` captures `\(text.value)`", hint: hint)
        return nil
    }

    private mutating func role(_ give: ObjectNode) -> Role? {
        guard let name = give["role"]?.locatedText else {
            guard !give.has("role") else { return nil }
            guard let name = platform.defaultRole, let role = platform.role(named: name) else {
                diagnostics.error(
                    "mapping.no-role", at: give.position,
                    "the rule names no role, and platform `\(platform.name)` has no default role", hint: roleHint(nil))
                return nil
            }
            return checkScope(of: role, give, at: give.position) ? role : nil
        }
        guard let role = knownRole(name) else { return nil }
        return checkScope(of: role, give, at: name.position) ? role : nil
    }

    mutating func knownRole(_ name: Located<String>) -> Role? {
        if let role = platform.role(named: name.value) { return role }
        diagnostics.error(
            "mapping.unknown-role", at: name.position,
            "there is no role `\(name.value)` on platform `\(platform.name)`",
            hint: roleHint(name.value))
        return nil
    }

    private func roleHint(_ name: String?) -> String? {
        NearestName.hint(for: name ?? "", in: platform.roles.map(\.name), called: "the roles are")
    }

    private mutating func checkScope(of role: Role, _ give: ObjectNode, at position: SourcePosition) -> Bool {
        let hasWorkspace = give.has("workspace")
        switch role.scope {
        case 0 where hasWorkspace && platform.scopes.count > 1:
            diagnostics.error(
                "mapping.wrong-scope", at: position,
                "role `\(role.name)` is one of the whole \(platform.scopes[0]), not of one \(platform.scopes[1])",
                hint: "leave out `workspace`")
            return false
        case 1 where !hasWorkspace:
            diagnostics.error(
                "mapping.no-workspace", at: position,
                "role `\(role.name)` is given in one \(platform.scopes[1]), and the rule does not say which",
                hint: "add `workspace:`")
            return false
        case 2...:
            diagnostics.error(
                "mapping.wrong-scope", at: position,
                "role `\(role.name)` is given in one \(platform.scopes[role.scope])",
                hint: "write it under `assistants`")
            return false
        default: return true
        }
    }

    private mutating func templates(_ give: ObjectNode) -> [String] {
        let names = give["template"]?.locatedText.map { [$0] } ?? give["templates"]?.texts ?? []
        guard let first = names.first else { return [] }
        if platform.templatesPerUser == .none {
            refuseTemplates(at: first.position)
            return []
        }
        if platform.templatesPerUser == .one, names.count > 1 {
            diagnostics.error(
                "mapping.several-templates", at: names[1].position,
                "a user of platform `\(platform.name)` has one template, not \(names.count)", hint: "keep one of them")
        }
        return names.filter { knownTemplate($0) }.map(\.value)
    }

    mutating func knownTemplate(_ name: Located<String>) -> Bool {
        guard let template = templates.template(named: name.value) else {
            diagnostics.error(
                "mapping.unknown-template", at: name.position, "there is no template `\(name.value)`",
                hint: NearestName.hint(
                    for: name.value, in: templates.templates.map(\.name), called: "the templates are"))
            return false
        }
        if template.retired {
            diagnostics.warning(
                "mapping.retired-template", at: name.position, "template `\(name.value)` is retired",
                hint: "give another one, so that nobody new gets it")
        }
        return true
    }

    mutating func switches(_ node: YAMLNode?) -> [String] {
        var on: [String] = []
        for field in node?.fields ?? [] {
            guard platform.switches.contains(where: { $0.name == field.key }) else {
                diagnostics.error(
                    "mapping.unknown-switch", at: field.keyPosition,
                    "there is no switch `\(field.key)` on platform `\(platform.name)`",
                    hint: NearestName.hint(
                        for: field.key, in: platform.switches.map(\.name), called: "the switches are"))
                continue
            }
            if field.value.boolean == false {
                diagnostics.error(
                    "mapping.switch-off", at: field.value.position,
                    "`\(field.key): false` gives nothing, and there is no way to deny",
                    hint: "remove the line; what no rule gives, nobody has")
            }
            on.append(field.key)
        }
        return on.sorted(by: precedes)
    }

    private mutating func permissions(_ give: ObjectNode) -> [AreaSetting] {
        guard let node = give["permissions"] else { return [] }
        if give.has("workspace") {
            diagnostics.error(
                "mapping.permissions-in-workspace", at: give.position(of: "permissions"),
                "permissions are given for the whole \(platform.scopes[0]), not for one workspace",
                hint: "write them in a rule of their own, without `workspace`")
        }
        return AreaSettingReader(areas: platform.areas).settings(node, none: .refused, into: &diagnostics)
    }

    private mutating func grants(
        _ give: ObjectNode, _ workspace: Gift.Word?, _ captures: CapturedName?, on base: String
    ) -> [AssistantGrant] {
        let kinds = platform.grants.filter { $0.scope == 2 }
        var grants: [AssistantGrant] = []
        for field in give["assistants"]?.fields ?? [] {
            guard let role = field.value.locatedText, !kinds.isEmpty else {
                diagnostics.error(
                    "mapping.no-grants", at: field.keyPosition,
                    "platform `\(platform.name)` has no roles on single assistants", hint: "leave out `assistants`")
                continue
            }
            guard let kind = kinds.first(where: { $0.role == role.value }) else {
                diagnostics.error(
                    "mapping.unknown-grant", at: role.position, "role `\(role.value)` cannot be given on one assistant",
                    hint: NearestName.hint(for: role.value, in: kinds.map(\.role), called: "possible"))
                continue
            }
            let key = Located(field.key, at: field.keyPosition)
            guard let assistant = word(key, captures)?.value ?? knownAssistant(key, in: workspace) else { continue }
            if !kind.on.contains(base) {
                diagnostics.warning(
                    "mapping.grant-without-effect", at: field.keyPosition,
                    "`\(role.value)` on one assistant adds nothing to role `\(base)`", hint: "leave it out")
            }
            grants.append(AssistantGrant(assistant: assistant, role: role.value))
        }
        return grants
    }

    /// An assistant of the workspace; of any, where the workspace is captured.
    private mutating func knownAssistant(_ name: Located<String>, in workspace: Gift.Word?) -> Gift.Word? {
        if name.value.utf8.contains(UInt8(ascii: "{")) { return nil }
        guard let workspace else { return nil }
        let known = topology.scopes.map(\.path).filter { path in
            path.depth == 2 && (workspace == .captured || workspace == .literal(path.components[0]))
        }.map { $0.components[1] }
        guard known.contains(name.value) else {
            diagnostics.error(
                "mapping.unknown-assistant", at: name.position,
                "there is no assistant `\(name.value)` in the topology of this workspace",
                hint: NearestName.hint(for: name.value, in: known, called: "it has"))
            return nil
        }
        return .literal(name.value)
    }
}
