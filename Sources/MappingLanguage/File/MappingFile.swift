import AccessModel
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

    init(name: String, root: ObjectNode) {
        self.name = name
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

    /// Tells what is wrong with the file whatever its platform is, for when that cannot be read: an error there hides none here.
    package static func checkWithoutPlatform(
        _ source: SourceFile, directories: [MappingContext.Directory], into diagnostics: inout DiagnosticList
    ) {
        var found = DiagnosticList()
        guard let file = MappingFile(source, into: &found) else { return diagnostics.append(contentsOf: found) }
        let platform = Platform(
            name: "", title: "", scopes: ["account", "workspace", "assistant"], areas: [], roles: [], defaultRole: nil,
            templatesPerUser: .many, shippedTemplates: [], switches: [], statuses: [], seatClasses: [], keepAtLeast: [])
        let context = MappingContext(
            platform: platform, topology: Topology(scopes: [], pools: []), directories: directories)
        var resolved = DiagnosticList()
        _ = file.resolved(in: context, into: &resolved)
        for problem in resolved.sorted where MappingFile.withoutPlatform.contains(problem.code) {
            found.append(problem)
        }
        diagnostics.append(contentsOf: found)
    }

    /// Codes of what can be told without a platform.
    private static let withoutPlatform: Set = [
        "mapping.captured-in-not", "mapping.captured-without-base", "mapping.glob-group", "mapping.malformed-capture",
        "mapping.unknown-directory", "mapping.malformed-id", "mapping.malformed-dn", "mapping.untrusted-attribute",
        "mapping.present-false", "mapping.long-pattern", "mapping.pattern-matches-all", "mapping.no-rules",
        "mapping.duplicate-name", "mapping.several-captures", "mapping.not-captured",
    ]

    /// Follows every reference; best effort where there are errors.
    package func resolved(in context: MappingContext, into diagnostics: inout DiagnosticList) -> Mapping {
        var resolver = MappingResolver(self, context, diagnostics)
        let mapping = resolver.mapping()
        diagnostics = resolver.diagnostics
        return mapping
    }
}
