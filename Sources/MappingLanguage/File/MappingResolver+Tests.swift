import AccessModel
import Diagnostics

/// Reading the `tests` of a mapping.
extension MappingResolver {
    mutating func tests(of mapping: Mapping) -> [MappingTest] {
        let references = mapping.rules.flatMap { $0.condition.groups.map(\.reference) }
        return (file.root["tests"]?.items ?? []).enumerated().compactMap { place, node in
            guard let object = node.object, let person = object["person"]?.object else { return nil }
            guard let expected = object["expect"]?.object.map({ self.expected($0) }) else { return nil }
            let groups = person["groups"]?.texts ?? []
            for group in groups { checkMentioned(group, references) }
            return MappingTest(
                name: object["name"]?.text ?? "test \(place + 1)", position: object.position,
                groups: groups.map(\.value), attributes: attributes(person["attributes"], mapping),
                dn: person["dn"]?.text, id: person["id"]?.text, expected: expected)
        }
    }

    private mutating func checkMentioned(_ group: Located<String>, _ references: [GroupReference]) {
        // While rules are wrong, nobody knows what they ask for.
        guard !diagnostics.hasErrors, !references.contains(where: { $0.match(group.value) != nil }) else { return }
        let names = Set(references.map(\.text)).sorted(by: precedes)
        diagnostics.warning(
            "mapping.test-group-unused", at: group.position, "no rule asks for group `\(group.value)`",
            hint: NearestName.of(group.value, in: names).map { "did you mean `\($0)`?" })
    }

    private mutating func attributes(_ node: YAMLNode?, _ mapping: Mapping) -> [MappingTest.AttributeValues] {
        (node?.fields ?? []).map { field in
            let name = field.key.lowercased()
            if !diagnostics.hasErrors, !mapping.attributes.contains(name) {
                diagnostics.warning(
                    "mapping.test-attribute-unused", at: field.keyPosition, "no rule asks for attribute `\(field.key)`",
                    hint: NearestName.of(name, in: mapping.attributes).map { "did you mean `\($0)`?" })
            }
            let values = field.value.text.map { [$0] } ?? (field.value.texts ?? []).map(\.value)
            return MappingTest.AttributeValues(name: name, values: values)
        }.sorted { precedes($0.name, $1.name) }
    }

    private mutating func expected(_ object: ObjectNode) -> Access {
        var roles: [ScopedRole] = []
        var grants: [ScopedRole] = []
        if let role = object["role"]?.locatedText, knownRole(role) != nil {
            roles.append(ScopedRole(scope: .root, role: role.value))
        }
        for field in object["workspaces"]?.fields ?? [] {
            let scope = ScopePath([field.key])
            guard topology.scope(at: scope) != nil else {
                diagnostics.error(
                    "mapping.unknown-workspace", at: field.keyPosition,
                    "there is no workspace `\(field.key)` in the topology",
                    hint: NearestName.hint(
                        for: field.key, in: topology.scopes.compactMap(\.path.components.first), called: "it has"))
                continue
            }
            guard let role = field.value.locatedText ?? field.value.object?["role"]?.locatedText,
                knownRole(role) != nil
            else { continue }
            roles.append(ScopedRole(scope: scope, role: role.value))
            for grant in field.value.object?["assistants"]?.fields ?? [] {
                guard let role = grant.value.locatedText, knownRole(role) != nil else { continue }
                grants.append(ScopedRole(scope: ScopePath([field.key, grant.key]), role: role.value))
            }
        }
        let named = object["template"]?.locatedText.map { [$0] } ?? object["templates"]?.texts ?? []
        let permissions = object["permissions"].map {
            AreaSettingReader(areas: platform.areas).settings($0, none: .allowed, into: &diagnostics)
        }
        return Access(
            roles: roles, templates: named.filter { knownTemplate($0) }.map(\.value),
            switches: switches(object["switches"]), grants: grants,
            permissions: permissions.map { PermissionSet($0, on: platform).settings(on: platform) } ?? [])
    }
}
