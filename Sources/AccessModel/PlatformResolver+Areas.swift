import Diagnostics

/// The tree of areas.
extension PlatformResolver {
    /// In pre-order, so that a parent stands before its children.
    mutating func areaTree() -> [Area] {
        guard let permissions = root["permissions"]?.object else { return [] }
        var areas: [Area] = []
        let top = Above(path: "", index: nil, scale: scale(permissions), privileged: [])
        add(permissions["areas"]?.fields ?? [], under: top, to: &areas)
        return areas
    }

    /// What an area has from the one above it.
    private struct Above {
        let path: String
        let index: Int?
        let scale: PermissionScale?
        let privileged: [String]
    }

    private mutating func add(_ fields: [YAMLField], under above: Above, to areas: inout [Area]) {
        for field in fields {
            guard let object = field.value.object else { continue }
            let path = above.path.isEmpty ? field.key : above.path + "/" + field.key
            let own = scale(object)
            guard let scale = own ?? above.scale else {
                diagnostics.error(
                    "platform.no-scale", at: field.keyPosition, "area `\(path)` has neither levels nor actions",
                    hint: "add `levels:` or `actions:` to the area, or to `permissions` for all areas")
                continue
            }
            if let own, above.index != nil, own != above.scale {
                let place = object.position(of: object.has("levels") ? "levels" : "actions")
                diagnostics.error(
                    "platform.mixed-scale", at: place,
                    "area `\(path)` could not have the value of `\(above.path)`, since its levels or actions differ",
                    hint: "make it an area at the top, or remove its levels or actions")
            }
            let privileged = privileged(object, scale) ?? above.privileged
            let index = areas.count
            areas.append(
                Area(
                    path: path, title: title(object, field.key), parent: above.index, scale: scale,
                    privileged: privileged))
            add(
                object["areas"]?.fields ?? [],
                under: Above(path: path, index: index, scale: scale, privileged: privileged), to: &areas)
        }
    }

    private mutating func scale(_ object: ObjectNode) -> PermissionScale? {
        if let levels = object["levels"]?.texts { return .levels(distinct(levels, "level")) }
        if let actions = object["actions"]?.texts { return .actions(distinct(actions, "action")) }
        return nil
    }

    /// In the order of the scale; nil where the area says nothing.
    private mutating func privileged(_ object: ObjectNode, _ scale: PermissionScale) -> [String]? {
        guard let node = object["privileged"] else { return nil }
        let choices: [String] = if case .levels(let levels) = scale { Array(levels.dropFirst()) } else { scale.names }
        if let all = node.boolean { return all ? choices : [] }
        let named = references(node, to: choices, "value")
        return choices.filter(named.contains)
    }
}
