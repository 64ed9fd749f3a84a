package import LDAPClient

/// A real directory server of a test: what every fixture offers, whoever made the server.
package protocol DirectoryServer: AnyObject, Sendable {
    var url: String { get }
    var tlsURL: String { get }
    /// Where the tools of OpenLDAP make changes.
    var urlOfTools: String { get }
    /// The naming context with the people and groups.
    var suffix: String { get }
    /// Who may do everything.
    var administrator: Account { get }
    /// Who may read everything, without limits, and nothing more.
    var reader: Account { get }
    /// Who may read, within the limits that the server has for anybody.
    var ordinary: Account { get }

    /// Ends the server at once, as a crash would; the data stays.
    func stop()
    /// Ends it if it still runs and starts it again, with the same data and ports.
    func restart() throws
}

/// A name to bind as, with its password.
package struct Account: Sendable, Hashable {
    package var dn: String
    package var password: String

    package init(dn: String, password: String) {
        self.dn = dn
        self.password = password
    }

    package var bind: BindMethod { .simple(dn: dn, password: Secret(Array(password.utf8))) }
}

extension DirectoryServer {
    package var urlOfTools: String { url }

    /// Applies records of changes (or of new entries) as the administrator.
    package func modify(ldif: String, as account: Account? = nil) throws {
        let folder = try TemporaryDirectory()
        let by = account ?? administrator
        try folder.write(by.password, to: "password")
        try folder.write(ldif.contains("changetype:") ? ldif : Self.additions(ldif), to: "changes.ldif")
        try Command.run(
            "ldapmodify", ["-x", "-H", urlOfTools, "-D", by.dn, "-y", "password", "-f", "changes.ldif"],
            in: folder.url, environment: ["LDAPTLS_CACERT": try TestCertificates.shared.get().authorityFile])
    }

    /// Gives an entry another name, and another parent if one is named.
    package func rename(_ dn: String, to name: String, below parent: String? = nil) throws {
        var lines = ["dn: \(dn)", "changetype: modrdn", "newrdn: \(name)", "deleteoldrdn: 1"]
        if let parent { lines.append("newsuperior: \(parent)") }
        try modify(ldif: lines.joined(separator: "\n") + "\n")
    }

    package func delete(_ dn: String) throws {
        try modify(ldif: "dn: \(dn)\nchangetype: delete\n")
    }

    /// Replaces all values of an attribute; without values removes it.
    package func replace(_ attribute: String, of dn: String, with values: [String]) throws {
        let lines = ["dn: \(dn)", "changetype: modify", "replace: \(attribute)"] + values.map { "\(attribute): \($0)" }
        try modify(ldif: lines.joined(separator: "\n") + "\n")
    }

    private static func additions(_ ldif: String) -> String {
        ldif.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("dn:") ? "\($0)\nchangetype: add" : String($0) }.joined(separator: "\n") + "\n"
    }

    /// Whether the server lets the administrator in.
    func answers(_ settings: ConnectionSettings) -> Bool {
        guard let url = LDAPURL(urlOfTools), let connection = try? LDAPConnection(to: url, settings: settings) else {
            return false
        }
        return (try? connection.bind(administrator.bind)) != nil
    }
}
