/// The files as they were when the daemon began or was told to read them again, with the digests that tell whether they were edited since.
struct HeldFiles {
    private(set) var files: AgentFiles
    private var digest: String

    /// Throws where any of them is wrong.
    init(_ agent: Agent) throws(AgentFailure) {
        files = try agent.decidingFiles(connects: true)
        digest = HeldFiles.digest(files)
    }

    /// What the next run goes by: the files as they are held, with the approvals as they are now.
    ///
    /// An approval that was taken away must not count, so none does where they cannot be read.
    struct ForRun {
        var files: AgentFiles
        /// Whether a file was edited since, which the run does not look at; one sentence.
        var note: String?
    }

    func forRun(_ agent: Agent) -> ForRun {
        var held = files
        do throws(AgentFailure) {
            let now = try agent.decidingFiles(connects: true)
            held.approvals = now.approvals
            held.approvalPlaces = now.approvalPlaces
            guard HeldFiles.digest(now) != digest else { return ForRun(files: held, note: nil) }
            return ForRun(
                files: held, note: "files were edited since they were read; the run goes by what was read until SIGHUP")
        } catch {
            held.approvals = []
            return ForRun(
                files: held,
                note:
                    "the files as they are now are wrong, so the run goes by what was read before, and by no approval; "
                    + "`rollcall check` tells what is wrong")
        }
    }

    /// Of everything but the approvals.
    private static func digest(_ files: AgentFiles) -> String {
        let approvals = FilePath.simplified(files.configuration.approvals) + "/"
        let paths = files.paths + files.targets.map(\.lockPath)
        let parts = Set(paths).filter { !FilePath.simplified($0).hasPrefix(approvals) }.sorted().map { path in
            let bytes = try? InputFile.bytes(path)
            return "\(path) \(bytes.map { ContentDigest.of($0) } ?? "-")"
        }
        return ContentDigest.of(parts.joined(separator: "\n"))
    }
}
