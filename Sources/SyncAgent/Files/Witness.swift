import Glibc
import Reconciliation

/// The last run and its hash in a file beside the roster: what tells that a roster went backwards.
enum Witness {
    static let name = "witness"
    private static let format = "rollcall.witness/1"
    /// Begins the line about a roster that is being accepted.
    private static let accepting = "rollcall.accepting/1"

    /// Nil where there is none.
    static func read(in state: String) throws(AgentFailure) -> AuditHead? { try lines(in: state).heads.first }

    /// What stands in the file.
    private struct Lines {
        /// The last run, and, while a restore is under way, that of the copy that is about to take its place.
        var heads: [AuditHead] = []
        /// The last run of a roster that a human is about to accept.
        var accepted: AuditHead?
    }

    private static func lines(in state: String) throws(AgentFailure) -> Lines {
        let path = FilePath.joined(state, name)
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try InputFile.bytes(path)
        } catch {
            if error.code == ENOENT { return Lines() }
            throw AgentFailure(
                .damagedRoster, "cannot read the witness `\(path)`: \(error.words)",
                hint: "see who put it there; compare the roster with `rollcall audit head` and the last report, "
                    + "then remove it")
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        let heads = lines.compactMap { head($0, format) }
        let accepted = lines.compactMap { head($0, accepting) }
        guard !heads.isEmpty, accepted.count < 2, heads.count + accepted.count == lines.count else {
            throw AgentFailure(
                .damagedRoster, "the witness `\(path)` is not one that Rollcall wrote",
                hint: "compare the roster with `rollcall audit head` and the last report; then remove the file")
        }
        return Lines(heads: heads, accepted: accepted.first)
    }

    private static func head(_ line: Substring, _ format: String) -> AuditHead? {
        let words = line.split(whereSeparator: \.isWhitespace)
        guard words.count == 3, words[0] == format, let run = Int64(words[1]), words[2].utf8.count == 64 else {
            return nil
        }
        return AuditHead(run: run, hash: String(words[2]))
    }

    private static func line(_ head: AuditHead) -> String { "\(format) \(head.run) \(head.hash)\n" }

    /// Says beside the last run what is about to take its place: a restore that is killed then has gone either way.
    static func announce(_ next: AuditHead, in state: OpenDirectory) throws {
        let seen = try read(in: state.path)
        let text = (seen.map(line) ?? "") + line(next)
        try AtomicFile.write(Array(text.utf8), to: name, in: state)
    }

    /// Says beside the last run from where a human goes on: an acceptance that is killed right after it was recorded counts.
    static func announce(accepting head: AuditHead, in state: OpenDirectory) throws {
        guard let seen = try read(in: state.path) else { return }
        let text = line(seen) + "\(accepting) \(head.run) \(head.hash)\n"
        try AtomicFile.write(Array(text.utf8), to: name, in: state)
    }

    static func write(_ head: AuditHead, in state: OpenDirectory) throws(FileError) {
        try AtomicFile.write(Array(line(head).utf8), to: name, in: state)
    }

    private static let way =
        "put back the newest copy with `rollcall restore`; or, if it is to go on from here, "
        + "`rollcall audit accept --reason …`"

    /// Throws unless the roster continues what the witness saw, and every run that a report was left of.
    static func check(_ chain: RosterChain, in state: String) throws {
        try checkLines(chain, in: state)
        // A roster without any run is told of by `RunTraces`.
        guard let last = try chain.head()?.run, let reported = try RunTraces.newestReport(in: state), reported > last
        else { return }
        throw AgentFailure(
            .damagedRoster,
            "the roster went backwards: its last run is \(last), but "
                + "`\(FilePath.joined(state, ReportShelf.name))` has a report of run \(reported)", hint: way)
    }

    /// Whether whoever asks may look at what `check` looks at: the roster alone may be readable for others, too.
    static func mayBeLookedAt(in state: String) -> Bool {
        [name, ReportShelf.name].allSatisfy { file in
            access(FilePath.joined(state, file), R_OK) == 0 || ![EACCES, EPERM].contains(errno)
        }
    }

    /// Writes the witness where a first run was killed before it came to it.
    static func mend(_ chain: RosterChain, in state: OpenDirectory) throws {
        guard try read(in: state.path) == nil, let head = try chain.head() else { return }
        try? write(head, in: state)
    }

    /// A roster that is further is what a run leaves that was killed right after it was applied.
    private static func checkLines(_ chain: RosterChain, in state: String) throws {
        let lines = try lines(in: state)
        let head = try chain.head()
        guard let seen = lines.heads.first else { return try checkMissing(head, in: state) }
        for one in lines.heads.dropFirst() where try chain.hash(one.run) == one.hash { return }
        if head == seen { return }
        // The run after the accepted one is its record: without it nothing was accepted yet.
        if let accepted = lines.accepted, let head, head.run > max(accepted.run, seen.run),
            try chain.hash(accepted.run) == accepted.hash
        {
            return
        }
        guard let head, head.run >= seen.run else {
            throw AgentFailure(
                .damagedRoster,
                "the roster went backwards: its last run is \(head?.run ?? 0), but run \(seen.run) was applied",
                hint: way)
        }
        guard try chain.hash(seen.run) == seen.hash else {
            throw AgentFailure(
                .damagedRoster,
                "the roster is another one: its run \(seen.run) is not the run \(seen.run) that was applied",
                hint: way)
        }
    }

    /// Only a first run that was killed leaves a roster without a witness.
    private static func checkMissing(_ head: AuditHead?, in state: String) throws {
        guard let head, head.run > 1 else { return }
        // What a report tells of later runs says more.
        if let reported = try RunTraces.newestReport(in: state), reported > head.run { return }
        throw AgentFailure(
            .damagedRoster,
            "the witness `\(FilePath.joined(state, name))` is gone, though the roster has run \(head.run)",
            hint:
                "put the witness back, or the newest copy with `rollcall restore`; once a human knows why it is gone, "
                + "`rollcall audit accept --reason …` goes on from the roster as it is")
    }
}

/// A roster whose every run is witnessed outside of it, right after it is written.
final class WitnessedStore: RosterStore {
    private let store: any RosterStore
    private let chain: RosterChain
    private let state: OpenDirectory

    init(_ store: any RosterStore, chain: RosterChain, state: OpenDirectory) {
        self.store = store
        self.chain = chain
        self.state = state
    }

    func load(targets: [String]) throws -> Roster { try store.load(targets: targets) }

    func load(targets: [String], people: [PersonKey]) throws -> Roster {
        try store.load(targets: targets, people: people)
    }

    func apply(_ run: RunToApply) throws {
        try store.apply(run)
        witness()
    }

    func record(_ run: RunRecord) throws {
        try store.record(run)
        witness()
    }

    /// The run is written whatever becomes of the witness; one that stays behind is brought up by the next run.
    private func witness() {
        guard let head = try? chain.head() else { return }
        try? Witness.write(head, in: state)
    }
}
