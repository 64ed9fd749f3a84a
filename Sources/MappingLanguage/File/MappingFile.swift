package import Diagnostics

/// A mapping file as written: checked against the grammar, its references not yet followed.
package struct MappingFile: Sendable {
    package let name: String
    package let root: ObjectNode

    /// Nil where the file is no YAML or no object; everything wrong is in `diagnostics`.
    package init?(_ source: SourceFile, into diagnostics: inout DiagnosticList) {
        guard let root = MappingGrammar.mapping.read(source, into: &diagnostics)?.object else { return nil }
        name = source.name
        self.root = root
    }

    /// Id of the platform that the file names.
    package var platform: Located<String>? { root["platform"]?.locatedText }

    /// The mapping, if nothing at all is wrong with the file.
    package static func mapping(
        _ source: SourceFile, in context: MappingContext, into diagnostics: inout DiagnosticList
    ) -> Mapping? {
        var found = DiagnosticList()
        defer { diagnostics.append(contentsOf: found) }
        guard let file = MappingFile(source, into: &found) else { return nil }
        let mapping = file.resolved(in: context, into: &found)
        return found.hasErrors ? nil : mapping
    }

    /// Follows every reference; best effort where there are errors.
    package func resolved(in context: MappingContext, into diagnostics: inout DiagnosticList) -> Mapping {
        var resolver = MappingResolver(self, context, diagnostics)
        let mapping = resolver.mapping()
        diagnostics = resolver.diagnostics
        return mapping
    }
}
