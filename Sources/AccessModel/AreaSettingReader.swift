package import Diagnostics

/// Reads permissions and templates as they stand in platform and mapping files, against the areas of a platform.
package struct AreaSettingReader: Sendable {
    /// Whether the lowest level may be set, to set a child apart from its parent.
    package enum None: Sendable { case allowed, refused }

    private let areas: [Area]

    package init(areas: [Area]) { self.areas = areas }

    /// A template with its id as key, as shaped by `PlatformGrammar.template`.
    package func template(_ field: YAMLField, into diagnostics: inout DiagnosticList) -> Template? {
        guard let object = field.value.object else { return nil }
        let settings = object["permissions"].map { self.settings($0, none: .allowed, into: &diagnostics) }
        return Template(
            name: field.key, title: object["title"]?.text ?? Title.from(id: field.key), permissions: settings ?? [],
            retired: object["retired"]?.boolean ?? false)
    }

    /// Permissions as shaped by `PlatformGrammar.settings`; sorted by area, values in the order of the platform file.
    package func settings(
        _ node: YAMLNode, none: None, into diagnostics: inout DiagnosticList
    ) -> [AreaSetting] {
        if node.word == "all" { return everything }
        var settings: [AreaSetting] = []
        for field in node.fields ?? [] {
            guard let area = areas.first(where: { $0.path == field.key }) else {
                diagnostics.error(
                    "platform.unknown-area", at: field.keyPosition, "there is no area `\(field.key)` on this platform",
                    hint: hint(for: field.key))
                continue
            }
            if let values = values(field.value, area, none, into: &diagnostics) {
                settings.append(AreaSetting(area: area.path, values: values))
            }
        }
        return settings.sorted()
    }

    /// Every area at the top at its highest level, or with all its actions.
    private var everything: [AreaSetting] {
        areas.filter { $0.parent == nil }.map { area in
            AreaSetting(area: area.path, values: area.scale.names(of: area.scale.everything))
        }.sorted()
    }

    private func values(
        _ node: YAMLNode, _ area: Area, _ none: None, into diagnostics: inout DiagnosticList
    ) -> [String]? {
        switch area.scale {
        case .levels(let levels):
            guard let level = node.locatedText else {
                let hint = "write one of \(quoted(levels)), without brackets"
                diagnostics.error(
                    "platform.wrong-value", at: node.position, "area `\(area.path)` takes one level", hint: hint)
                return nil
            }
            guard check(level, levels, area, into: &diagnostics) else { return nil }
            if none == .refused, level.value == levels.first {
                diagnostics.error(
                    "platform.nothing-given", at: level.position,
                    "`\(level.value)` gives nothing, and there is no way to deny",
                    hint: "remove the line; what no rule gives, nobody has")
                return nil
            }
            return [level.value]
        case .actions(let actions):
            if node.text == "all" { return actions }
            guard let given = node.texts else {
                diagnostics.error(
                    "platform.wrong-value", at: node.position, "area `\(area.path)` takes a list of actions",
                    hint: "write them in brackets: `[\(node.text ?? actions.first ?? "")]`")
                return nil
            }
            let known = given.filter { check($0, actions, area, into: &diagnostics) }.map(\.value)
            return known.isEmpty ? nil : actions.filter(known.contains)
        }
    }

    private func check(
        _ value: Located<String>, _ known: [String], _ area: Area, into diagnostics: inout DiagnosticList
    ) -> Bool {
        if known.contains(value.value) { return true }
        let nearest = NearestName.of(value.value, in: known)
        diagnostics.error(
            "platform.unknown-value", at: value.position,
            "expected one of \(quoted(known)) for area `\(area.path)`, found `\(value.value)`",
            hint: nearest.map { "did you mean `\($0)`?" })
        return false
    }

    /// The nearest path; or the one path that ends in what was written.
    private func hint(for path: String) -> String? {
        let below = areas.map(\.path).filter { $0.hasSuffix("/" + path) }
        if below.count == 1, let only = below.first { return "did you mean `\(only)`?" }
        return NearestName.hint(for: path, in: areas.map(\.path), called: "the areas are")
    }

    private func quoted(_ names: [String]) -> String {
        names.map { "`\($0)`" }.joined(separator: ", ")
    }
}
