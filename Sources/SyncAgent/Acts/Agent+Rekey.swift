import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation

extension Agent {
    /// Gives people and groups the ids that the directory has for them now, once everything fits and `confirm` says yes.
    package func rekey(_ request: RekeyRequest, confirm: (RekeyResult) -> Bool) throws(AgentFailure) -> RekeyResult {
        guard request.reason.contains(where: { !$0.isWhitespace }) else {
            throw AgentFailure(.usage, "new ids need a reason", hint: "say why with `--reason`")
        }
        let files = try decidingFiles(connects: true)
        let directory = try directory(request, files.configuration.directories)
        let key = try key(request, directory)
        return try writing(files.configuration, command: "rekey") { desk throws in
            let now = context.clock()
            // Observed targets, too: whoever was adopted there would look gone once they are managed.
            let targets = files.targets
            let roster = try desk.load(targets.map(\.settings.name))
            try RunClock.check(now, against: roster)
            let stage = PullStage(ports: ports, secrets: context.secrets(files.configuration))
            defer { stage.close() }
            stage.now = now
            let mirror = try stage.pull(
                files.configuration.directories, attributes: Agent.attributes(key, files), lastStamps: [:])
            let before = try desk.roster.lastMirror()
            try Agent.check(key, before)
            let rekeying = Rekeying(
                directory: directory.name, by: key, old: before, new: mirror, rosters: roster.targets)
            if let problem = rekeying.problems.first {
                throw AgentFailure(
                    .failed, "no id is changed: \(problem)",
                    hint: "try another attribute, or name each id with `--map old-new.csv`",
                    details: Array(rekeying.problems.dropFirst()))
            }
            var result = RekeyResult(
                record: nil, directory: directory.name, rekeying: rekeying,
                plans: plans(rekeying, request.reason, targets, roster),
                locks: rekeying.groups.isEmpty ? [] : Set(targets.filter { $0.lock != nil }.map(\.lockPath)).sorted())
            guard !rekeying.isEmpty, desk.asking({ confirm(result) }) else { return result }
            result.record = try apply(result, roster, mirror, stage.stamps, now, desk)
            return result
        }
    }

    private func plans(
        _ rekeying: Rekeying, _ reason: String, _ targets: [TargetFiles], _ roster: Roster
    ) -> [TargetPlan] {
        targets.compactMap { target in
            roster.targets.first { $0.target == target.settings.name }.map {
                Reconciler(settings: target.settings).plan(
                    rekeying, by: context.actor, reason: "new ids: \(reason)", roster: $0)
            }
        }
    }

    private func apply(
        _ result: RekeyResult, _ roster: Roster, _ mirror: Mirror, _ stamps: [String: DirectoryStamp], _ now: Int64,
        _ desk: WritingDesk
    ) throws -> RunRecord {
        let facts = RunOutcome.Facts(
            number: roster.lastRun + 1, command: "rekey", actor: context.actor, started: now,
            ended: max(now, context.clock()), version: context.version)
        var record = RunOutcome(result.plans, facts).record
        let people = result.rekeying.people.count
        record.summary =
            "directory `\(result.directory)`: \(people) people and \(result.rekeying.groups.count) groups have new ids"
        let groups = Dictionary(
            uniqueKeysWithValues: result.rekeying.groups.map { (GroupKey(directory: $0.directory, id: $0.old), $0.new) }
        )
        var run = RunToApply(
            record: record, generation: roster.generation, mirror: mirror, stamps: stamps,
            pins: roster.pins.map { pin in
                var pin = pin
                if let id = groups[pin.key] { pin.key = GroupKey(directory: pin.key.directory, id: id) }
                return pin
            }, plans: result.plans)
        run.newIDs = result.rekeying.people
        try desk.roster.store.apply(run)
        return record
    }

