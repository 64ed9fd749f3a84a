import Diagnostics

/// How to reach a server and say who we are: what may stand beside what.
extension DirectoryReader {
    mutating func tls(_ location: DirectorySettings.Location) -> DirectorySettings.TLS {
        switch location {
        case .file: return DirectorySettings.TLS(mode: .none)
        case .servers(let servers) where servers.isEmpty && !node.has("tls"): return DirectorySettings.TLS(mode: .none)
        case .servers, .domain: break
        }
        let urls = serverURLs()
        let standard: DirectorySettings.TLS.Mode =
            switch urls.first?.scheme {
            case .ldapi: .none
            case .ldap: .starttls
            default: .ldaps
            }
        var tls = DirectorySettings.TLS(mode: layers.choice("tls.mode", default: standard))
        for url in urls { check(url, tls.mode) }
        if case .domain = location, tls.mode == .none {
            diagnostics.error(
                "config.no-tls", at: layers.position("tls.mode") ?? node.position,
                "`tls: {mode: none}` is for loopback and `ldapi` only, and the servers of `srv` are neither",
                hint: "write `tls: {mode: ldaps}` or `tls: {mode: starttls}`")
        }
        if tls.mode != .none {
            tls.caFile = file("tls.ca_file", default: "/etc/ssl/certs/ca-certificates.crt", .authorities)
            tls.pinSHA256 = layers.text("tls.pin_sha256", default: nil)
            tls.certificateFile = file("tls.certificate_file", default: nil, .certificate)
            tls.keyFile = file("tls.key_file", default: nil, .key)
            tls.crlFile = file("tls.crl_file", default: nil, .revocations)
        } else {
            for key in ["ca_file", "pin_sha256", "certificate_file", "key_file", "crl_file"] {
                guard let value = layers.node("tls.\(key)") else { continue }
                diagnostics.error(
                    "config.tls-unused", at: value.position, "`\(key)` means nothing without TLS",
                    hint: "remove it, or use `ldaps://`")
            }
        }
        return tls
    }

    /// The absolute path that a setting names, remembered to be looked at.
    private mutating func file(_ key: String, default standard: String?, _ use: ConnectionFile.Use) -> String? {
        guard let text = layers.text(key, default: standard) else { return nil }
        note(path(text), use, key)
        return path(text)
    }

    mutating func note(_ path: String, _ use: ConnectionFile.Use, _ key: String) {
        let setting = key.utf8.contains(UInt8(ascii: ".")) ? String(key.drop { $0 != "." }.dropFirst()) : key
        connectionFiles.append(
            ConnectionFile(use: use, setting: setting, path: path, position: layers.position(key) ?? node.position))
    }

    private mutating func serverURLs() -> [ServerURL] {
        var urls: [ServerURL] = []
        for text in node["urls"]?.texts ?? [] {
            guard let url = ServerURL(text) else {
                diagnostics.error(
                    "config.bad-url", at: text.position, "expected a URL of a directory server, found `\(text.value)`",
                    hint: "for example `ldaps://ldap.example.org`, `ldap://ldap.example.org:389` or `ldapi:///`")
                continue
            }
            urls.append(url)
        }
        return urls
    }

    private mutating func check(_ url: ServerURL, _ mode: DirectorySettings.TLS.Mode) {
        switch (mode, url.scheme) {
        case (.ldaps, .ldaps), (.starttls, .ldap), (.none, .ldapi): return
        case (.none, .ldap) where url.isLoopback: return
        case (.none, .ldap):
            diagnostics.error(
                "config.no-tls", at: url.position,
                "`tls: {mode: none}` is for loopback and `ldapi` only, and `\(url.text)` is neither",
                hint: "write `tls: {mode: starttls}`, or use `ldaps://`")
        default:
            diagnostics.error(
                "config.tls-mode", at: url.position, "`\(url.text)` does not go with `tls: {mode: \(mode.rawValue)}`",
                hint: "`ldaps://` goes with `ldaps`, `ldap://` with `starttls`, `ldapi://` with `none`")
        }
    }

    mutating func bind(
        _ location: DirectorySettings.Location, _ tls: DirectorySettings.TLS
    ) -> DirectorySettings.Bind {
        var urls: [String] = []
        switch location {
        case .file: return .anonymous
        case .servers(let all): urls = all
        case .domain(let domain): urls = [domain]
        }
        guard let bind = node["bind"]?.object else {
            if !node.has("bind"), !urls.isEmpty {
                diagnostics.error(
                    "file.missing-key", at: node.position, "`bind` is missing in a directory",
                    hint: "write `bind: {method: simple, dn: …, password_file: …}`, or `bind: {method: anonymous}`")
            }
            return .anonymous
        }
        let method = layers.text("bind.method", default: "simple") ?? "simple"
        refuseUnused(bind, method)
        if method == "simple" { return simple(bind) }
        if method == "gssapi" { return kerberos(bind, urls) }
        guard method == "external" else { return .anonymous }
        if tls.certificateFile == nil, !urls.allSatisfy({ $0.hasPrefix("ldapi:") }) {
            diagnostics.error(
                "config.external-needs-identity", at: bind.position(of: "method"),
                "`method: external` needs `ldapi://` or a certificate of our own",
                hint: "add `certificate_file:` and `key_file:` under `tls:`")
        }
        return .external
    }

    /// Settings of one method beside another are a mistake of whoever thinks that they count.
    private mutating func refuseUnused(_ bind: ObjectNode, _ method: String) {
        let password = ["dn", "password_file", "password_command", "password_credential"]
        let tickets = ["keytab", "ccache", "principal"]
        for (keys, owner) in [(password, "simple"), (tickets, "gssapi")] where method != owner {
            for key in keys where bind.has(key) {
                diagnostics.error(
                    "config.bind-unused", at: bind.position(of: key),
                    "`\(key)` means nothing with `method: \(method)`",
                    hint: "remove it, or write `method: \(owner)`")
            }
        }
    }

