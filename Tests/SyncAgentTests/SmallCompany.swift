import AccessModel
import DirectoryModel
import DirectorySources
import Reconciliation
import SQLiteRoster
import TestSupport

@testable import SyncAgent

/// A company in an LDIF file, one target on the shipped `tenant` platform, and an agent over both, all in a directory of its own.
final class SmallCompany {
    let directory: TemporaryDirectory
    var people: [String] = (1...20).map { "p\($0)" }
    var disabled: Set<String> = []
    var members: [String]?
    var now: Int64 = 1_800_000_000
    var config = ""
    var mode = "manage"
    var targetName = "desk"
    var topology = "{seats: 100}"
    /// Whether the directory was restored and gave everybody another id.
    var isRestored = false
    /// What the directory answers instead of the file.
    var pullFailure: PullFailure?
    /// A second directory, `contractors`, of people `c1`…, whose group `externals` gives what `staff` gives.
    var contractors: Contractors?
    /// What one directory answers instead of its file.
    var failures: [String: PullFailure] = [:]
    /// Directories that are read, but do not answer when they are asked about absent people.
    var mute: Set<String> = []
    /// Employee numbers, by login.
    var numbers: [String: String] = [:]
    /// In which order the configuration names the directories.
    var isReversed = false
    /// What is done to the configuration before it is written.
    var edit: (String) -> String = { $0 }
    /// What went to the system's log.
    var logged: [String] = []
    /// What was told of runs, once for each format.
    var reports: [RunReport] = []
    /// What went wrong beside the work of commands.
    var warned: [String] = []
    /// What is read in the place of files.
    var source: ((DirectorySettings) -> any DirectorySource)?
    /// Whether the roster can be asked about part of the people.
    var asksForParts = false
    /// The key of names of directories that are followed.
    var key = DNHashKey(first: 1, second: 2)
    /// Throws while a run is applied.
    var isDiskFull = false

    init(inMemory: Bool = false) throws {
        directory = try TemporaryDirectory(inMemory: inMemory)
        try directory.makeDirectory("state")
        try directory.write("tenant.yaml", Repository.bytes("config/platforms/tenant.yaml"))
        try directory.write(
            "mapping.yaml",
            """
            version: 1
            platform: tenant
            rules:
              - name: Staff
                when: {group: staff}
                give: {role: user}
            tests:
              - name: staff are users
                person: {groups: [staff]}
                expect: {role: user}
            """)
    }

    /// People of a second directory.
    struct Contractors {
        var people: [String] = (1...10).map { "c\($0)" }
        var disabled: Set<String> = []
        /// Emails that are not made of the login.
        var emails: [String: String] = [:]
        var members: [String]?
        var group = "externals"
    }

    /// A company with contractors, whose rules name the groups of both directories.
    static func withContractors() throws -> SmallCompany {
        let company = try SmallCompany()
        company.contractors = Contractors()
        try company.directory.write(
            "mapping.yaml",
            """
            version: 1
            platform: tenant
            rules:
              - name: Staff
                when: {group: staff}
                give: {role: user}
              - name: Externals
                when: {group: externals}
                give: {role: user}
            """)
        return company
    }

    /// A company whose staff are administrators, by a privileged rule.
    static func withAdministrators() throws -> SmallCompany {
        let company = try SmallCompany()
        try company.directory.write(
            "mapping.yaml",
            """
            version: 1
            platform: tenant
            rules:
              - name: Administrators
                when: {group: staff, nested: false}
                give: {role: admin}
                privileged: true
            """)
        return company
    }

    private func section(_ name: String, base: String) -> String {
        """
          - name: \(name)
            kind: ldif
            file: \(name).ldif
            people: {bases: ["ou=people,\(base)"], filter: "(objectClass=inetOrgPerson)"}
            groups: {bases: ["ou=groups,\(base)"]}
            attributes: {disabled: {attribute: employeeType, equals: disabled}}
            trusted_attributes: [employeeNumber]
            email_domains: [example.org]

        """
    }

    private func write() throws {
        if contractors != nil { return try writeBoth() }
        try writeAlone()
    }

    private func writeBoth() throws {
        let sections = [section("corp", base: "o=x"), section("contractors", base: "o=y")]
        try directory.write(
            "rollcall.yaml",
            """
            version: 1
            state: state
            directories:
            \((isReversed ? sections.reversed() : sections).joined())
            targets:
              - name: desk
                mode: \(mode)
                platform: tenant.yaml
                mapping: mapping.yaml
                topology: \(topology)
            \(config)
            """)
        try directory.write("corp.ldif", ldif)
        guard let contractors else { return }
        var text = SmallCompany.head("o=y")
        for name in contractors.people {
            text += entry(
                name, base: "o=y", email: contractors.emails[name] ?? "\(name)@example.org",
                isDisabled: contractors.disabled.contains(name))
        }
        text += SmallCompany.group(
            contractors.group, base: "o=y", of: contractors.members ?? contractors.people)
        try directory.write("contractors.ldif", text)
    }

