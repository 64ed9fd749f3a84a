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
    /// The node is there, best effort, even where there are errors; nil where it is no YAML.
    package func read(_ source: SourceFile, into diagnostics: inout DiagnosticList) -> YAMLNode? {
        guard let node = YAMLReader.read(source, into: &diagnostics) else { return nil }
        check(node, into: &diagnostics)
        return node
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
