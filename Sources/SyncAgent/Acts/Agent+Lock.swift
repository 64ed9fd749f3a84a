import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation

extension Agent {
    /// Pins the mapped groups; `confirm` sees what would change before a file is written.
    package func lock(confirm: ([LockResult]) -> Bool) throws(AgentFailure) -> [LockResult] {
        let files = try files(connects: true)
        let mirror = try pull(files)
        let drafts = try drafts(files, mirror)
        let results = drafts.map(\.result)
        guard confirm(results) else { return results }
        var written: [LockResult] = []
        for draft in drafts {
            var result = draft.result
            if draft.isNew || !result.changes.isEmpty {
                try write(draft.text, to: result.path)
                result.written = true
            }
            written.append(result)
        }
        return written
    }

    private struct LockDraft {
        var result: LockResult
        var text: String
        var isNew: Bool
    }

    /// One for each lock file, in the order of the targets; every problem of every file at once.
    private func drafts(_ files: AgentFiles, _ mirror: Mirror) throws(AgentFailure) -> [LockDraft] {
        let directories = files.configuration.directories.map(\.name)
        var paths: [String] = []
        for target in files.targets where !paths.contains(target.lockPath) { paths.append(target.lockPath) }
        var diagnostics = files.diagnostics
        var drafts: [LockDraft] = []
        for path in paths {
            let targets = files.targets.filter { $0.lockPath == path }
            let current = targets.lazy.compactMap(\.lock).first
            let proposal = LockProposal(targets.map(\.mapping), mirror: mirror, current: current, file: path)
            for problem in proposal.problems {
                diagnostics.error(problem.code, at: problem.position, problem.message, hint: problem.hint)
            }
            drafts.append(
                LockDraft(
                    result: LockResult(
                        path: path, targets: targets.map(\.settings.name), changes: proposal.changes,
                        groups: proposal.lock.groups.count, written: false),
                    text: GroupLockFile.text(proposal.lock, directories: directories), isNew: current == nil))
        }
        guard !diagnostics.hasErrors else {
            throw AgentFailure(
                .badData, "no lock file was written", hint: "correct the rules, or the directory",
                diagnostics: diagnostics)
        }
        return drafts
    }

    private func write(_ text: String, to path: String) throws(AgentFailure) {
        do throws(FileError) {
            let directory = try OpenDirectory.open(FilePath.directory(of: path), links: .follow)
            try AtomicFile.write(
                Array(text.utf8), to: FilePath.name(of: path), in: directory, for: .everybody)
        } catch {
            throw AgentFailure(writing: error)
        }
    }
}
