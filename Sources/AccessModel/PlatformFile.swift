package import Diagnostics

/// A platform file as written: checked against the grammar, its references not yet followed.
package struct PlatformFile: Sendable {
    package let root: ObjectNode

    /// Nil where the file is no YAML or no object; everything wrong is in `diagnostics`.
    package init?(_ source: SourceFile, into diagnostics: inout DiagnosticList) {
        guard let root = PlatformGrammar.file.read(source, into: &diagnostics)?.object else { return nil }
        self.root = root
    }

    /// The platform, if nothing at all is wrong with the file.
    package static func platform(_ source: SourceFile, into diagnostics: inout DiagnosticList) -> Platform? {
        var found = DiagnosticList()
        defer { diagnostics.append(contentsOf: found) }
        guard let file = PlatformFile(source, into: &found) else { return nil }
        let platform = file.resolved(into: &found)
        return found.hasErrors ? nil : platform
    }

    /// Follows every reference; best effort where there are errors.
    package func resolved(into diagnostics: inout DiagnosticList) -> Platform {
        var resolver = PlatformResolver(root: root, diagnostics: diagnostics)
        let platform = resolver.platform()
        diagnostics = resolver.diagnostics
        return platform
    }
}
