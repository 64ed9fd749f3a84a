package import DirectoryModel
package import Reconciliation

/// What the directories were when they were last read, as a file: enough for commands that ask what rules would give.
package struct Snapshot: Sendable {
    package static let format = "rollcall.snapshot/1"

    package var mirror: Mirror
    /// The run that had read it, and when that started, seconds since 1970.
    package var run: Int64
    package var time: Int64
    /// Version of Rollcall that wrote it.
    package var version: String
    /// Whether pseudonyms stand in the place of everything that names a person.
    package var isPseudonymous: Bool
    /// Accounts of the platform that are nobody's, by target: in the roster only, never in a file.
    package var accounts: [String: TargetRoster] = [:]

    package init(mirror: Mirror, run: Int64, time: Int64, version: String, isPseudonymous: Bool) {
        self.mirror = mirror
        self.run = run
        self.time = time
        self.version = version
        self.isPseudonymous = isPseudonymous
    }
}
