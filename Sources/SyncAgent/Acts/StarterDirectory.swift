import Diagnostics
package import DirectoryModel

/// The section of a first configuration about one directory: what was asked for, with what was found.
package struct StarterDirectory: Sendable, Equatable {
    /// How it is reached, as whom, and protected how; people and groups are those of the proposal.
    package var settings: DirectorySettings

    /// `proposal` is what an examination found; where it found no groups, they are looked for where people are.
    package init(_ settings: DirectorySettings, _ proposal: DirectoryProposal) {
        self.settings = settings
        self.settings.kind = proposal.kind
        self.settings.people.bases = proposal.peopleBases
        self.settings.groups.bases = proposal.groupBases.isEmpty ? proposal.peopleBases : proposal.groupBases
        self.settings.emailDomains = proposal.emailDomains
    }

    /// The entry of `directories:`, with the default of everything in comments.
    package var text: String {
        var lines = ["- name: \(StarterDirectory.quoted(settings.name))", "  kind: \(settings.kind.rawValue)"]
        lines += place.map { "  \($0)" }
        lines += [
            "  people: {bases: \(list(settings.people.bases))}    # filter: \(settings.kind.peopleFilter)",
            "  groups: {bases: \(list(settings.groups.bases))}    # filter: \(settings.kind.groupFilter)",
            "  # attributes: \(attributes)    # the defaults",
        ]
        if settings.kind == .openldap || settings.kind == .ldif {
            lines.append(
                "  # attributes: {disabled: {attribute: employeeType, equals: disabled}}    # who may not come in")
        }
        lines += [
            "  trusted_attributes: []    # those that people cannot edit on themselves; rules may use no others",
            "  email_domains: \(list(settings.emailDomains))    # invitations go to these only; empty lets them go anywhere",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private var place: [String] {
        switch settings.location {
        case .file(let path): return ["file: \(StarterDirectory.quoted(path))"]
        case .servers(let urls): return ["urls: \(list(urls))", "bind: \(bind)", tls]
        case .domain(let domain): return ["srv: \(StarterDirectory.quoted(domain))", "bind: \(bind)", tls]
        }
    }

    private var bind: String {
        switch settings.bind {
        case .anonymous: "{method: anonymous}"
        case .external: "{method: external}"
        case .simple(let dn, let source): "{method: simple, dn: \(StarterDirectory.quoted(dn)), \(secret(source))}"
        case .keytab(let path, let principal):
            "{method: gssapi, keytab: \(StarterDirectory.quoted(path))"
                + (principal.map { ", principal: \(StarterDirectory.quoted($0))" } ?? "") + "}"
        case .ticketCache(let name): "{method: gssapi, ccache: \(StarterDirectory.quoted(name))}"
        }
    }

    private func secret(_ source: SecretSource) -> String {
        switch source {
        case .file(let path): "password_file: \(StarterDirectory.quoted(path))"
        case .command(let words): "password_command: \(list(words))"
        case .credential(let name): "password_credential: \(StarterDirectory.quoted(name))"
        }
    }

    private var tls: String {
        let tls = settings.tls
        guard tls.mode != .none else { return "tls: {mode: none}    # loopback and ldapi only" }
        let files = [
            ("ca_file", tls.caFile), ("pin_sha256", tls.pinSHA256), ("certificate_file", tls.certificateFile),
            ("key_file", tls.keyFile), ("crl_file", tls.crlFile),
        ].compactMap { key, value in value.map { ", \(key): \(StarterDirectory.quoted($0))" } }.joined()
        return "tls: {mode: \(tls.mode.rawValue)\(files)}    # certificates are always verified"
    }

    private var attributes: String {
        let standard = settings.kind.attributes
        var parts = ["id: \(standard.id)", "login: \(standard.login)", "email: \(standard.email)"]
        parts.append("aliases: [\(standard.aliases.joined(separator: ", "))]")
        if let name = standard.lastSignIn { parts.append("last_sign_in: \(name)") }
        if let name = standard.expires { parts.append("expires: \(name)") }
        return "{\(parts.joined(separator: ", "))}"
    }

    private func list(_ texts: [String]) -> String {
        "[\(texts.map(StarterDirectory.quoted).joined(separator: ", "))]"
    }

    /// A JSON string, which is YAML too.
    static func quoted(_ text: String) -> String {
        var json = JSONWriter(layout: .compact)
        json.value(text)
        return json.text
    }
}
