import Foundation
import Glibc
import TestSupport
import Testing

/// A folder with everything that a run needs, and the program run in it.
struct Site {
    /// 2026-11-21 02:15 UTC.
    static let firstNight = 1_795_227_300

    let folder: TemporaryDirectory
    /// What time it is for the program, in hours after the first night.
    var hour = 0
    /// How many times as fast as the machine's its clock goes from there on; 0 for a clock that stands.
    var speed = 0
    /// Whether passwords may go wherever the configuration says: servers of tests have other ports each time.
    var trustsEverything = true

    /// A site over a server with the sample company's names; `source` is how the directory is reached.
    init(server source: String, limits: String = "") throws {
        try self.init(
            directory: """
                    kind: openldap
                    \(source)
                    people: {bases: ["ou=people,dc=example,dc=org"], filter: "(objectClass=inetOrgPerson)"}
                    groups: {bases: ["ou=groups,dc=example,dc=org"]}
                """, limits: limits)
        try setPassword(SlapdFixture.password)
    }

    /// A site over the stub of Active Directory; times are short, and too short for a second attempt.
    init(activeDirectory url: String, timeouts: String = "connect: 1s, idle: 1s, pull: 4s") throws {
        try self.init(
            directory: """
                    kind: active-directory
                    urls: [\(url)]
                    bind: {method: simple, dn: "\(ADStub.reader.dn)", password_file: bind.password}
                    tls: {mode: none}
                    people: {bases: ["OU=people,\(ADDomain.suffix)"]}
                    groups: {bases: ["OU=groups,\(ADDomain.suffix)"]}
                """, limits: "")
        try replace("connect: 2s, idle: 2s, pull: 60s", with: timeouts)
        try setPassword(ADStub.reader.password)
    }

    /// A site over an LDIF file with the sample company's names.
    init(ldif: [UInt8], limits: String = "") throws {
        try self.init(
            directory: """
                    kind: ldif
                    file: people.ldif
                    people: {bases: ["ou=people,dc=example,dc=org"], filter: "(objectClass=inetOrgPerson)"}
                    groups: {bases: ["ou=groups,dc=example,dc=org"]}
                """, limits: limits)
        try write(ldif, to: "people.ldif")
    }

    private init(directory: String, limits: String) throws {
        folder = try TemporaryDirectory()
        try folder.write(Site.configuration(directory, limits), to: "rollcall.yaml")
        try folder.write(Site.mapping, to: "mapping.yaml")
        try folder.write(try Repository.text("config/platforms/vivi.yaml"), to: "vivi.yaml")
        for path in ["state", "approvals"] {
            try FileManager.default.createDirectory(
                atPath: folder.path(path), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
    }

    private static func configuration(_ directory: String, _ limits: String) -> String {
        """
        version: 1
        state: state
        directories:
          - name: corp
        \(directory)
            attributes: {disabled: {attribute: employeeType, equals: disabled}}
            trusted_attributes: [employeeType]
            email_domains: [example.org]
            timeouts: {connect: 2s, idle: 2s, pull: 60s}
        defaults:
          mode: manage
          pace: {invite: 100000}
          \(limits)
        targets:
          - name: desk
            platform: vivi.yaml
            mapping: mapping.yaml
            topology:
              workspaces:
                support: {seats: 100000}
        approvals: approvals/

        """
    }

    private static let mapping = """
        version: 1
        platform: vivi
        rules:
          - name: Support desk
            when: {group: support}
            give: {workspace: support, role: chat-user}
          - name: Leads
            when: {group: leads}
            give: {workspace: support, role: agent-manager}

        """

    /// How a server on loopback is reached: plainly, as its administrator unless said otherwise.
    static func plain(_ url: String, as account: String = SlapdFixture.administrator) -> String {
        """
        urls: [\(url)]
            bind: {method: simple, dn: "\(account)", password_file: bind.password}
            tls: {mode: none}
        """
    }

    /// The same with TLS.
    static func encrypted(_ url: String, authority: String) -> String {
        """
        urls: [\(url)]
            bind: {method: simple, dn: "\(SlapdFixture.administrator)", password_file: bind.password}
            tls: {mode: ldaps, ca_file: "\(authority)"}
        """
    }

    // MARK: Files

    var statePath: String { folder.path("state") }

    func setPassword(_ password: String) throws {
        try write(Array(password.utf8), to: "bind.password")
        chmod(folder.path("bind.password"), 0o600)
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: folder.path(name)))
    }

    /// Replaces text in a file; it must be there.
    func replace(_ old: String, with new: String, in name: String = "rollcall.yaml") throws {
        let text = try String(contentsOfFile: folder.path(name), encoding: .utf8)
        guard text.contains(old) else { throw Command.Failure(description: "`\(old)` does not stand in \(name)") }
        try folder.write(text.replacingOccurrences(of: old, with: new), to: name)
    }

