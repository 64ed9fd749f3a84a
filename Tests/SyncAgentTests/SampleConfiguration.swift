import Diagnostics

@testable import SyncAgent

/// A configuration with everything that must be there, and parts that tests replace.
struct SampleConfiguration {
    var directory = """
          - name: corp
            kind: openldap
            urls: [ldaps://ldap1.example.org]
            bind: {method: anonymous}
            people: {bases: ["ou=people,dc=example,dc=org"]}
            groups: {bases: ["ou=groups,dc=example,dc=org"]}
        """
    var defaults = ""
    var target = """
          - name: acme-desk
            platform: platforms/vivi.yaml
            mapping: ../mappings/vivi.yaml
            topology: {workspaces: {support: {seats: 40}}}
        """
    var rest = ""

    var text: String {
        let defaults = defaults.isEmpty ? "" : "defaults:\n\(defaults)\n"
        return "version: 1\ndirectories:\n\(directory)\n\(defaults)targets:\n\(target)\n\(rest)\n"
    }

    static func read(_ text: String) -> (file: AgentFile?, diagnostics: [Diagnostic]) {
        var diagnostics = DiagnosticList()
        let file = AgentFile(SourceFile(name: "config/rollcall.yaml", text: text), into: &diagnostics)
        return (file, diagnostics.sorted)
    }
}

extension [Diagnostic] {
    /// `12:5: message`, errors only.
    var errors: [String] {
        filter { $0.severity == .error }.map { diagnostic in
            let place = diagnostic.position.map { "\($0.line):\($0.column): " } ?? ""
            return place + diagnostic.message
        }
    }
}
