import DirectoryModel
import Testing

@testable import DirectorySources

/// A mirror that follows a model of a server.
struct ModelFollower {
    private(set) var mirror: IndexedMirror
    var position: SyncPosition

    /// What came of reading changes, for the figures of all histories.
    struct Tally {
        var applied = 0
        var removals = 0
        /// Changes that happened while they were read.
        var meanwhile = 0
        /// Answers that left out a change which their mark named.
        var late = 0
        var doubts: [String: Int] = [:]
    }

    /// As after a full pull of this mirror.
    init(_ mirror: IndexedMirror, cookies: [RefreshUnit: [UInt8]], containers: [ImmutableID: DNHash]) {
        self.mirror = mirror
        let marks = KnownMarks(
            cookies: cookies, containers: containers, controls: KnownMarks.controls(mirror.mirror, [:]),
            groupControls: mirror.mirror.groups.prefix(2).map(\.id))
        position = SyncPosition(method: "model", belongsTo: [], marks: marks.parts)
    }

    /// Reads what changed and takes it over; false where everything has to be read.
    mutating func follow(_ tally: inout Tally, _ pull: (MirrorRows) throws -> ChangePull) throws -> Bool {
        let rows = MirrorRows(mirror)
        do {
            let result = try pull(rows).run(since: position)
            mirror = mirror.applying(try rows.changes(of: result.delta))
            let stored = SyncPosition(method: position.method, belongsTo: [], marks: result.marks)
            position = try #require(SyncPosition(bytes: stored.bytes))
            tally.applied += 1
            tally.removals += result.delta.removedPeople.count
            #expect(Set(result.absences.keys) == Set(result.delta.removedPeople.map(\.id)))
            return true
        } catch let doubt as ChangeDoubt {
            let words = doubt.text.split(separator: "`", omittingEmptySubsequences: false)
            tally.doubts[String(words.last ?? ""), default: 0] += 1
        } catch let doubt as DeltaDoubt {
            tally.doubts[doubt.text, default: 0] += 1
        }
        return false
    }

    /// What differs from a mirror that a full pull made; nil when nothing does.
    func difference(
        from pulled: IndexedMirror, _ lines: (IndexedMirror) -> [String] = LDAPFollower.lines
    ) -> String? {
        let (expected, found) = (lines(pulled), lines(mirror))
        guard found != expected else { return nil }
        return "missing \(expected.filter { !found.contains($0) }) extra \(found.filter { !expected.contains($0) })"
    }
}
