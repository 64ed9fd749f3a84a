package import Diagnostics

/// Reads the conditions that the agent's configuration holds: of its own causes, and of a pilot.
package struct CauseConditionReader {
    private var resolver: MappingResolver
    package var diagnostics: DiagnosticList { resolver.diagnostics }

    package init(file: String, root: ObjectNode, context: MappingContext, diagnostics: DiagnosticList) {
        resolver = MappingResolver(MappingFile(name: file, root: root), context, diagnostics)
    }

    /// The condition of one cause; nil where something is wrong with it.
    package mutating func cause(_ name: String, when node: YAMLNode) -> CauseCondition? {
        guard let condition = condition(node) else { return nil }
        return CauseCondition(name: name, position: node.position, condition: condition)
    }

    /// The group of a pilot, from an object with `group`.
    package mutating func pilot(_ node: YAMLNode) -> GroupReference? {
        guard case .group(let reference) = condition(node) else { return nil }
        return reference
    }

    private mutating func condition(_ node: YAMLNode) -> Condition? {
        guard let condition = resolver.condition(node) else { return nil }
        if let open = condition.groups.first(where: { $0.reference.captured != nil })?.reference {
            resolver.diagnostics.error(
                "config.open-word", at: open.position, "`\(open.text)` leaves a word open, which only a rule can use",
                hint: "name the groups one by one")
            return nil
        }
        return condition
    }
}