    private static func head(_ base: String) -> String {
        "dn: \(base)\nobjectClass: organization\no: x\n\ndn: ou=people,\(base)\nobjectClass: organizationalUnit\n\n"
            + "dn: ou=groups,\(base)\nobjectClass: organizationalUnit\n\n"
    }

    private func entry(_ name: String, base: String, email: String, isDisabled: Bool) -> String {
        var text = "dn: uid=\(name),ou=people,\(base)\nobjectClass: inetOrgPerson\nuid: \(name)\ncn: \(name)\n"
        text += "mail: \(email)\nentryUUID: \(SmallCompany.id(isRestored ? name + "000" : name))\n"
        if isDisabled { text += "employeeType: disabled\n" }
        if let number = numbers[name] { text += "employeeNumber: \(number)\n" }
        return text + "\n"
    }

    private static func group(_ name: String, base: String, of members: [String]) -> String {
        var text =
            "dn: cn=\(name),ou=groups,\(base)\nobjectClass: groupOfNames\ncn: \(name)\nentryUUID: \(id("p999"))\n"
        for member in members { text += "member: uid=\(member),ou=people,\(base)\n" }
        return text
    }

    private func writeAlone() throws {
        try directory.write(
            "rollcall.yaml",
            edit(
                """
                version: 1
                state: state
                directories:
                  - name: corp
                    kind: ldif
                    file: people.ldif
                    people: {bases: ["ou=people,o=x"], filter: "(objectClass=inetOrgPerson)"}
                    groups: {bases: ["ou=groups,o=x"]}
                    attributes: {disabled: {attribute: employeeType, equals: disabled}}
                    email_domains: [example.org]
                targets:
                  - name: \(targetName)
                    mode: \(mode)
                    platform: tenant.yaml
                    mapping: mapping.yaml
                    topology: \(topology)
                \(config)
                """))
        try directory.write("people.ldif", ldif)
    }

    private var ldif: String {
        var text = SmallCompany.head("o=x")
        for name in people {
            text += entry(name, base: "o=x", email: "\(name)@example.org", isDisabled: disabled.contains(name))
        }
        text += SmallCompany.group("staff", base: "o=x", of: members ?? people)
        return text
    }

    /// `p7` → `00000000-0000-4000-8000-000000000007`.
    static func id(_ name: String) -> String {
        let digits = String(name.dropFirst())
        return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    }

    func agent() throws -> Agent {
        try write()
        let (now, key) = (now, key)
        var context = AgentContext(clock: { now }, actor: "ada", version: "0.1.0")
        context.newKey = { key }
        return Agent(configurationPath: directory.path("rollcall.yaml"), ports: ports, context: context)
    }

    private var ports: AgentPorts {
        var ports = AgentPorts(
            openDirectory: { [self] settings, _ in
                if let failure = pullFailure ?? failures[settings.name] { return BrokenSource(failure: failure) }
                if let source { return source(settings) }
                guard case .file(let path) = settings.location else { throw AgentFailure(.bug, "no file", hint: "") }
                var attributes = Dialect.openLDAP.attributes
                attributes.disabled = settings.attributes.disabled.map {
                    DisabledWhen(attribute: $0.attribute, equals: $0.equals)
                }
                let source = LDIFSource(
                    SourceSettings(
                        name: settings.name, people: BranchSettings(bases: settings.people.bases),
                        groups: BranchSettings(bases: settings.groups.bases), attributes: attributes), path: path)
                return mute.contains(settings.name) ? MuteSource(source) : source
            },
            openRoster: { [self] location in
                let roster = try SQLiteRoster(
                    RosterOpening(path: location.path, use: location.access == .reading ? .read : .create))
                var open = OpenRoster(
                    store: isDiskFull ? FullStore(store: roster) : roster,
                    recentRuns: { try roster.runs(limit: $0).map(\.record) },
                    people: { login in try roster.find(login).map(\.person) }, lastMirror: { try roster.loadMirror() },
                    outbox: roster, images: { try roster.images(ofRun: $0) }, chain: SmallCompany.chain(roster),
                    accounts: { try roster.accounts(target: $0) }, targetNames: { try roster.targets() },
                    managedUsers: { try roster.managedUsers(target: $0) }, close: { try? roster.close() })
                open.standing = { try roster.standing() }
                open.namesInLine = { try roster.namesInLine(target: $0, most: $1) }
                open.peopleDue = { try roster.peopleDue($0, most: $1) }
                open.templatesInUse = { try roster.templatesInUse(target: $0) }
                open.emails = { try roster.emails(target: $0, template: $1, most: $2) }
                open.findings = { try roster.findings(target: $0) }
                open.acknowledge = { try roster.acknowledge($0, recording: $1) }
                open.runHeads = { try roster.runHeads(limit: $0) }
                open.nightHeads = { try roster.nightHeads(limit: $0) }
                open.followed = { try roster.followedMirror() }
                open.lookup = { try roster.lookup($0, attributes: $1) }
                if asksForParts { open.part = { try roster.part($0) } }
                return open
            },
            renderReport: { [self] report, format, sink in
                reports.append(report)
                sink(Array((format == .text ? "run \(report.record.number)\n" : "{}\n").utf8))
            },
            failure: { error in
                AgentFailure(
                    (error as? RosterError).flatMap { SyncAgent.ExitStatus(rawValue: $0.exitStatus) } ?? .failed,
                    "\(error)", hint: "")
            },
            warn: { [self] message, hint in warned.append(message) }, logLine: { [self] in logged.append($0) })
        ports.checkRoster = { try RosterOpening(path: $0.path, use: .write).check(writer: $1) }
        return ports
    }

