import DirectoryModel
import Glibc
import LDAPClient
import SyncAgent

/// A directory that is named on the command line and not in a configuration.
struct NamedDirectory {
    /// Of the section that begins with it.
    static let name = "directory"

    var location: DirectorySettings.Location
    var bind: DirectorySettings.Bind
    var tls: DirectorySettings.TLS
    var kind: DirectoryKind?
    var peopleBases: [String] = []
    var groupBases: [String] = []
    var timeouts = DirectorySettings.Timeouts()

    /// `place` is a URL, the path of an LDIF file, or a domain whose SRV records name the servers.
    init(_ place: String, bind: DirectorySettings.Bind, caFile: String?, usesStartTLS: Bool = false) throws {
        self.bind = bind
        timeouts.pull = .seconds(300)
        guard place.contains("://") else {
            if NamedDirectory.isPath(place) {
                location = .file(FilePath.absolute(place))
                tls = DirectorySettings.TLS(mode: .none)
            } else {
                location = .domain(place)
                tls = NamedDirectory.protected(usesStartTLS ? .starttls : .ldaps, caFile)
            }
            return
        }
        guard let url = LDAPURL(place) else {
            throw AgentFailure(
                .usage, "`\(place)` is not the URL of a directory server",
                hint: "write `ldaps://host`, `ldap://host:port` or `ldapi://`")
        }
        location = .servers([place])
        switch url.scheme {
        case .ldaps: tls = NamedDirectory.protected(.ldaps, caFile)
        case .ldapi: tls = DirectorySettings.TLS(mode: .none)
        case .ldap:
            let isInClear = url.isLocal && caFile == nil && !usesStartTLS
            tls = isInClear ? DirectorySettings.TLS(mode: .none) : NamedDirectory.protected(.starttls, caFile)
        }
    }

    /// Whether somebody means a file: by how it is written, or since it is there.
    private static func isPath(_ place: String) -> Bool {
        place.utf8.contains(UInt8(ascii: "/")) || place.hasSuffix(".ldif") || access(place, F_OK) == 0
            || !place.utf8.contains(UInt8(ascii: "."))
    }

    private static func protected(_ mode: DirectorySettings.TLS.Mode, _ caFile: String?) -> DirectorySettings.TLS {
        DirectorySettings.TLS(mode: mode, caFile: caFile ?? "/etc/ssl/certs/ca-certificates.crt")
    }

    /// As a configuration would have it, without what only an examination finds.
    var settings: DirectorySettings {
        var kind = kind ?? .openldap
        if case .file = location { kind = .ldif }
        let standard = kind.attributes
        return DirectorySettings(
            name: NamedDirectory.name, kind: kind, location: location, bind: bind, tls: tls,
            people: DirectorySettings.Search(bases: peopleBases), groups: DirectorySettings.Search(bases: groupBases),
            attributes: DirectorySettings.Attributes(
                id: standard.id, login: standard.login, email: standard.email, aliases: standard.aliases,
                lastSignIn: standard.lastSignIn, expires: standard.expires),
            timeouts: timeouts)
    }
}
