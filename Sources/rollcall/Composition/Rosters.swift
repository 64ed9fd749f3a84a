import Glibc
import Reconciliation
import Reports
import SQLiteRoster
import SyncAgent

/// Opens the roster for the agent.
enum Rosters {
    static func open(_ location: RosterLocation, progress: @escaping (AgentProgress) -> Void) throws -> OpenRoster {
        var opening = RosterOpening(
            path: location.path, use: location.access == .reading ? .read : .create,
            readers: try group(location.readers), composer: location.queuesMessages ? message : nil)
        opening.waiting = tellWaiting
        let roster = try SQLiteRoster(opening)
        var open = OpenRoster(
            store: AnnouncedRoster(roster, progress: progress),
            recentRuns: { limit in try roster.runs(limit: limit).map(\.record) },
            recordedReport: { try RecordedRunReport(record: $0, roster: roster).bytes($1) },
            people: { login in try roster.find(login).map(\.person) },
            lastMirror: { try roster.loadMirror() }, outbox: roster,
            images: { try roster.images(ofRun: $0) }, chain: RosterChain(roster),
            accounts: { try roster.accounts(target: $0) }, targetNames: { try roster.targets() },
            managedUsers: { try roster.managedUsers(target: $0) }, close: { try? roster.close() })
        open.readCounts = { try roster.readCounts() }
        open.part = { try roster.part($0) }
        open.standing = { try roster.standing() }
        open.namesInLine = { try roster.namesInLine(target: $0, most: $1) }
        open.peopleDue = { try roster.peopleDue($0, most: $1) }
        open.usersNotRead = { try roster.usersNotRead(target: $0) }
        open.templatesInUse = { try roster.templatesInUse(target: $0) }
        open.emails = { try roster.emails(target: $0, template: $1, most: $2) }
        open.findings = { try roster.findings(target: $0) }
        open.acknowledge = { try roster.acknowledge($0, recording: $1) }
        open.runHeads = { try roster.runHeads(limit: $0) }
        open.nightHeads = { try roster.nightHeads(limit: $0) }
        open.followed = { try roster.followedMirror() }
        open.lookup = { try roster.lookup($0, attributes: $1) }
        return open
    }

    /// Whether a user of the machine could open it to write.
    static func check(_ location: RosterLocation, writer: UInt32) throws {
        try RosterOpening(path: location.path, use: .write, readers: try group(location.readers)).check(writer: writer)
    }

    /// Everything is written, and another program still reads.
    @Sendable
    private static func tellWaiting() {
        guard Terminal.isPerson(at: STDERR_FILENO) else { return }
        Output.message(Array("\r\u{1B}[Kwaiting for another program that reads the roster …".utf8))
    }

    @Sendable
    private static func message(
        _ plan: TargetPlan, _ subject: Int, _ changes: [Change], _ user: Int64, _ record: RunRecord
    ) -> (key: String, body: [UInt8])? {
        let run = DeliveryMessage.Run(number: record.number, time: record.started, command: record.command)
        return DeliveryMessage(plan, subject: subject, changes: changes, user: user, run: run).map { ($0.key, $0.body) }
    }

    /// Opens the roster to look at it.
    static func reading(_ configuration: AgentConfiguration) throws -> SQLiteRoster {
        try SQLiteRoster(RosterOpening(path: configuration.rosterPath, use: .read))
    }

    private static func group(_ name: String?) throws -> UInt32? {
        guard let name else { return nil }
        guard let number = Account.group(named: name) else {
            throw AgentFailure(
                .badConfiguration, "there is no system group `\(name)`",
                hint: "make it, or take `readers` out of the configuration")
        }
        return number
    }
}

/// The roster of a run that tells when everything is written and only the commit is left.
private final class AnnouncedRoster: RosterStore {
    private let roster: SQLiteRoster
    private let progress: (AgentProgress) -> Void

    init(_ roster: SQLiteRoster, progress: @escaping (AgentProgress) -> Void) {
        self.roster = roster
        self.progress = progress
    }

    func load(targets: [String]) throws -> Roster { try roster.load(targets: targets) }

    func load(targets: [String], people: [PersonKey]) throws -> Roster {
        try roster.load(targets: targets, people: people)
    }

    func apply(_ run: RunToApply) throws {
        try roster.apply(run) { step in
            if step == .recorded { progress(.committing) }
        }
    }

    func record(_ run: RunRecord) throws { try roster.record(run) }
}

extension AgentFailure {
    init(_ error: RosterError) {
        self.init(ExitStatus(rawValue: error.exitStatus) ?? .bug, error.message, hint: error.hint)
    }
}

extension RosterChain {
    init(_ roster: SQLiteRoster) {
        self.init(
            head: { try roster.head() }, hash: { try roster.hash(ofRun: $0) }, accept: { try roster.accept($0) })
        problems = { try roster.verify().problems }
        copy = { try roster.copy(to: $0) }
        countRemoved = { try roster.countRemoved(before: $0) }
        pseudonymize = { try roster.pseudonymize(removedBefore: $0, record: $1) }
    }
}