    @discardableResult
    func sync() throws -> RunResult { try agent().sync(RunRequest()) { _ in true } }

    /// Reads only what changed.
    @discardableResult
    func follow() throws -> RunResult { try agent().sync(RunRequest(reading: .changes)) { _ in true } }

    func plan() throws -> RunResult { try agent().plan(RunRequest(command: "plan")) }

    static func platform(_ name: String) throws -> [UInt8] { try Repository.bytes("config/platforms/\(name).yaml") }

    /// The next night.
    func sleep(hours: Int64 = 24) { now += hours * 3600 }

    /// The whole roster as text; empty before the first run.
    func dump() throws -> String {
        let path = directory.path("state/roster.sqlite")
        guard InputFile.exists(path) else { return "" }
        let roster = try SQLiteRoster(RosterOpening(path: path, use: .read))
        defer { try? roster.close() }
        return try roster.dump()
    }

    /// Looks at the roster.
    func roster<Result>(_ body: (SQLiteRoster) throws -> Result) throws -> Result {
        let roster = try SQLiteRoster(RosterOpening(path: directory.path("state/roster.sqlite"), use: .read))
        defer { try? roster.close() }
        return try body(roster)
    }

    private static func chain(_ roster: SQLiteRoster) -> RosterChain {
        var chain = RosterChain(
            head: { try roster.head() }, hash: { try roster.hash(ofRun: $0) }, accept: { try roster.accept($0) })
        chain.problems = { try roster.verify().problems }
        chain.copy = { try roster.copy(to: $0) }
        return chain
    }

    /// A second target of the same people, and what stands behind the targets.
    static func office(mode: String = "manage", rest: String = "") -> String {
        let lines = [
            "  - name: office", "    mode: \(mode)", "    platform: tenant.yaml", "    mapping: mapping.yaml",
            "    topology: {seats: 100}",
        ]
        return lines.joined(separator: "\n") + "\n" + rest
    }

    func emails(_ status: UserStatus) throws -> [String] {
        let roster = try SQLiteRoster(RosterOpening(path: directory.path("state/roster.sqlite"), use: .read))
        defer { try? roster.close() }
        let target = try roster.load(targets: ["desk"]).targets[0]
        return target.users.filter { $0.status == status }.map { target.texts[$0.email] }.sorted()
    }

    func runs() throws -> [RunRecord] {
        let roster = try SQLiteRoster(RosterOpening(path: directory.path("state/roster.sqlite"), use: .read))
        defer { try? roster.close() }
        return try roster.runs().map(\.record)
    }
}

/// A directory that answers nothing but a failure.
final class BrokenSource: DirectorySource {
    private let failure: PullFailure

    init(failure: PullFailure) { self.failure = failure }

    func pull(_ request: PullRequest, progress: (PullProgress) -> Void) -> PullOutcome { .failed(failure) }

    func confirmAbsence(of ids: [ImmutableID], knownPresent: ImmutableID) -> AbsenceOutcome { .failed(failure) }

    func close() {}
}

/// A directory that is read, and fails when it is asked about absent people.
final class MuteSource: DirectorySource {
    private let source: any DirectorySource

    init(_ source: any DirectorySource) { self.source = source }

    func pull(_ request: PullRequest, progress: (PullProgress) -> Void) -> PullOutcome {
        source.pull(request, progress: progress)
    }

    func confirmAbsence(of ids: [ImmutableID], knownPresent: ImmutableID) -> AbsenceOutcome {
        .failed(PullFailure(kind: .unreachable, directory: "contractors", message: "it hung up", hint: ""))
    }

    func close() { source.close() }
}

/// A roster that has no room for another run.
final class FullStore: RosterStore {
    private let store: SQLiteRoster

    init(store: SQLiteRoster) { self.store = store }

    func load(targets: [String]) throws -> Roster { try store.load(targets: targets) }

    func apply(_ run: RunToApply) throws { throw AgentFailure(.cannotWrite, "no room", hint: "make room") }

    func record(_ run: RunRecord) throws { try store.record(run) }
}
