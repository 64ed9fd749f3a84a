import Diagnostics
import DirectoryModel

/// Resolves one entry of `directories:`.
struct DirectoryReader {
    let node: ObjectNode
    /// Directory of the configuration file.
    let directory: String
    var diagnostics: DiagnosticList
    var layers: LayeredSettings
    /// Files that a connection needs.
    var connectionFiles: [ConnectionFile] = []
    /// Attributes that are named.
    private(set) var mentions: [AttributeMention] = []

    init(node: ObjectNode, directory: String, diagnostics: DiagnosticList) {
        self.node = node
        self.directory = directory
        self.diagnostics = diagnostics
        layers = LayeredSettings(prefix: "directories.\(node["name"]?.text ?? "?").", layers: [node])
    }

    var resolved: [ResolvedSetting] { layers.resolved }

    func path(_ text: String) -> String {
        FilePath.absolute(FilePath.joined(directory, text))
    }

    /// Best effort where there are errors; everything wrong is in `diagnostics`.
    mutating func settings() -> DirectorySettings {
        // An error in one part hides none in another: what is missing is stood in for, and everything is looked at.
        let kind = node["kind"]?.word.flatMap(DirectorySettings.Kind.init)
        let name = node["name"]?.text ?? "?"
        layers.note("kind", kind?.rawValue ?? "?", from: node["kind"])
        let assumed = kind ?? (node.has("file") ? .ldif : .openldap)
        let location = location(assumed) ?? (assumed == .ldif ? .file("") : .servers([]))
        let tls = tls(location)
        let bind = bind(location, tls)
        var settings = DirectorySettings(
            name: name, kind: assumed, location: location, bind: bind, tls: tls,
            people: search("people", default: assumed.peopleFilter),
            groups: search("groups", default: assumed.groupFilter), attributes: attributes(assumed),
            trustedAttributes: trustedAttributes(),
            emailDomains: emailDomains(), sentinels: sentinels(), timeouts: timeouts())
        settings.isFollowed = node["incremental"]?.word != "off"
        layers.note("incremental", node["incremental"]?.word ?? "auto", from: node["incremental"])
        settings.pages = pages()
        settings.groups.members = members()
        return settings
    }

    private mutating func pages() -> DirectorySettings.Pages {
        guard let size = node["page_size"] else { return .standard }
        layers.note("page_size", size.shownText, from: size)
        if size.isNull { return .none }
        return size.integer.map { .entries($0) } ?? .standard
    }

    private mutating func members() -> [String]? {
        guard layers.node("groups.members") != nil else { return nil }
        let names = layers.texts("groups.members")
        for name in names { mention(name.value, .field, name.position) }
        return names.map(\.value)
    }

    private mutating func location(_ kind: DirectorySettings.Kind) -> DirectorySettings.Location? {
        if kind == .ldif || node.has("file") && !node.has("urls") && !node.has("srv") {
            let wrong = (kind == .ldif ? ["urls", "srv"] : []) + ["bind", "tls", "page_size"]
            for key in wrong where node.has(key) {
                diagnostics.error(
                    "config.not-for-files", at: node.position(of: key), "`\(key)` means nothing for an LDIF file",
                    hint: key == "urls" || key == "srv" ? "name the file with `file:`" : "remove it")
            }
            guard let file = layers.text("file", default: nil) else {
                if !node.has("urls"), !node.has("srv") {
                    diagnostics.error(
                        "config.file-missing", at: node.position, "kind `ldif` needs `file:`",
                        hint: "name the LDIF file")
                }
                return nil
            }
            note(path(file), .directory, "file")
            return .file(path(file))
        }
        if let domain = layers.text("srv", default: nil) { return .domain(domain) }
        let urls = layers.texts("urls")
        return urls.isEmpty ? nil : .servers(urls.map(\.value))
    }

    private mutating func search(_ key: String, default standard: String) -> DirectorySettings.Search {
        let bases = layers.texts("\(key).bases")
        if bases.isEmpty, let part = node[key]?.object, !part.has("bases") {
            diagnostics.error(
                "file.missing-key", at: part.position, "`bases` is missing in `\(key)`",
                hint: "name the DNs below which to look, for example `bases: [\"ou=people,dc=example,dc=org\"]`")
        }
        for base in bases where !base.value.utf8.contains(UInt8(ascii: "=")) {
            diagnostics.error("config.bad-dn", at: base.position, "expected a DN, found `\(base.value)`")
        }
        for path in ["\(key).filter", "\(key).exclude"] {
            guard let node = layers.node(path), let text = node.text else { continue }
            for name in AttributeMention.attributes(ofFilter: text) { mention(name, .filter, node.position) }
        }
        let given = filter("\(key).filter")
        if given == nil { layers.note("\(key).filter", standard, from: nil) }
        return DirectorySettings.Search(bases: bases.map(\.value), filter: given, exclude: filter("\(key).exclude"))
    }

