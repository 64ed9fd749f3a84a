import ArgumentParser
import Glibc
import SyncAgent

/// Everything `init` has to know, by option or by question.
struct StarterOptions: ParsableArguments {
    @Option(help: "DN to bind as; `anonymous` or `external` for those methods.")
    var bind: String?

    @Option(name: .customLong("password-file"), help: "File with the bind password; asked for and written otherwise.")
    var passwordFile: String?

    @Option(name: .customLong("ca-file"), help: "Certificates of the authorities that are trusted.")
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
        help: "Where the roster and the reports are kept; /var/lib/rollcall for root, otherwise `state` in the folder.")
    var state: String?

    /// The answers, and the secret to write where one was typed.
    func starter(place: String?, folder: String) throws -> (answers: StarterAnswers, secret: [UInt8]?) {
        let location = try answer(place, "URL of the directory (ldaps://…), or path of an LDIF file:", "URL")
        let isServer = location.utf8.contains(UInt8(ascii: ":")) && location.contains("://")
        var secret: [UInt8]?
        var method = StarterAnswers.Bind.anonymous
        if isServer {
            switch try answer(bind, "DN to bind as, or `anonymous` or `external`:", "--bind") {
            case "anonymous": method = .anonymous
            case "external": method = .external
            case let dn:
                if passwordFile == nil { secret = try password(for: dn) }
                method = .simple(dn: dn, passwordFile: passwordFile.map(FilePath.absolute) ?? "bind.password")
            }
        }
        let answers = StarterAnswers(
            place: isServer ? .server(url: location) : .file(FilePath.absolute(location)), bind: method,
            caFile: caFile.map(FilePath.absolute),
            peopleBase: try answer(peopleBase, "DN above the people (ou=people,dc=example,dc=org):", "--people"),
            groupsBase: try answer(groupsBase, "DN above the groups (ou=groups,dc=example,dc=org):", "--groups"),
            emailDomain: try answer(emailDomain, "Domain that invitations may go to (example.org):", "--email-domain"),
            platform: try answer(platform, "Platform (vivi, tenant, agent-studio, voiceflow):", "--platform"),
            target: try answer(target, "A name for the deployment (acme-desk):", "--target"),
            state: state.map(FilePath.absolute) ?? (geteuid() == 0 ? "/var/lib/rollcall" : "state"),
            group: try answer(group, "A group whose members get something, for a first rule:", "--group"))
        return (answers, secret)
    }

    /// What the option says, else what is typed.
    private func answer(_ given: String?, _ question: String, _ option: String) throws -> String {
        if let given, !given.isEmpty { return given }
        guard Terminal.isPerson(at: STDIN_FILENO) else {
            throw ValidationError("there is nobody to ask: give `\(option)`")
        }
        while let line = Terminal.ask(question) {
            if !line.isEmpty { return line }
        }
        throw ValidationError("the questions were not answered")
    }

    private func password(for dn: String) throws -> [UInt8] {
        guard let secret = Terminal.askSecret("Password of \(dn) (not shown, written with mode 0600):"), !secret.isEmpty
        else { throw ValidationError("there is no password: give `--password-file`") }
        return secret
    }
}