    /// Makes the state that of an earlier moment, or nothing where that is nil.
    func restore(_ state: SavedState?) throws {
        try FileManager.default.removeItem(atPath: statePath)
        if let state {
            try Command.run("cp", ["-a", state.folder.path("state"), statePath], in: folder.url)
        } else {
            try FileManager.default.createDirectory(
                atPath: statePath, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        }
    }

    func saved() throws -> SavedState { try SavedState(of: self) }

    /// What runs leave in the state directory, without reports.
    func litter() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: statePath).filter { path in
            let name = URL(fileURLWithPath: path).lastPathComponent
            return name.hasPrefix(".") || ["tmp", "-journal", "-wal", ".part"].contains { name.contains($0) }
        }
    }

    /// Runs with a report of their own that have none, in each format.
    func missingReports() throws -> [String] {
        let list = folder.path("runs")
        try folder.write(
            "sqlite3 \"$1\" \"SELECT run FROM roster_runs WHERE command IN ('sync', 'apply', 'undo')\" >runs",
            to: "runs.sh")
        try Command.run("sh", [folder.path("runs.sh"), statePath + "/roster.sqlite"], in: folder.url)
        let runs = try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n")
        return runs.flatMap { ["run-\($0).html", "run-\($0).json"] }.filter {
            !FileManager.default.fileExists(atPath: "\(statePath)/reports/\($0)")
        }
    }

    /// Whether the password stands in a file of the state directory or in the bytes.
    func tellsPassword(_ said: [UInt8]) throws -> Bool {
        guard let secret = try? Data(contentsOf: URL(fileURLWithPath: folder.path("bind.password"))) else {
            return false
        }
        if said.firstRange(of: secret) != nil { return true }
        for name in try FileManager.default.subpathsOfDirectory(atPath: statePath) {
            let file = try? Data(contentsOf: URL(fileURLWithPath: statePath + "/" + name))
            if file?.firstRange(of: secret) != nil { return true }
        }
        return false
    }

    // MARK: Delivery

    /// A program that keeps what it is told; it says so on standard error, where phases are told too.
    ///
    /// Another process writes it: what this one has open for writing its own children may have open, too, and then it cannot be run.
    func tellProgram() throws {
        try folder.write(
            "#!/bin/sh\necho 'phase=delivering ' >&2\n{ cat; echo; } >>\"$(dirname \"$0\")/told.jsonl\"\n",
            to: "deliver.text")
        try Command.run("install", ["-m", "700", "deliver.text", "deliver.sh"], in: folder.url)
        try replace("approvals: approvals/", with: "approvals: approvals/\ndeliver: {command: [./deliver.sh]}")
    }

    /// What the program was told: the key of each message by user, each once, in the order in which it first came.
    ///
    /// A line that a killed run did not finish counts for nothing.
    func told() throws -> [String: [String]] {
        guard let bytes = FileManager.default.contents(atPath: folder.path("told.jsonl")) else { return [:] }
        var keys: [String: [String]] = [:]
        for line in bytes.split(separator: 0x0A) {
            guard let json = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any],
                let key = json["key"] as? String, let user = json["user"] as? [String: Any],
                let number = user["number"] as? Int
            else { continue }
            let name = "\(json["target"] ?? "")/\(number)"
            if keys[name]?.contains(key) != true { keys[name, default: []].append(key) }
        }
        return keys
    }

    /// Forgets what the program was told.
    func forgetTold() { unlink(folder.path("told.jsonl")) }

    // MARK: Running

    func start(_ arguments: [String], through launcher: [String] = []) throws -> Child {
        if trustsEverything { unlink(statePath + "/trusted-places") }
        let line = launcher + [Rollcall.program.path] + arguments + ["--config", "rollcall.yaml"]
        return try Child(
            line[0], Array(line.dropFirst()), in: folder.url.path,
            environment: ["ROLLCALL_NOW": "\(Site.firstNight + hour * 3_600)\(speed > 0 ? "x\(speed)" : "")"])
    }

    func run(_ arguments: [String], through launcher: [String] = []) throws -> Child.Ended {
        try start(arguments, through: launcher).end()
    }

    func sync() throws -> Child.Ended { try run(["sync", "--yes"]) }

    /// A run that has to end within so many seconds, beside what a busy machine takes to start a program.
    func sync(within limit: Double) throws -> Child.Ended {
        let began = ContinuousClock.now
        let ended = try sync()
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        #expect(seconds < limit + 8, "took \(seconds) s, the limit is \(limit) s: \(ended.message)")
        return ended
    }

    /// Runs what has to end well before a test can begin.
    func prepare() throws -> SavedState {
        let ended = try sync()
        guard ended.status == 0 else {
            throw Command.Failure(description: "the first night ended with \(ended): \(ended.message)")
        }
        return try saved()
    }
}
