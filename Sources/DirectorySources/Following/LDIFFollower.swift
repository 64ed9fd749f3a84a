package import DirectoryModel
internal import Glibc

/// Follows an LDIF file: reads it whole whenever another one stands in its place.
package final class LDIFFollower: DirectoryFollower {
    package let directory: String
    private let settings: SourceSettings
    private let path: String
    private var seen: FileMark?
    /// The states of the last reading.
    private var states: [ImmutableID: PersonState] = [:]
    /// Whether the file that was seen last could be read.
    private var isRead = false
    private let isStopped: () -> Bool

    /// What tells one file from the next in its place.
    private struct FileMark: Equatable {
        var inode: UInt64
        var size: Int64
        var seconds: Int64
        var nanoseconds: Int64
    }

    package init(_ settings: SourceSettings, path: String, isStopped: @escaping () -> Bool = { false }) {
        self.settings = settings
        self.path = path
        self.isStopped = isStopped
        directory = settings.name
    }

    /// Nobody binds to a file.
    package var isRefused: Bool { false }

    /// The first look reads the file: what it says counts, whenever it was written.
    package func start(since stamp: DirectoryStamp?) -> FollowerStart { .following }

    package func watch(for wait: Duration, now: Int64) -> FollowerNews {
        let end = ContinuousClock.now.advanced(by: wait)
        repeat {
            if let mark = mark(), mark != seen { return read(mark, now) }
            if isStopped() { return .quiet }
            usleep(100_000)
        } while ContinuousClock.now < end
        return .quiet
    }

    /// From the file as it is now: another may stand there than the one that said so.
    package func read(_ ids: [ImmutableID], now: Int64) throws(PullFailure) -> [ImmutableID: PersonState] {
        if !isRead || mark() != seen { try readFile(now: now) }
        return states.filter { ids.contains($0.key) }
    }

    package func pause() {}

    private func read(_ mark: FileMark, _ now: Int64) -> FollowerNews {
        seen = mark
        isRead = false
        do throws(PullFailure) { try readFile(now: now) } catch { return .lost(error) }
        let disabled = Set(states.filter { !$0.value.isEnabled }.keys)
        return disabled.isEmpty ? .quiet : .disabled(disabled)
    }

    private func readFile(now: Int64) throws(PullFailure) {
        let source = LDIFSource(settings, path: path)
        defer { source.close() }
        switch source.pull(PullRequest(now: now), progress: { _ in }) {
        case .failed(let failure): throw failure
        case .complete(let pull):
            isRead = true
            states = [:]
            for person in pull.mirror.people { states[person.id] = person.state }
        }
    }

    private func mark() -> FileMark? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return FileMark(
            inode: UInt64(status.st_ino), size: Int64(status.st_size), seconds: Int64(status.st_mtim.tv_sec),
            nanoseconds: Int64(status.st_mtim.tv_nsec))
    }
}
