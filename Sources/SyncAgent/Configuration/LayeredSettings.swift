import Diagnostics

/// Reads settings from objects that stand over each other, the first that has a key winning, and remembers where each came from.
struct LayeredSettings {
    /// Stands before every key: `directories.corp.`.
    let prefix: String
    /// The nearest first: a target, then the defaults.
    let layers: [ObjectNode]
    private(set) var resolved: [ResolvedSetting] = []

    init(prefix: String = "", layers: [ObjectNode]) {
        self.prefix = prefix
        self.layers = layers
    }

    /// The value at a dotted path, from the nearest layer that has it.
    func node(_ path: String) -> YAMLNode? {
        let keys = path.utf8.split(separator: UInt8(ascii: ".")).map { String(Substring($0)) }
        for layer in layers {
            var found: YAMLNode? = layer.node
            for key in keys { found = found?.object?[key] }
            if let found, !found.isBroken { return found }
        }
        return nil
    }

    /// Where a value stands, or where it would.
    func position(_ path: String) -> SourcePosition? { node(path)?.position ?? layers.first?.position }

    mutating func note(_ path: String, _ value: String, from node: YAMLNode?) {
        let origin = node.map { ResolvedSetting.Origin.file($0.position) } ?? .default
        resolved.append(ResolvedSetting(key: prefix + path, value: value, origin: origin))
    }

    /// Notes of defaults below a path that only the daemon goes by them.
    mutating func leaveToDaemon(_ path: String) {
        for place in resolved.indices where resolved[place].key.hasPrefix("\(prefix)\(path).") {
            resolved[place].origin = .daemonDefault
        }
    }

    mutating func integer(_ path: String, default standard: Int?) -> Int? {
        let node = node(path)
        let value = node?.integer ?? standard
        if let value { note(path, "\(value)", from: node) }
        return value
    }

    mutating func seconds(_ path: String, default standard: Int64) -> Int64 {
        let node = node(path)
        let value = node?.duration ?? .seconds(standard)
        note(path, DurationText.text(value), from: node)
        return value.components.seconds
    }

    mutating func choice<Value: RawRepresentable<String>>(_ path: String, default standard: Value) -> Value {
        let node = node(path)
        let value = node?.word.flatMap { Value(rawValue: $0) } ?? standard
        note(path, value.rawValue, from: node)
        return value
    }

    mutating func text(_ path: String, default standard: String?) -> String? {
        let node = node(path)
        let value = node?.text ?? standard
        if let value { note(path, value, from: node) }
        return value
    }

    mutating func texts(_ path: String) -> [Located<String>] {
        let node = node(path)
        let values = node?.texts ?? []
        note(path, "[\(values.map(\.value).joined(separator: ", "))]", from: node)
        return values
    }
}

extension YAMLNode {
    /// The value on one line, as YAML in flow style; comments, places and the order of keys do not show.
    var canonicalText: String {
        switch content {
        case .scalar(let scalar): scalar.kind == .text ? "\"\(scalar.text)\"" : scalar.text
        case .list(let items): "[\(items.map(\.canonicalText).joined(separator: ", "))]"
        case .object(let fields):
            "{"
                + fields.map { "\($0.key): \($0.value.canonicalText)" }
                .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: ", ") + "}"
        }
    }

    /// The value on one line, as a person would write it.
    var shownText: String {
        switch content {
        case .scalar(let scalar): scalar.text
        case .list(let items): "[\(items.map(\.shownText).joined(separator: ", "))]"
        case .object(let fields):
            "{" + fields.map { "\($0.key): \($0.value.shownText)" }.joined(separator: ", ") + "}"
        }
    }
}