    /// A rough look: the server says the rest.
    private mutating func filter(_ path: String) -> String? {
        guard let text = layers.text(path, default: nil) else { return nil }
        var depth = 0
        var isBalanced = text.utf8.first == UInt8(ascii: "(") && text.utf8.last == UInt8(ascii: ")")
        for byte in text.utf8 {
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            isBalanced = isBalanced && depth >= 0
        }
        if !isBalanced || depth != 0 {
            diagnostics.error(
                "config.bad-filter", at: layers.position(path),
                "expected an LDAP filter in parentheses, found `\(text)`",
                hint: "for example `(objectClass=inetOrgPerson)`")
        }
        return text
    }

    private mutating func attributes(_ kind: DirectoryKind) -> DirectorySettings.Attributes {
        let standard = kind.attributes
        var attributes = DirectorySettings.Attributes(
            id: layers.text("attributes.id", default: standard.id) ?? "",
            login: layers.text("attributes.login", default: standard.login) ?? "",
            email: layers.text("attributes.email", default: standard.email) ?? "")
        attributes.aliases = aliases(default: standard.aliases)
        for (key, name) in [("id", attributes.id), ("login", attributes.login), ("email", attributes.email)] {
            mention(name, .field, layers.position("attributes.\(key)") ?? node.position)
        }
        if let disabled = layers.node("attributes.disabled"), let object = disabled.object,
            let attribute = object["attribute"]?.text, let value = object["equals"]?.text
        {
            attributes.disabled = DirectorySettings.DisabledBy(attribute: attribute, equals: value)
            layers.note("attributes.disabled", disabled.shownText, from: disabled)
            mention(attribute, .field, disabled.position)
        }
        attributes.lastSignIn = time("attributes.last_sign_in", default: standard.lastSignIn)
        attributes.expires = time("attributes.expires", default: standard.expires)
        let flag = layers.node("attributes.disabled_flag")
        attributes.usesFlag = flag?.word != "off"
        layers.note("attributes.disabled_flag", flag?.word ?? "auto", from: flag)
        return attributes
    }

    private mutating func aliases(default standard: [String]) -> [String] {
        guard layers.node("attributes.aliases") != nil else {
            layers.note("attributes.aliases", "[\(standard.joined(separator: ", "))]", from: nil)
            return standard
        }
        let aliases = layers.texts("attributes.aliases")
        for alias in aliases { mention(alias.value, .alias, alias.position) }
        return aliases.map(\.value)
    }

    /// The attribute of a moment; none where the file says `null`.
    private mutating func time(_ key: String, default standard: String?) -> String? {
        if let node = layers.node(key), node.isNull {
            layers.note(key, "null", from: node)
            return nil
        }
        let isGiven = layers.node(key) != nil
        guard let name = layers.text(key, default: standard) else { return nil }
        if isGiven { mention(name, .field, layers.position(key) ?? node.position) }
        return name
    }

    private mutating func trustedAttributes() -> [String] {
        var seen: Set<String> = []
        for name in layers.texts("trusted_attributes") {
            if seen.insert(name.value.lowercased()).inserted {
                mention(name.value, .trusted, name.position)
                continue
            }
            diagnostics.error(
                "config.duplicate-name", at: name.position, "the attribute `\(name.value)` stands here twice",
                hint: "remove one of the two; letter case does not count")
        }
        return seen.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private mutating func mention(_ name: String, _ use: AttributeMention.Use, _ position: SourcePosition) {
        mentions.append(
            AttributeMention(directory: node["name"]?.text ?? "?", use: use, name: name, position: position))
    }

    private mutating func emailDomains() -> [String] {
        layers.texts("email_domains").map { $0.value.lowercased() }
    }

    private mutating func sentinels() -> [String] {
        let ids = layers.texts("sentinels")
        for id in ids where ImmutableID(written: id.value) == nil {
            diagnostics.error(
                "config.bad-id", at: id.position, "expected an immutable id, found `\(id.value)`",
                hint: "write it as the directory shows it, for example a UUID")
        }
        return ids.map(\.value)
    }

    private mutating func timeouts() -> DirectorySettings.Timeouts {
        var timeouts = DirectorySettings.Timeouts()
        timeouts.connect = .seconds(layers.seconds("timeouts.connect", default: 10))
        timeouts.idle = .seconds(layers.seconds("timeouts.idle", default: 30))
        timeouts.pull = .seconds(layers.seconds("timeouts.pull", default: 1800))
        return timeouts
    }
}
