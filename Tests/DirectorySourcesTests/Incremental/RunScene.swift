import DirectoryModel
import Foundation
import Reconciliation
import SQLiteRoster
import SyncAgent
import TestSupport

@testable import DirectorySources

/// Two rosters over one real server: one is told everything in each run, the other what changed.
final class RunScene {
    let scene: Scene
    private let whole: Folder
    private let follower: Folder
    /// The time of the runs; where times are all there is it may not be weeks ahead of the server's.
    private var now = Int64(time(nil))
    /// Whether decisions are made about those whom changes can affect, where that is enough.
    private let asksForParts: Bool
    /// Whether a user is missing: only runs that read everything count for how long.
    private var isSomebodyMissing = false

    /// A state directory with a configuration.
    private struct Folder {
        let directory: TemporaryDirectory

        init() throws {
            directory = try TemporaryDirectory(inMemory: true)
            try directory.write(RunScene.configuration, to: "rollcall.yaml")
            try directory.write(RunScene.mapping, to: "mapping.yaml")
            try directory.write(try Repository.text("config/platforms/tenant.yaml"), to: "tenant.yaml")
            try FileManager.default.createDirectory(
                atPath: directory.path("state"), withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700])
        }

        func roster(_ use: RosterOpening.Use) throws -> SQLiteRoster {
            try SQLiteRoster(RosterOpening(path: directory.path("state/roster.sqlite"), use: use))
        }
    }

    private static let configuration = """
        version: 1
        state: state
        directories:
          - name: corp
            kind: ldif
            file: people.ldif
            people: {bases: ["ou=people,dc=example,dc=org"]}
            groups: {bases: ["ou=groups,dc=example,dc=org"]}
            trusted_attributes: [title]
            email_domains: [example.org]
        targets:
          - name: desk
            mode: manage
            platform: tenant.yaml
            mapping: mapping.yaml
            topology: {seats: 6}
            limits: {suspend_disabled: {floor: 100}, suspend_other: {floor: 100}, lose_access: {floor: 100}, \
        return: {floor: 100}, people_shrink: {floor: 100}, group_shrink: {floor: 100}}

        """

    private static let mapping = """
        version: 1
        platform: tenant
        rules:
          - name: Titled
            when: {attribute: {name: title, present: true}}
            give: {role: user}

        """

    init(seed: UInt64, _ kind: Scene.Kind) throws {
        scene = try Scene(seed: seed, kind)
        asksForParts = seed % 2 == 1
        whole = try Folder()
        follower = try Folder()
        for folder in [whole, follower] { _ = try run(folder, .everything) }
    }

    private func run(_ folder: Folder, _ reading: RunRequest.Reading) throws -> RunResult {
        let (scene, now, asksForParts) = (scene, now, asksForParts)
        let ports = AgentPorts(
            openDirectory: { _, _ in try scene.source() },
            openRoster: { location in
                let roster = try folder.roster(location.access == .reading ? .read : .create)
                var open = OpenRoster(
                    store: roster, recentRuns: { try roster.runs(limit: $0).map(\.record) },
                    lastMirror: { try roster.loadMirror() }, close: { try? roster.close() })
                open.followed = { try roster.followedMirror() }
                open.lookup = { try roster.lookup($0, attributes: $1) }
                if asksForParts { open.part = { try roster.part($0) } }
                return open
            },
            renderReport: { _, _, sink in sink(Array("{}\n".utf8)) })
        var context = AgentContext(clock: { now }, actor: "ada", version: "1")
        context.newKey = { LDAPFollower.key }
        let agent = Agent(configurationPath: folder.directory.path("rollcall.yaml"), ports: ports, context: context)
        return try agent.sync(RunRequest(reading: reading)) { _ in true }
    }

    /// Runs both; what differs, nil when nothing does.
    func step() throws -> (readings: [String], difference: String?) {
        now += 36_000
        let result = try run(follower, isSomebodyMissing ? .everything : .changes)
        _ = try run(whole, .everything)
        let readings = result.readings.map { "\($0.way)" }
        let (expected, found) = (try lines(whole), try lines(follower))
        isSomebodyMissing = found.contains { $0.hasPrefix("pending ") && $0.contains("'missing'") }
        guard expected != found else { return (readings, nil) }
        let changes = found.difference(from: expected).map { change in
            switch change {
            case .insert(let place, let line, _): "extra \(place): \(line)"
            case .remove(let place, let line, _): "missing \(place): \(line)"
            }
        }
        return (readings, changes.joined(separator: "\n"))
    }

    /// What runs leave, but for what tells them apart: how they were called, and what the server said of itself meanwhile.
    private func lines(_ folder: Folder) throws -> [String] {
        let roster = try folder.roster(.read)
        defer { try? roster.close() }
        var lines = RunScene.records(try roster.dump() + "\n" + roster.nameDump())
        lines.removeAll {
            $0.hasPrefix("run ") || $0.hasPrefix("run-target ") || $0.contains(" people looked at")
                || $0.hasPrefix("stamp ") || $0.hasPrefix("directory ")
        }
        guard scene.kind.isSamba else { return lines }
        // Where links follow entries, nothing tells what becomes of members outside of what is read.
        return lines.filter { !$0.hasPrefix("loose") }.map { line in
            guard line.hasPrefix("group ") else { return line }
            var parts = line.split(separator: " ")
            parts.remove(at: parts.count - 2)
            return parts.joined(separator: " ")
        }
    }

    /// The lines of a dump; one whose quotes are not closed goes on in the next.
    private static func records(_ dump: String) -> [String] {
        var records: [String] = []
        var open = ""
        for line in dump.split(separator: "\n") {
            open += (open.isEmpty ? "" : "\n") + line
            guard open.utf8.count(where: { $0 == UInt8(ascii: "'") }).isMultiple(of: 2) else { continue }
            records.append(open)
            open = ""
        }
        return records
    }

    func problems() throws -> [String] {
        let roster = try follower.roster(.read)
        defer { try? roster.close() }
        return try roster.verify().problems
    }
}
