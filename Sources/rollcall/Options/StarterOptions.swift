import ArgumentParser
import DirectoryModel
import Glibc
import LDAPClient
import Reports
import SyncAgent

/// Everything `init` has to know, by option or by question.
struct StarterOptions: ParsableArguments {
    @Option(help: "DN to bind as; `anonymous` or `external` for those methods.")
    var bind: String?

    @Option(
        name: .customLong("password-file"), help: "File with the bind password; asked for and written otherwise.",
        completion: .file())
    var passwordFile: String?

    @Option(
        name: .customLong("ca-file"), help: "Certificates of the authorities that are trusted.", completion: .file())
    var caFile: String?

    @Option(name: .customLong("people"), help: "DN above the people.")
    var peopleBase: String?

    @Option(name: .customLong("groups"), help: "DN above the groups.")
    var groupsBase: String?

    @Option(name: .customLong("email-domain"), help: "Invitations go to this domain only.")
    var emailDomain: String?

    @Option(help: "Name of a group whose members get something, for a first rule.")
    var group: String?

    @Option(help: "vivi, tenant, agent-studio or voiceflow; or the path of a platform file.")
    var platform: String?

    @Option(help: "A name for the deployment that is kept in step.")
    var target: String?

    @Option(
        help: "Where the roster and the reports are kept; /var/lib/rollcall for root, otherwise `state` in the folder.",
        completion: .directory)
    var state: String?

    /// The answers, and the secret to write where one was typed.
    func starter(place: String?, folder: String) throws -> (answers: StarterAnswers, secret: [UInt8]?) {
        let location = try answer(place, "URL of the directory (ldaps://…), or path of an LDIF file:", "URL")
        var secret: [UInt8]?
        var directory = try named(location, &secret)
        let proposal = try examined(&directory, secret)
        var settings = directory.settings
        if case .simple(let dn, _) = settings.bind, secret != nil {
            settings.bind = .simple(dn: dn, secret: .file("bind.password"))
        }
        let people = try answers(
            peopleBase, "DN above the people", "ou=people,dc=example,dc=org", proposal?.peopleBases, "--people")
        let groups = try answers(
            groupsBase, "DN above the groups", "ou=groups,dc=example,dc=org", proposal?.groupBases, "--groups")
        let domains = try answers(
            emailDomain, "Domain that invitations may go to", "example.org", proposal?.emailDomains, "--email-domain")
        let starter = StarterDirectory(
            settings,
            DirectoryProposal(
                kind: proposal?.kind ?? settings.kind, peopleBases: people, groupBases: groups, emailDomains: domains))
        let answers = StarterAnswers(
            directory: starter,
            platform: try answer(
                platform, "Platform: vivi, tenant, agent-studio, voiceflow, or the path of a platform file:",
                "--platform"),
            target: try answer(target, "A name for the deployment, such as acme-desk:", "--target"),
            state: state.map(FilePath.absolute) ?? (geteuid() == 0 ? "/var/lib/rollcall" : "state"),
            group: try answer(group, "A group whose members get something, for a first rule:", "--group"))
        return (answers, secret)
    }

    private func named(_ location: String, _ secret: inout [UInt8]?) throws -> NamedDirectory {
        let isServer = location.utf8.contains(UInt8(ascii: ":")) && location.contains("://")
        var method = DirectorySettings.Bind.anonymous
        if isServer {
            switch try answer(bind, "DN to bind as, or `anonymous` or `external`:", "--bind") {
            case "anonymous": method = .anonymous
            case "external": method = .external
            case let dn:
                if passwordFile == nil { secret = try password(for: dn) }
                method = .simple(dn: dn, secret: .file(passwordFile.map(FilePath.absolute) ?? "bind.password"))
            }
        }
        var directory = try NamedDirectory(location, bind: method, caFile: caFile.map(FilePath.absolute))
        if !isServer { directory.location = .file(FilePath.absolute(location)) }
        if case .file = directory.location { directory.kind = .ldif }
        try directory.checkIsThere()
        return directory
    }

    /// Tries the directory as far as finding people, and says what stands in the way; nil where too little was found.
    private func examined(_ directory: inout NamedDirectory, _ secret: [UInt8]?) throws -> DirectoryProposal? {
        if case .file = directory.location { return nil }
        directory.peopleBases = peopleBase.map { [$0] } ?? []
        directory.groupBases = groupsBase.map { [$0] } ?? []
        let examination = DirectoryExamination(
            secrets: SecretReader(credentialsDirectory: Environment.value("CREDENTIALS_DIRECTORY")), last: .bases)
        let found = try examination.examine(directory, secret: secret.map { Secret($0) })
        if found.failure != nil {
            let view = ExaminationReport([found], exitStatus: ExitStatus.done.rawValue)
            Output.message(ExaminationText.bytes(view, style: Terminal.style(of: STDERR_FILENO), detail: .steps))
        }
        if case .server(let facts) = found[.server]?.facts { directory.kind = facts.kind ?? directory.kind }
        return found.proposal
    }

    /// What the option says, else what is typed, else what was found.
    private func answers(
        _ given: String?, _ question: String, _ example: String, _ found: [String]?, _ option: String
    ) throws -> [String] {
        if let given, !given.isEmpty { return [given] }
        guard let found, !found.isEmpty else { return [try answer(nil, "\(question), such as \(example):", option)] }
        guard Terminal.isPerson(at: STDIN_FILENO) else { return found }
        let typed = Terminal.ask("\(question) [\(found.joined(separator: "; "))]:") ?? ""
        return typed.isEmpty ? found : [typed]
    }

    /// What the option says, else what is typed.
    private func answer(_ given: String?, _ question: String, _ option: String) throws -> String {
        if let given, !given.isEmpty { return given }
        guard Terminal.isPerson(at: STDIN_FILENO) else {
            throw ValidationError("there is nobody to ask: give `\(option)`")
        }
        while let line = Terminal.ask(question) {
            if !line.isEmpty { return line }
            var page = TextPage(style: Terminal.style(of: STDERR_FILENO))
            page.line("this has to be known; Ctrl-C stops, and nothing is written")
            Output.message(page.bytes)
        }
        throw ValidationError("the questions were not answered")
    }

    private func password(for dn: String) throws -> [UInt8] {
        guard let secret = Terminal.askSecret("Password of \(dn) (not shown, written with mode 0600):"), !secret.isEmpty
        else { throw ValidationError("there is no password: give `--password-file`") }
        return secret
    }
}
