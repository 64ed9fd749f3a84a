import Glibc
import Reconciliation

/// What earlier runs left beside the roster: where it is there, a roster without runs is a lost one, not a new one.
struct RunTraces {
    private let state: String
    private let roster: String

    init(_ configuration: AgentConfiguration) {
        state = configuration.state
        roster = configuration.rosterPath
    }

    private enum Standing { case gone, empty, present }

    private var standing: Standing {
        var status = stat()
        guard lstat(roster, &status) == 0 else { return errno == ENOENT ? .gone : .present }
        return status.st_mode & S_IFMT == S_IFREG && status.st_size == 0 ? .empty : .present
    }

    /// Whether there is no roster yet; a first run that was killed leaves an empty file.
    var isNew: Bool { standing != .present }

    /// Throws when the file is gone or empty, although there were runs.
    func checkRosterFile() throws(AgentFailure) {
        switch standing {
        case .present: return
        case .gone: try refuse(where: "gone")
        case .empty: try refuse(where: "empty")
        }
    }

    /// Throws when the roster knows no run, although there were some.
    func check(_ roster: Roster) throws(AgentFailure) { try check(lastRun: roster.lastRun) }

    func check(lastRun: Int64) throws(AgentFailure) {
        if lastRun == 0 { try refuse(where: "empty") }
    }

    private func refuse(where word: String) throws(AgentFailure) {
        guard let trace = try newest() else { return }
        throw AgentFailure(
            .damagedRoster, "the roster `\(roster)` is \(word), though \(trace)",
            hint: "restore it from a backup; only if the roster is really to begin anew, move "
                + "`\(FilePath.joined(state, ReportShelf.name))`, `\(FilePath.joined(state, LastHold.name))` and "
                + "`\(FilePath.joined(state, Witness.name))` away first"
        )
    }

    /// What tells of the newest run known; nil where nothing does.
    private func newest() throws(AgentFailure) -> String? {
        let isHeld = InputFile.exists(FilePath.joined(state, LastHold.name))
        let witnessed = try Witness.read(in: state)?.run
        guard let run = [try newestReport(), witnessed].compactMap({ $0 }).max() else {
            return isHeld ? "an earlier run left a hold" : nil
        }
        return "run \(run) was recorded"
    }

    /// The newest run that a report was left of; nil without reports.
    func newestReport() throws(AgentFailure) -> Int64? { try RunTraces.newestReport(in: state) }

    static func newestReport(in state: String) throws(AgentFailure) -> Int64? {
        let shelf = FilePath.joined(state, ReportShelf.name)
        do throws(FileError) {
            return try OpenDirectory.open(shelf, links: .follow).names().compactMap(ReportShelf.run).max()
        } catch {
            if error.code == ENOENT { return nil }
            throw AgentFailure(
                .damagedRoster, "cannot look for reports of earlier runs in `\(shelf)`: \(error.words)",
                hint: "see who may read it")
        }
    }
}
