import ArgumentParser
import DirectoryModel
import Glibc
import LDAPClient
import SyncAgent

/// How to reach a directory that is named on the command line.
struct DirectoryOptions: ParsableArguments {
    enum Method: String, ExpressibleByArgument, CaseIterable { case simple, external, gssapi, anonymous }

    @Option(
        name: .customLong("bind-dn"),
        help: "DN to bind as, with a password that is asked for or read from a file; anonymous without it.")
    var bindDN: String?

    @Option(
        name: .customLong("password-file"), help: "File with the bind password; never the password itself.",
        completion: .file())
    var passwordFile: String?

    @Option(help: "simple with a DN, external, gssapi or anonymous.")
    var method: Method?

    @Option(help: "Keytab for method gssapi; otherwise the tickets at hand.", completion: .file())
    var keytab: String?

    @Option(
        name: .customLong("ca-file"),
        help: "Certificates of the authorities that are trusted; those of the system otherwise.", completion: .file())
    var caFile: String?

    @Option(
        name: .customLong("certificate-file"), help: "Our own certificate, for method external.", completion: .file())
    var certificateFile: String?

    @Option(name: .customLong("key-file"), help: "The key of our own certificate.", completion: .file())
    var keyFile: String?

    @Flag(name: .customLong("starttls"), help: "TLS after StartTLS; the default for ldap:// beyond this machine.")
    var usesStartTLS = false

    @Option(help: "openldap, active-directory, 389ds or freeipa; what the server says it is otherwise.")
    var kind: DirectoryKind?

    @Option(name: .customLong("people"), help: "DN above the people; may be given several times; looked for otherwise.")
    var peopleBases: [String] = []

    @Option(name: .customLong("groups"), help: "DN above the groups; may be given several times; looked for otherwise.")
    var groupBases: [String] = []

    /// Whether anything is said that only holds for a directory named here.
    var isGiven: Bool {
        bindDN != nil || passwordFile != nil || method != nil || keytab != nil || caFile != nil
            || certificateFile != nil || keyFile != nil || usesStartTLS || kind != nil || !peopleBases.isEmpty
            || !groupBases.isEmpty
    }

    /// The directory at a place, and the password where it was typed.
    func named(_ place: String) throws -> (directory: NamedDirectory, secret: Secret?) {
        var secret: Secret?
        let bind: DirectorySettings.Bind
        switch method ?? (bindDN == nil ? .anonymous : .simple) {
        case .anonymous: bind = .anonymous
        case .external: bind = .external
        case .gssapi:
            bind =
                keytab.map { .keytab(path: FilePath.absolute($0), principal: nil) }
                ?? .ticketCache(Environment.value("KRB5CCNAME") ?? "FILE:/tmp/krb5cc_\(getuid())")
        case .simple:
            guard let bindDN else { throw ValidationError("method simple needs `--bind-dn`") }
            if passwordFile == nil { secret = try typed(bindDN) }
            bind = .simple(dn: bindDN, secret: .file(passwordFile.map(FilePath.absolute) ?? "bind.password"))
        }
        var directory = try NamedDirectory(
            place, bind: bind, caFile: caFile.map(FilePath.absolute), usesStartTLS: usesStartTLS)
        directory.tls.certificateFile = certificateFile.map(FilePath.absolute)
        directory.tls.keyFile = keyFile.map(FilePath.absolute)
        directory.kind = kind
        if kind == .ldif { directory.location = .file(FilePath.absolute(place)) }
        directory.peopleBases = peopleBases
        directory.groupBases = groupBases
        return (directory, secret)
    }

    private func typed(_ dn: String) throws -> Secret {
        guard let typed = Terminal.askSecret("Password of \(dn) (not shown):"), !typed.isEmpty else {
            throw ValidationError("there is no password: give `--password-file`")
        }
        return Secret(typed)
    }
}

extension DirectoryKind: ExpressibleByArgument {}
