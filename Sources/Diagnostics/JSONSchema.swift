/// Renders a grammar as a JSON Schema (draft 2020-12), for editors: same grammar, same bytes.
package enum JSONSchema {
    package static func render(_ grammar: FileGrammar) -> String {
        var json = JSONWriter(layout: .pretty)
        json.beginObject()
        json.field("$schema", "https://json-schema.org/draft/2020-12/schema")
        json.field("$id", "urn:rollcall:schema:\(grammar.name)")
        json.field("title", grammar.title)
        write(grammar.root, &json)
        if !grammar.definitions.isEmpty {
            json.key("$defs")
            json.beginObject()
            for (name, shape) in grammar.definitions.sorted(by: { $0.key < $1.key }) {
                json.key(name)
                object(shape, &json)
            }
            json.endObject()
        }
        json.endObject()
        json.newline()
        return json.text
    }

    private static func object(_ shape: Shape, _ json: inout JSONWriter) {
        json.beginObject()
        write(shape, &json)
        json.endObject()
    }

    /// The keywords of a shape, into an object that is already open.
    private static func write(_ shape: Shape, _ json: inout JSONWriter) {
        switch shape {
        case .patternedText(let pattern):
            json.field("type", "string")
            if let regex = pattern.regex { json.field("pattern", regex) } else { json.field("minLength", 1) }
            json.field("maxLength", pattern.longest)
        case .integers(let range):
            json.field("type", "integer")
            if range.lowerBound > Int.min { json.field("minimum", range.lowerBound) }
            if range.upperBound < Int.max { json.field("maximum", range.upperBound) }
        case .boolean: json.field("type", "boolean")
        case .durations:
            json.field("type", "string")
            json.field("pattern", "^(0|[1-9][0-9]*)[smhdw]$")
        case .choices(let choices): json.field("enum", choices.filter { $0.feature == nil }.map(\.word))
        case .null: json.field("type", "null")
        case .reference(let name): json.field("$ref", "#/$defs/\(name)")
        case .lists(let items, let count): write(items, count, &json)
        case .record(let record): write(record, &json)
        case .map(let keys, let values):
            json.field("type", "object")
            if let regex = keys.regex {
                json.key("propertyNames")
                json.beginObject()
                json.field("pattern", regex)
                json.endObject()
            }
            json.key("additionalProperties")
            object(values, &json)
        case .oneOf(let shapes): alternatives("anyOf", shapes.filter { !isLater($0) }, &json)
        case .later: json.key("not"); json.beginObject(); json.endObject()
        }
    }

    private static func write(_ items: Shape, _ count: ClosedRange<Int>, _ json: inout JSONWriter) {
        json.field("type", "array")
        json.key("items")
        object(items, &json)
        if count.lowerBound > 0 { json.field("minItems", count.lowerBound) }
        if count.upperBound < 50_000 { json.field("maxItems", count.upperBound) }
    }

    private static func write(_ record: Record, _ json: inout JSONWriter) {
        json.field("type", "object")
        json.key("properties")
        json.beginObject()
        for key in record.keys where !isLater(key.shape) {
            json.key(key.name)
            json.beginObject()
            json.field("description", description(of: key))
            write(key.shape, &json)
            json.endObject()
        }
        json.endObject()
        let required = record.keys.filter { $0.presence == .required }.map(\.name)
        if !required.isEmpty { json.field("required", required) }
        json.field("additionalProperties", false)
        write(record.constraints, &json)
    }

    private static func write(_ constraints: [KeyConstraint], _ json: inout JSONWriter) {
        guard !constraints.isEmpty else { return }
        json.key("allOf")
        json.beginArray()
        for constraint in constraints {
            json.beginObject()
            switch constraint {
            case .exactlyOne(let names): requirements("oneOf", names, &json)
            case .atLeastOne(let names): requirements("anyOf", names, &json)
            case .atMostOne(let names):
                json.key("not")
                json.beginObject()
                pairs(names, &json)
                json.endObject()
            case .needs(let name, let other):
                json.key("dependentRequired")
                json.beginObject()
                json.field(name, [other])
                json.endObject()
            }
            json.endObject()
        }
        json.endArray()
    }

    private static func requirements(_ keyword: String, _ names: [String], _ json: inout JSONWriter) {
        json.key(keyword)
        json.beginArray()
        for name in names {
            json.beginObject()
            json.field("required", [name])
            json.endObject()
        }
        json.endArray()
    }

    /// Any two of the names together.
    private static func pairs(_ names: [String], _ json: inout JSONWriter) {
        json.key("anyOf")
        json.beginArray()
        for (index, first) in names.enumerated() {
            for second in names.dropFirst(index + 1) {
                json.beginObject()
                json.field("required", [first, second])
                json.endObject()
            }
        }
        json.endArray()
    }

    private static func alternatives(_ keyword: String, _ shapes: [Shape], _ json: inout JSONWriter) {
        json.key(keyword)
        json.beginArray()
        for shape in shapes { object(shape, &json) }
        json.endArray()
    }

    private static func description(of key: Key) -> String {
        guard case .optional(let value?) = key.presence else { return key.doc }
        return "\(key.doc) Default: \(value)."
    }

    private static func isLater(_ shape: Shape) -> Bool {
        if case .later = shape { true } else { false }
    }
}
