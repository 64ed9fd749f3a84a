import DirectoryModel
import Glibc
import Reconciliation

/// What writing a snapshot came to.
package struct SnapshotWritten: Sendable, Equatable {
    package var path: String
    package var people: Int
    package var groups: Int
    package var run: Int64
    /// Seconds since 1970.
    package var time: Int64
    package var isPseudonymous: Bool
    /// Email domains that stand in the file as they are; nil where everything does.
    package var domainsKept: [String]?
    /// Groups that were called like a person.
    package var groupsRenamed: Int
}

extension Agent {
    /// Writes the mirror of the last applied run into a file of mode 0600, over an older snapshot but over nothing else.
    package func writeSnapshot(
        to path: String, pseudonyms: Bool
    ) throws(AgentFailure) -> SnapshotWritten {
        try refuseOtherFile(path)
        let files: AgentFiles? = try pseudonyms ? self.files() : nil
        var snapshot = try lastSnapshot(try configuration())
        var written = SnapshotWritten(
            path: path, people: snapshot.mirror.people.count, groups: snapshot.mirror.groups.count,
            run: snapshot.run, time: snapshot.time, isPseudonymous: pseudonyms, groupsRenamed: 0)
        if let files {
            var pseudonyms = SnapshotPseudonyms(
                snapshot.mirror, keeping: SnapshotPseudonyms.Kept(files), key: context.newKey())
            snapshot.mirror = pseudonyms.mirror()
            snapshot.isPseudonymous = true
            written.domainsKept = pseudonyms.domainsKept
            written.groupsRenamed = pseudonyms.groupsRenamed
        }
        do throws(FileError) {
            let folder = try OpenDirectory.open(FilePath.directory(of: path), links: .follow)
            try AtomicFile.write(to: FilePath.name(of: path), in: folder) { sink in
                var writer = SnapshotWriter(snapshot)
                writer.write(to: sink)
            }
        } catch {
            throw AgentFailure(writing: error)
        }
        return written
    }

    /// The mirror of the last applied run, as the roster has it, with the accounts that are nobody's on these targets.
    func lastSnapshot(
        _ configuration: AgentConfiguration, accountsOf targets: [String] = []
    ) throws(AgentFailure) -> Snapshot {
        try checkRosterFile(configuration)
        guard InputFile.exists(configuration.rosterPath) else {
            throw AgentFailure(
                .missingFile, "there is no roster yet, so nothing is known of the directory",
                hint: "run `rollcall sync` once, in `mode: observe` if need be; or name a file with `--snapshot`")
        }
        return try translating { () throws -> Snapshot in
            let open = try ports.openRoster(
                RosterLocation(path: configuration.rosterPath, access: .reading, readers: configuration.readers))
            defer { open.close() }
            let roster = try open.store.load(targets: targets)
            try checkRoster(configuration, lastRun: roster.lastRun)
            let mirror = try open.lastMirror()
            guard !mirror.directories.isEmpty else {
                throw AgentFailure(
                    .missingFile, "the roster has no mirror: no run has read the directory yet",
                    hint: "run `rollcall sync` once; `apply` does not read the directory")
            }
            let read = try open.runHeads(100).first { $0.isRegular && $0.outcome != .failed && $0.outcome != .held }
            var snapshot = Snapshot(
                mirror: mirror, run: read?.number ?? roster.lastRun,
                time: read?.started ?? roster.lastRunTime ?? context.clock(), version: context.version,
                isPseudonymous: false)
            for target in roster.targets { snapshot.accounts[target.target] = target.accountsAlone }
            return snapshot
        }
    }

    private func refuseOtherFile(_ path: String) throws(AgentFailure) {
        guard InputFile.exists(path) else { return }
        let start = Array("{\"format\":\"rollcall.snapshot/".utf8)
        let bytes = (try? InputFile.bytes(path, atMost: 4 << 30)) ?? []
        guard bytes.starts(with: start) else {
            throw AgentFailure(
                .cannotWrite, "there is a file `\(path)` already, and it is no snapshot",
                hint: "name another, or remove that one first")
        }
    }
}
