import DirectoryModel
import Glibc
package import Reconciliation

extension Agent {
    /// Writes a copy of the roster into a new file, after looking through all of it; the last run in it.
    package func backUp(to path: String) throws(AgentFailure) -> AuditHead? {
        let configuration = try files().configuration
        return try translating { () throws -> AuditHead? in
            try RunTraces(configuration).checkRosterFile()
            let open = try ports.openRoster(
                RosterLocation(path: configuration.rosterPath, access: .reading, readers: configuration.readers))
            defer { open.close() }
            try Witness.check(open.chain, in: configuration.state)
            let folder = try OpenDirectory.open(FilePath.directory(of: path), links: .follow)
            guard !InputFile.exists(path) else {
                throw AgentFailure(
                    .cannotWrite, "there is a file `\(path)` already", hint: "name another, or remove that one first")
            }
            let draft = FilePath.joined(FilePath.directory(of: path), ".\(FilePath.name(of: path)).part")
            unlink(draft)
            try open.chain.copy(draft)
            do {
                let head = try provenHead(of: draft, copiedFrom: configuration.rosterPath)
                // A rename, not a second name: a file with two names is no roster, and a killed backup would leave one.
                guard !InputFile.exists(path) else { throw FileError(EEXIST, path) }
                guard rename(draft, path) == 0 else { throw FileError(errno, path) }
                try folder.synchronize()
                return head
            } catch {
                unlink(draft)
                throw error
            }
        }
    }

    /// Puts a copy in the place of the roster, which is kept beside it.
    ///
    /// A copy that does not continue what was witnessed needs a human's reason, and is recorded as a run.
    package func restore(from path: String, acceptsRollback reason: String?) throws(AgentFailure) -> Restored {
        let configuration = try decidingFiles().configuration
        let state = try StateDirectory.open(configuration.state)
        let now = context.clock()
        let lock = try RunLock.acquire(
            in: state, holder: "restore by \(context.actor), process \(getpid()), since \(TimeText.text(now))")
        // Who delivers notes what was delivered in the roster that is there.
        let delivery = try RunLock.acquire(in: state, holder: holder("restore"), name: RunLock.deliveryName)
        defer { delivery.release() }
        return try withExtendedLifetime(lock) { () throws(AgentFailure) -> Restored in
            try translating {
                try AtomicFile.cleanUp(state)
                guard InputFile.exists(path) else {
                    throw AgentFailure(
                        .missingFile, "there is no file `\(path)`", hint: "name one of `rollcall backup`")
                }
                let head = try provenHead(of: path)
                let newest = try newestElsewhere(than: path, head?.run ?? 0, configuration)
                let isBehind = newest != nil
                let lost = isBehind ? actsByHand(since: head?.run ?? 0, configuration) : []
                if isBehind, reason == nil {
                    throw AgentFailure(
                        .damagedRoster,
                        "the copy `\(path)` ends with run \(head?.run ?? 0), but run \(newest ?? 0) was applied since"
                            + (lost?.isEmpty == false ? "; done by hand since, and lost with it:" : ""),
                        hint: "take a newer copy; or give `--accept-rollback` and `--reason`: what later nights did is "
                            + "then done anew, invitations may go out twice, and acts by hand are lost",
                        details: (lost ?? []).map(Restored.line))
                }
                let replacement = RosterReplacement(configuration: configuration, state: state, ports: ports)
                let last = max(head?.run ?? 0, newest ?? 0)
                let put = try replacement.put(
                    path, accepting: isBehind ? acceptance(of: reason ?? "", run: last + 1) : nil)
                return Restored(head: put.head, kept: put.kept, lost: lost)
            }
        }
    }

    private func acceptance(of reason: String, run: Int64) -> RunRecord {
        let now = context.clock()
        let facts = RunOutcome.Facts(
            number: run, command: "restore", actor: context.actor, started: now, ended: max(now, context.clock()),
            version: context.version)
        var record = RunOutcome([], facts).record
        record.summary = "an older copy was put back: \(reason)"
        return record
    }

    /// What humans did after a run, the oldest first: no night does it anew.
    ///
    /// Nil where the roster cannot be read.
    private func actsByHand(since run: Int64, _ configuration: AgentConfiguration) -> [RunRecord]? {
        guard
            let open = try? ports.openRoster(
                RosterLocation(path: configuration.rosterPath, access: .reading, readers: nil))
        else { return nil }
        defer { open.close() }
        guard let runs = try? open.recentRuns(Int.max).filter({ $0.number > run && $0.isByHand }) else { return nil }
        var emails: [Int64: String] = [:]
        for target in (try? open.store.load(targets: configuration.targets.map(\.name)).targets) ?? [] {
            for row in target.users { emails[row.user] = target.texts[row.email] }
        }
        return runs.reversed().map { record in
            var record = record
            record.summary = LastingSummary.naming(record.summary, by: emails)
            return record
        }
    }

    /// The last run of a roster that was looked through; throws where something is wrong with it.
    ///
    /// A copy just made is told of as the roster it was made from.
    private func provenHead(of path: String, copiedFrom roster: String? = nil) throws -> AuditHead? {
        let open = try ports.openRoster(RosterLocation(path: path, access: .reading, readers: nil))
        defer { open.close() }
        let problems = try open.chain.problems()
        guard problems.isEmpty else {
            let hint =
                roster == nil
                ? "take another copy"
                : "`rollcall audit verify` lists all of it; go on from an older copy with `rollcall restore`, or from the "
                    + "roster as it is with `rollcall audit accept --reason …`"
            throw AgentFailure(
                .damagedRoster, "`\(roster ?? path)` is not whole: \(problems[0])", hint: hint,
                details: Array(problems.dropFirst()))
        }
        return try open.chain.head()
    }

    /// The newest run that a copy does not continue, by the witness, the roster in place and the reports; nil where it continues all.
    private func newestElsewhere(
        than path: String, _ last: Int64, _ configuration: AgentConfiguration
    ) throws -> Int64? {
        let open = try ports.openRoster(RosterLocation(path: path, access: .reading, readers: nil))
        defer { open.close() }
        let witnessed = try Witness.read(in: configuration.state)
        // A roster that is not whole may be why it is restored; the witness and the reports then stand for it.
        let inPlace = headInPlace(configuration)
        var missed: [Int64] = []
        if let witnessed, try open.chain.hash(witnessed.run) != witnessed.hash { missed.append(witnessed.run) }
        if let inPlace, inPlace.run > last { missed.append(inPlace.run) }
        if witnessed == nil, let inPlace, try open.chain.hash(inPlace.run) != inPlace.hash {
            missed.append(inPlace.run)
        }
        if let reported = try RunTraces(configuration).newestReport(), reported > last { missed.append(reported) }
        return missed.max()
    }

    private func headInPlace(_ configuration: AgentConfiguration) -> AuditHead? {
        guard
            let open = try? ports.openRoster(
                RosterLocation(path: configuration.rosterPath, access: .reading, readers: nil))
        else { return nil }
        defer { open.close() }
        guard let problems = try? open.chain.problems(), problems.isEmpty else { return nil }
        return try? open.chain.head()
    }
}
