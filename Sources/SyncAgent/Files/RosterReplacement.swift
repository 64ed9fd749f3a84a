import Glibc
import Reconciliation

/// Puts a copy in the place of the roster in one step: whenever it is killed, the roster is the old one or the new one.
struct RosterReplacement {
    let configuration: AgentConfiguration
    let state: OpenDirectory
    let ports: AgentPorts

    private static let draft = ".part"
    private static let replaced = ".replaced"
    private static let journal = "-journal"
    /// What the other journal mode leaves; it would be taken into the copy.
    private static let logs = ["-wal", "-shm"]

    /// Removes what a killed restore left half-written; call it while holding the lock.
    static func cleanUp(_ roster: String) {
        for name in ["", journal] + logs { unlink(roster + draft + name) }
    }

    /// The last run of the roster as it is then, and the name under which the one before is kept; nil where there was none.
    ///
    /// `record` takes a copy that does not continue what was witnessed.
    func put(_ path: String, accepting record: RunRecord?) throws -> (head: AuditHead?, kept: String?) {
        let roster = configuration.rosterPath
        let draft = roster + RosterReplacement.draft
        RosterReplacement.cleanUp(roster)
        try refuseLogs(roster)
        do {
            let head = try write(path, to: draft, accepting: record)
            let kept = try keepOld(roster)
            if record != nil, let head { try Witness.announce(head, in: state) }
            guard rename(draft, roster) == 0 else { throw FileError(errno, roster) }
            try state.synchronize()
            if let head { try Witness.write(head, in: state) }
            return (head, kept)
        } catch {
            RosterReplacement.cleanUp(roster)
            throw error
        }
    }

    private func write(_ path: String, to draft: String, accepting record: RunRecord?) throws -> AuditHead? {
        let source = try ports.openRoster(RosterLocation(path: path, access: .reading, readers: nil))
        do {
            defer { source.close() }
            try source.chain.copy(draft)
        }
        let copy = try ports.openRoster(
            RosterLocation(path: draft, access: .writing, readers: configuration.readers))
        defer { copy.close() }
        if let record { try copy.chain.accept(record) }
        return try copy.chain.head()
    }

    private func refuseLogs(_ roster: String) throws(AgentFailure) {
        guard let name = RosterReplacement.logs.map({ roster + $0 }).first(where: InputFile.exists) else { return }
        throw AgentFailure(
            .cannotWrite, "beside the roster lies `\(name)`, which no Rollcall wrote",
            hint: "move it away first: it would be taken into the copy")
    }

    /// Copies what is there, whatever state it is in, and sees to it that no journal of it is left.
    ///
    /// A journal goes with the file it belongs to: beside another it would destroy that.
    ///
    /// The name of the copy; none that is kept already is written over, unless it is the same.
    private func keepOld(_ roster: String) throws -> String? {
        guard InputFile.exists(roster) else { return nil }
        if InputFile.exists(roster + RosterReplacement.journal) {
            // Opening takes back what a killed run had begun; a roster that cannot be opened is kept with its journal.
            try? ports.openRoster(RosterLocation(path: roster, access: .reading, readers: nil)).close()
        }
        let kept = try freeName(roster)
        for name in ["", RosterReplacement.journal] where InputFile.exists(roster + name) {
            try copy(roster + name, to: kept + name)
        }
        if unlink(roster + RosterReplacement.journal) != 0, errno != ENOENT { throw FileError(errno, roster) }
        return FilePath.name(of: kept)
    }

    /// `roster.sqlite.replaced`, or with a number where that is another roster's already.
    private func freeName(_ roster: String) throws -> String {
        let first = roster + RosterReplacement.replaced
        var name = first
        var number = 1
        while InputFile.exists(name), try !RosterReplacement.isSame(name, roster) {
            number += 1
            name = "\(first)-\(number)"
        }
        return name
    }

    /// Whether two files hold the same bytes.
    private static func isSame(_ one: String, _ other: String) throws(FileError) -> Bool {
        let files = [open(one, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), open(other, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)]
        defer { for file in files where file >= 0 { close(file) } }
        guard files[0] >= 0, files[1] >= 0 else { return false }
        var left = [UInt8](repeating: 0, count: 1 << 20)
        var right = left
        var place: off_t = 0
        while true {
            let count = pread(files[0], &left, left.count, place)
            if count < 0 { throw FileError(errno, one) }
            // What is shorter differs: a part of it is not read into the whole of the other.
            guard pread(files[1], &right, right.count, place) == count, left[..<count] == right[..<count] else {
                return false
            }
            if count == 0 { return true }
            place += off_t(count)
        }
    }

    private func copy(_ path: String, to copy: String) throws(FileError) {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { throw FileError(errno, path) }
        defer { close(file) }
        var failure: Int32 = 0
        try AtomicFile.write(to: FilePath.name(of: copy), in: state) { sink in
            var buffer = [UInt8](repeating: 0, count: 1 << 20)
            while true {
                let count = read(file, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                if count < 0 { failure = errno }
                guard count > 0 else { return }
                sink(Array(buffer[..<count]))
            }
        }
        guard failure == 0 else { throw FileError(failure, path) }
    }
}
