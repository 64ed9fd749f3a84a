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

    /// Removes what a killed restore left half-written; call it while holding the lock.
    static func cleanUp(_ roster: String) {
        for name in ["", journal] { unlink(roster + draft + name) }
    }

    /// The last run of the roster as it is then; `record` takes a copy that does not continue what was witnessed.
    ///
    /// The roster of before is kept as `roster.sqlite.replaced`.
    func put(_ path: String, accepting record: RunRecord?) throws -> AuditHead? {
        let roster = configuration.rosterPath
        let draft = roster + RosterReplacement.draft
        RosterReplacement.cleanUp(roster)
        do {
            let head = try write(path, to: draft, accepting: record)
            try keepOld(roster)
            if record != nil, let head { try Witness.announce(head, in: state) }
            guard rename(draft, roster) == 0 else { throw FileError(errno, roster) }
            try state.synchronize()
            if let head { try Witness.write(head, in: state) }
            return head
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

    /// Copies what is there, whatever state it is in, and sees to it that no journal of it is left.
    ///
    /// A journal goes with the file it belongs to: beside another it would destroy that.
    private func keepOld(_ roster: String) throws {
        guard InputFile.exists(roster) else { return }
        if InputFile.exists(roster + RosterReplacement.journal) {
            // Opening takes back what a killed run had begun; a roster that cannot be opened is kept with its journal.
            try? ports.openRoster(RosterLocation(path: roster, access: .reading, readers: nil)).close()
        }
        for name in ["", RosterReplacement.journal] where InputFile.exists(roster + name) {
            try copy(roster + name, to: roster + RosterReplacement.replaced + name)
        }
        if unlink(roster + RosterReplacement.journal) != 0, errno != ENOENT { throw FileError(errno, roster) }
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
