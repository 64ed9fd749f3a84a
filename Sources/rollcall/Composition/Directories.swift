import Diagnostics
import DirectoryModel
import DirectorySources
import LDAPClient
import SyncAgent

/// Makes the sources of configured directories.
enum Directories {
    /// Whom this process is to servers, and what was refused.
    static let accounts = BindAccounts()

    /// Nothing is asked of the network before the source's first call; throws `AgentFailure`.
    static func open(
        _ settings: DirectorySettings, _ secrets: SecretReader, stop: StopFlag? = nil
    ) throws -> any DirectorySource {
        if case .file(let path) = settings.location { return LDIFSource(try SourceSettings(settings), path: path) }
        return LDAPSource(try servers(settings, bind: try bind(settings, secrets), stop: stop))
    }

    /// Makes what follows a directory between runs, likewise.
    static func follow(
        _ settings: DirectorySettings, _ secrets: SecretReader, stop: StopFlag
    ) throws -> any DirectoryFollower {
        if case .file(let path) = settings.location {
            return LDIFFollower(try SourceSettings(settings), path: path) { stop.isRaised }
        }
        return ServerFollower(try servers(settings, bind: try bind(settings, secrets), stop: stop))
    }

    /// How a directory of servers is reached and read; throws `AgentFailure`.
    static func servers(
        _ settings: DirectorySettings, bind: BindMethod, stop: StopFlag? = nil
    ) throws -> LDAPSourceSettings {
        var connection = ConnectionSettings(settings)
        connection.stop = stop
        var found = LDAPSourceSettings(
            source: try SourceSettings(settings), urls: [], connection: connection, bind: bind)
        switch settings.location {
        case .file: break
        case .servers(let urls): found.urls = try urls.map { try url($0, settings) }
        case .domain(let domain): found.domain = domain
        }
        found.account = accounts.account(bind, proof: proof(of: settings), at: found.addresses)
        return found
    }

    /// Whether what would be sent to bind was refused before: nobody is asked then.
    static func isRefused(_ settings: DirectorySettings, _ secrets: SecretReader) -> Bool {
        guard let servers = try? servers(settings, bind: try bind(settings, secrets)) else { return false }
        return servers.account.refusal != nil
    }

    /// What stands in the files that say who we are; empty where a password does, or the files cannot be read here.
    private static func proof(of settings: DirectorySettings) -> String {
        let paths: [String?] =
            switch settings.bind {
            case .simple, .anonymous: []
            case .external: [settings.tls.certificateFile, settings.tls.keyFile]
            case .keytab(let path, _): [path]
            case .ticketCache(let name): [name.hasPrefix("FILE:") ? String(name.dropFirst(5)) : name]
            }
        let digests = paths.map { path in
            let bytes = path.flatMap { try? InputFile($0, wanted: "a file of credentials").bytes() }
            return bytes.map { Hexadecimal.text(SHA256.digest($0)) } ?? "-"
        }
        return digests.joined(separator: " ")
    }

    private static func url(_ text: String, _ settings: DirectorySettings) throws -> LDAPURL {
        guard let url = LDAPURL(text) else {
            throw AgentFailure(
                .badConfiguration, "directory `\(settings.name)`: `\(text)` is not the URL of a directory server",
                hint: "write `ldaps://host`, `ldap://host:port` or `ldapi://`")
        }
        return url
    }

    static func bind(_ settings: DirectorySettings, _ secrets: SecretReader) throws -> BindMethod {
        switch settings.bind {
        case .anonymous: return .anonymous
        case .external: return .external
        case .keytab(let path, let principal):
            return .gssapi(KerberosCredentials(.keytab(path), principal: principal))
        case .ticketCache(let name): return .gssapi(KerberosCredentials(.cache(name)))
        case .simple(let dn, let source):
            try secrets.checkPlace(of: settings)
            return .simple(dn: dn, password: try secrets.withSecret(source) { Secret($0) })
        }
    }
}

extension LDAPSourceSettings {
    /// What tells the servers from others, each in one text.
    fileprivate var addresses: Set<String> {
        if let domain { return ["domain \(domain.lowercased())"] }
        return Set(urls.map { $0.scheme == .ldapi ? "ldapi \($0.host)" : "\($0.host.lowercased()):\($0.port)" })
    }
}

extension SourceSettings {
    /// What the configuration says, in the words of the sources.
    init(_ settings: DirectorySettings) throws {
        self.init(
            name: settings.name, dialect: Dialect(settings),
            people: try BranchSettings(settings.people, of: settings.name),
            groups: try BranchSettings(settings.groups, of: settings.name),
            attributes: AttributeSettings(settings.attributes),
            sentinels: settings.sentinels.compactMap { ImmutableID(written: $0) })
    }
}

extension Dialect {
    /// That of the kind, with what the configuration says instead.
    fileprivate init(_ settings: DirectorySettings) {
        self = .of(settings.kind)
        switch settings.pages {
        case .standard: break
        case .none: pageSize = nil
        case .entries(let count): pageSize = Int32(clamping: count)
        }
        if !settings.attributes.usesFlag { flags = [] }
        if let members = settings.groups.members { readMembers(members) }
    }
}

extension AttributeSettings {
    fileprivate init(_ attributes: DirectorySettings.Attributes) {
        self.init(
            id: attributes.id, login: attributes.login, email: attributes.email, aliases: attributes.aliases,
            disabled: attributes.disabled.map { DisabledWhen(attribute: $0.attribute, equals: $0.equals) },
            lastSignIn: attributes.lastSignIn, expires: attributes.expires)
    }
}

extension BranchSettings {
    fileprivate init(_ search: DirectorySettings.Search, of directory: String) throws {
        self.init(
            bases: search.bases, filter: try BranchSettings.filter(search.filter, directory),
            exclude: try BranchSettings.filter(search.exclude, directory))
    }

    private static func filter(_ text: String?, _ directory: String) throws -> LDAPFilter? {
        guard let text else { return nil }
        do { return try LDAPFilter(parsing: text) } catch {
            throw AgentFailure(
                .badConfiguration, "directory `\(directory)`: the filter `\(text)` is wrong: \(error.reason.rawValue)",
                hint: "write it as in RFC 4515, for example `(objectClass=inetOrgPerson)`")
        }
    }
}

extension ConnectionSettings {
    init(_ settings: DirectorySettings) {
        let mode: TLSSettings.Mode =
            switch settings.tls.mode {
            case .ldaps: .ldaps
            case .starttls: .starttls
            case .none: .none
            }
        let timeouts = settings.timeouts
        self.init(
            tls: TLSSettings(
                mode: mode, caFile: settings.tls.caFile, pinSHA256: settings.tls.pinSHA256,
                certificateFile: settings.tls.certificateFile, keyFile: settings.tls.keyFile,
                crlFile: settings.tls.crlFile),
            timeouts: Timeouts(connect: timeouts.connect, idle: timeouts.idle, pull: timeouts.pull))
    }
}