    private func directory(
        _ request: RekeyRequest, _ known: [DirectorySettings]
    ) throws(AgentFailure) -> DirectorySettings {
        let names = known.map(\.name)
        guard let name = request.directory else {
            if known.count == 1 { return known[0] }
            throw AgentFailure(
                .usage, "there are \(known.count) directories",
                hint: "say which with `--directory`: \(names.joined(separator: ", "))")
        }
        if let found = known.first(where: { $0.name == name }) { return found }
        throw AgentFailure.noDirectory(name, of: names)
    }

    private func key(_ request: RekeyRequest, _ directory: DirectorySettings) throws(AgentFailure) -> Rekeying.Key {
        switch request.key {
        case .map(let path): return .map(try RekeyMap.read(path))
        case .attribute("dn"): return .dn
        case .attribute(let name):
            let name = name.lowercased()
            if name == "login" || name == directory.attributes.login.lowercased() { return .login }
            guard directory.trustedAttributes.contains(name) else {
                throw AgentFailure(
                    .usage, "`\(name)` is not among the `trusted_attributes` of directory `\(directory.name)`",
                    hint: "people may edit it on themselves; use `dn`, `login`, a trusted attribute, or `--map`")
            }
            return name == directory.attributes.email.lowercased() ? .email : .attribute(name)
        }
    }

    private static func attributes(_ key: Rekeying.Key, _ files: AgentFiles) -> [String] {
        guard case .attribute(let name) = key, !files.attributes.contains(name) else { return files.attributes }
        return (files.attributes + [name]).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// An attribute helps only where the last applied run read it.
    private static func check(_ key: Rekeying.Key, _ before: Mirror) throws(AgentFailure) {
        guard case .attribute(let name) = key, !before.attributes.contains(name) else { return }
        throw AgentFailure(
            .failed, "the last applied run did not read `\(name)`, since no rule asks for it",
            hint: "use `--by dn` or `--by login`, or name each id with `--map old-new.csv`")
    }
}

/// The file of old and new ids.
private enum RekeyMap {
    static func read(_ path: String) throws(AgentFailure) -> [ImmutableID: ImmutableID] {
        let bytes: [UInt8]
        do {
            bytes = try InputFile.bytes(path)
        } catch {
            throw AgentFailure(reading: error, wanted: "the CSV file with the columns old and new")
        }
        var diagnostics = DiagnosticList()
        diagnostics.register(SourceFile(name: path, bytes: bytes))
        let map = pairs(path, bytes, &diagnostics)
        guard diagnostics.hasErrors else { return map }
        throw AgentFailure(
            .badData, "`\(path)` is not what it should be", hint: "no id is changed; correct the file",
            diagnostics: diagnostics)
    }

    private static func pairs(
        _ path: String, _ bytes: [UInt8], _ diagnostics: inout DiagnosticList
    ) -> [ImmutableID: ImmutableID] {
        var map: [ImmutableID: ImmutableID] = [:]
        func place(_ line: Int) -> SourcePosition { SourcePosition(file: path, line: line, column: 1) }
        do throws(CSVReader.Problem) {
            let rows = try CSVReader.rows(bytes)
            let heading = rows.first?.fields.map { $0.lowercased() } ?? []
            guard let from = heading.firstIndex(of: "old"), let to = heading.firstIndex(of: "new") else {
                diagnostics.error(
                    "csv.no-ids", at: place(1), "there is no column `old` or `new`",
                    hint: "name the columns in the first line: old,new")
                return [:]
            }
            for row in rows.dropFirst() {
                guard row.fields.count == heading.count, let old = ImmutableID(written: row.fields[from]),
                    let new = ImmutableID(written: row.fields[to])
                else {
                    diagnostics.error("csv.bad-id", at: place(row.line), "expected an old and a new immutable id")
                    continue
                }
                if map[old] != nil {
                    diagnostics.error("csv.duplicate-id", at: place(row.line), "the old id `\(old)` stands twice")
                }
                map[old] = new
            }
        } catch {
            diagnostics.error("csv.malformed", at: place(error.line), error.message, hint: CSVReader.remedy)
        }
        return map
    }
}
