import DirectoryModel
import DirectorySources
import Glibc
import LDAPClient
import SyncAgent

/// Examines directories: configured ones, and one that is named on the command line.
struct DirectoryExamination {
    var secrets: SecretReader
    var last = ExaminationStep.rights
    /// Told what begins.
    var progress: (_ directory: String, ExaminationStep) -> Void = { _, _ in }

    /// A configured directory, as a run would read it; throws `AgentFailure` where its settings cannot work.
    func examine(_ settings: DirectorySettings) throws -> Examination {
        if case .file(let path) = settings.location {
            progress(settings.name, .reading)
            return FileDoctor(try SourceSettings(settings), path: path)
                .examine(trusted: settings.trustedAttributes, now: Clock.now())
        }
        var (method, failure) = try bind(settings)
        if failure != nil { method = .anonymous }
        var request = ExaminationRequest(try Directories.servers(settings, bind: method), now: Clock.now())
        request.bindFailure = failure
        request.trusted = settings.trustedAttributes
        request.passwordFile = settings.passwordFile
        return run(request)
    }

    /// A directory of which nothing is configured; `secret` is what was typed.
    func examine(_ named: NamedDirectory, secret: Secret?) throws -> Examination {
        var settings = named.settings
        if case .file(let path) = settings.location {
            try named.checkFile(path)
            settings.name = named.title
            return try examine(settings)
        }
        var method = BindMethod.anonymous
        var failure: PullFailure?
        if case .simple(let dn, _) = settings.bind, let secret {
            method = .simple(dn: dn, password: secret)
        } else {
            (method, failure) = try bind(settings)
        }
        let servers = try Directories.servers(settings, bind: method)
        var request = ExaminationRequest(
            name: named.title, urls: servers.urls, domain: servers.domain, connection: servers.connection,
            account: servers.account, now: Clock.now())
        request.bindFailure = failure
        request.kind = named.kind
        request.peopleBases = named.peopleBases
        request.groupBases = named.groupBases
        request.passwordFile = secret == nil ? settings.passwordFile : nil
        return run(request)
    }

    private func run(_ request: ExaminationRequest) -> Examination {
        DirectoryDoctor(request).examine(through: last) { progress(request.name, $0) }
    }

    /// How to bind, or why the secret for it cannot be had.
    private func bind(_ settings: DirectorySettings) throws -> (BindMethod, PullFailure?) {
        do { return (try Directories.bind(settings, secrets), nil) } catch let failure as AgentFailure {
            let told = PullFailure(
                kind: failure.status == .missingFile ? .missingFile : .badConfiguration, directory: settings.name,
                message: failure.message, hint: failure.hint)
            return (.anonymous, told)
        }
    }
}

extension NamedDirectory {
    /// Throws where the file of a directory is not there.
    func checkIsThere() throws(AgentFailure) {
        guard case .file(let path) = location, access(path, F_OK) != 0 else { return }
        throw AgentFailure(
            .missingFile, "there is no file `\(path)`",
            hint: "name an LDIF file that is there, the URL of a server like `ldaps://host`, or a domain")
    }

    /// Throws where the file is not there, or nobody says where in it people and groups are: a file has no default for that.
    fileprivate func checkFile(_ path: String) throws(AgentFailure) {
        try checkIsThere()
        guard !peopleBases.isEmpty, !groupBases.isEmpty else {
            throw AgentFailure(
                .usage, "`\(path)` is a file, and nobody says where in it people and groups are",
                hint: "name them: `--people ou=people,dc=example,dc=org --groups ou=groups,dc=example,dc=org`")
        }
    }

    /// What it is called while it has no name.
    fileprivate var title: String {
        switch location {
        case .servers(let urls):
            urls.first.flatMap { LDAPURL($0) }.map { $0.scheme == .ldapi ? "ldapi" : $0.host } ?? ""
        case .domain(let domain): domain
        case .file(let path): path
        }
    }
}

extension DirectorySettings {
    /// Of a simple bind by a file; nil for other ways.
    fileprivate var passwordFile: String? {
        if case .simple(_, .file(let path)) = bind { return path }
        return nil
    }
}