    private mutating func kerberos(_ bind: ObjectNode, _ urls: [String]) -> DirectorySettings.Bind {
        for url in node["urls"]?.texts ?? [] {
            guard let server = ServerURL(url), server.scheme == .ldapi || server.isAddress else { continue }
            diagnostics.error(
                "config.kerberos-needs-name", at: url.position,
                "`method: gssapi` needs the host name that the server has in Kerberos, and `\(url.value)` has none",
                hint: "write for example `ldaps://ldap.example.org`")
        }
        let principal = layers.text("bind.principal", default: nil)
        if let principal, !KerberosName.isPrincipal(principal) {
            diagnostics.error(
                "config.bad-principal", at: bind.position(of: "principal"),
                "expected a Kerberos principal, found `\(principal)`", hint: "for example `rollcall@EXAMPLE.ORG`")
        }
        if let keytab = file("bind.keytab", default: nil, .keytab) {
            return .keytab(path: keytab, principal: principal)
        }
        if let principal, bind.has("ccache") {
            diagnostics.error(
                "config.bind-unused", at: bind.position(of: "principal"),
                "`principal` means nothing beside `ccache`: a cache has the principal of its ticket",
                hint: "remove it, or use `keytab:` for `\(principal)`")
        }
        guard let cache = layers.text("bind.ccache", default: nil) else {
            diagnostics.error(
                "config.no-kerberos-source", at: bind.position,
                "a bind with `method: gssapi` needs to know where the keys or the ticket are",
                hint: "add `keytab:`, or `ccache:` where somebody else renews tickets")
            return .ticketCache("")
        }
        return .ticketCache(KerberosName.isCacheOfAKind(cache) ? cache : path(cache))
    }

    private mutating func simple(_ bind: ObjectNode) -> DirectorySettings.Bind {
        let dn = layers.text("bind.dn", default: nil) ?? ""
        if dn.isEmpty, !bind.has("dn") {
            diagnostics.error(
                "file.missing-key", at: bind.position, "`dn` is missing in a bind with `method: simple`",
                hint: "add the DN of the account that rollcall reads with")
        }
        if let source = secret(bind) { return .simple(dn: dn, secret: source) }
        if !["password_file", "password_command", "password_credential"].contains(where: bind.has) {
            diagnostics.error(
                "config.no-password", at: bind.position,
                "a bind with `method: simple` needs to know where the password is",
                hint: "add `password_file:`, `password_command:` or `password_credential:`; never the password itself")
        }
        return .simple(dn: dn, secret: .file(""))
    }

    private mutating func secret(_ bind: ObjectNode) -> SecretSource? {
        if let file = file("bind.password_file", default: nil, .password) { return .file(file) }
        if let name = layers.text("bind.password_credential", default: nil) { return .credential(name) }
        guard let command = bind["password_command"]?.texts, let program = command.first else { return nil }
        if program.value.utf8.first != UInt8(ascii: "/") {
            diagnostics.error(
                "config.command-not-absolute", at: program.position,
                "expected the absolute path of a program, found `\(program.value)`",
                hint: "no shell looks for it; write for example `/usr/bin/pass`")
        } else {
            note(program.value, .program, "bind.password_command")
        }
        layers.note(
            "bind.password_command", command.count > 1 ? "[\(program.value), …]" : "[\(program.value)]",
            from: bind["password_command"])
        return .command(command.map(\.value))
    }
}

/// The parts of a server's URL that the configuration is checked by.
struct ServerURL {
    enum Scheme: String { case ldap, ldaps, ldapi }
    let scheme: Scheme
    let host: String
    let text: String
    let position: SourcePosition

    init?(_ located: Located<String>) {
        text = located.value
        position = located.position
        guard let colon = ServerURL.separator(text), let scheme = Scheme(rawValue: text[..<colon].lowercased())
        else { return nil }
        self.scheme = scheme
        let rest = text[text.utf8.index(colon, offsetBy: 3)...]
        guard !rest.contains(where: { $0 == " " || $0 == "@" || $0 == "?" || $0 == "#" }) else { return nil }
        let authority = scheme == .ldapi ? rest : rest.prefix { $0 != "/" }
        guard scheme == .ldapi || rest.dropFirst(authority.count).allSatisfy({ $0 == "/" }) else { return nil }
        guard let host = scheme == .ldapi ? String(authority) : ServerURL.host(authority) else { return nil }
        self.host = host
    }

    /// Where `://` begins.
    private static func separator(_ text: String) -> String.Index? {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")),
            text.utf8[colon...].starts(with: "://".utf8)
        else { return nil }
        return colon
    }

    /// The host without its port; nil where either is wrong.
    private static func host(_ authority: Substring) -> String? {
        var host = authority
        var port: Substring?
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[...end]
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { return nil }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = authority.lastIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        if let port, !(1...65_535).contains(WholeNumber.parse(String(port)) ?? 0) { return nil }
        return host.isEmpty || (host.contains(":") && host.first != "[") ? nil : String(host)
    }

    /// Whether the host is an address and not a name.
    var isAddress: Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { WholeNumber.parse(String($0)) }
        return host.first == "[" || parts.count == 4 && parts.allSatisfy { $0.map((0...255).contains) == true }
    }

    var isLoopback: Bool {
        let host = host.lowercased()
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { WholeNumber.parse(String($0)) }
        return parts.count == 4 && parts.first == 127 && parts.allSatisfy { $0.map((0...255).contains) == true }
    }
}
