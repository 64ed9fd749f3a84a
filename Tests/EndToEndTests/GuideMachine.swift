import Foundation
import TestSupport

/// A machine on which guides are followed, word by word, by `scripts/lib/follow-guide`.
struct GuideMachine: Sendable {
    enum User: String {
        case root, ada
    }

    /// What readers put in the place of names in a guide, in this order.
    typealias Names = [(name: String, own: String)]

    private static let script = Repository.root.appendingPathComponent("Tests/EndToEndTests/Guides/machine.sh")
    private static let follower = Repository.root.appendingPathComponent("scripts/lib/follow-guide")

    private let folder: TemporaryDirectory
    /// What time it is there, in hours after the first night.
    var hour = 0

    /// A fresh machine that knows the tests' authority.
    init() throws {
        folder = try TemporaryDirectory()
        try Command.run(GuideMachine.script.path, ["make", folder.url.path], in: Repository.root)
        try trust(try TestCertificates.shared.get().authorityFile)
    }

    /// A machine like another one.
    init(like other: GuideMachine) throws {
        folder = try TemporaryDirectory()
        hour = other.hour
        let place = folder.url
        // Programs and samples stay as they are, so both have the same ones.
        try Command.run("cp", ["-al", other.folder.path("usr"), place.path], in: place)
        try Command.run("cp", ["-a"] + ["etc", "var", "srv"].map(other.folder.path) + [place.path], in: place)
    }

    /// Makes it know one authority, and no other.
    func trust(_ authority: String) throws {
        try write(try Data(contentsOf: URL(fileURLWithPath: authority)), to: "/etc/ssl/certs/ca-certificates.crt")
    }

    func write(_ data: Data, to path: String) throws {
        try data.write(to: folder.url.appendingPathComponent(path))
    }

    func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: folder.url.appendingPathComponent(path)), as: UTF8.self)
    }

    /// Follows a page from one heading to another, the whole of it without; throws where anything goes otherwise than it says.
    func follow(
        _ page: String, from first: String = "", to last: String = "", as user: User = .ada,
        in place: String = "/srv/ada", names: Names = [], environment: [String: String] = [:]
    ) throws {
        let pairs = try folder.write(
            GuideMachine.answers + names.map { "\($0.name) -> \($0.own)\n" }.joined(), to: "pairs")
        let follower = [GuideMachine.follower.path, Repository.root.appendingPathComponent(page).path]
        let ended = try run(
            follower + ["any", pairs, first, last, "bash", "-c"], as: user, in: place, environment: environment)
        guard ended.status == 0 else {
            throw Command.Failure(description: "\(page) cannot be followed:\n\(ended.output.suffix(6_000))")
        }
    }

    /// Runs a program there.
    func run(_ command: [String], as user: User, in place: String, environment: [String: String] = [:]) throws
        -> Rollcall.Ended
    {
        let surroundings = [
            "ROLLCALL_BUILT": Rollcall.program.path, "ROLLCALL_NOW": "\(Site.firstNight + hour * 3_600)",
            "TERM": "dumb",
        ]
        return try Rollcall.run(
            ["run", folder.url.path, user.rawValue, place] + command, program: GuideMachine.script,
            in: Repository.root, environment: environment.merging(surroundings) { mine, _ in mine })
    }

    /// What is typed at a question; what `init` proposes in brackets is taken.
    private static let answers = """
        DN to bind as => \(account)
        Password of => \(password)
        Platform => vivi
        A name for => acme-desk
        A group => support
        Type yes, anything else stops: => yes
        ]: =>\u{20}

        """

    /// Who reads the directory of the guides.
    static let account = "cn=rollcall,ou=services,dc=example,dc=org"
    private static let password = "reader of the guides"
}
