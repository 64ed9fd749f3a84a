/// The description of one kind of file.
package struct FileGrammar: Sendable {
    /// `mapping`; its schema is `config/schema/mapping.schema.json`.
    package let name: String
    package let title: String
    package let root: Shape
    /// Shapes that others refer to by name, themselves included.
    package let definitions: [String: Shape]

    package init(name: String, title: String, root: Shape, definitions: [String: Shape] = [:]) {
        self.name = name
        self.title = title
        self.root = root
        self.definitions = definitions
    }

    /// Reads and checks a file.
    ///
    /// The node is there, best effort, even where there are errors; nil where it is no YAML. A section whose name is mistyped stands in it
    /// under the right one, so that nothing is said about what rests on it.
    package func read(_ source: SourceFile, into diagnostics: inout DiagnosticList) -> YAMLNode? {
        guard let node = YAMLReader.read(source, into: &diagnostics) else { return nil }
        check(node, into: &diagnostics)
        return asMeant(node)
    }

    private func asMeant(_ node: YAMLNode) -> YAMLNode {
        guard case .record(let record) = resolved(root), let fields = node.fields else { return node }
        let meant = fields.map { field in
            YAMLField(
                key: record.key(meantBy: field, among: fields)?.name ?? field.key, keyPosition: field.keyPosition,
                value: field.value)
        }
        return YAMLNode(.object(meant), at: node.position, isBroken: node.isBroken)
    }

    /// Reports everything in which the node differs from this grammar.
    package func check(_ node: YAMLNode, into diagnostics: inout DiagnosticList) {
        var validator = GrammarValidator(grammar: self, diagnostics: diagnostics)
        validator.check(node, root)
        diagnostics = validator.diagnostics
    }

    /// The shape behind references.
    func resolved(_ shape: Shape) -> Shape {
        var shape = shape
        for _ in 0...definitions.count {
            guard case .reference(let name) = shape, let target = definitions[name] else { return shape }
            shape = target
        }
        return shape
    }
}
