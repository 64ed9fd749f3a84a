import DirectoryModel

/// A directory that a run could not read: its people keep what they have, and nothing about them is decided.
///
/// The mirror has the directory as the last applied run read it, or not at all where none ever did.
package struct UnreadDirectory: Sendable, Equatable {
    package var name: String
    /// Why it could not be read, in one sentence.
    package var cause: String
    package var hint: String
    /// The first of the runs without a gap that did not read it, this one included, and when that started, seconds since 1970.
    package var sinceRun: Int64
    package var since: Int64
    /// The same for people: `run 12, 2026-11-21 02:15 UTC`.
    package var sinceText: String
    /// How many users of a target are frozen for it; counted by the plan.
    package var users: Int

    package init(
        name: String, cause: String, hint: String = "", sinceRun: Int64, since: Int64, sinceText: String = "",
        users: Int = 0
    ) {
        self.name = name
        self.cause = cause
        self.hint = hint
        self.sinceRun = sinceRun
        self.since = since
        self.sinceText = sinceText
        self.users = users
    }

    /// Code of the finding that tells of it.
    package static let code = "directory.not-read"

    /// What the finding is about, the same each night.
    package var label: String { "directory \(name)" }
}

/// Which rows belong to directories that were not read.
struct UnreadRows {
    /// By place in the roster's directories, and in the mirror's.
    private let ofRoster: [Bool]
    private let ofMirror: [Bool]
    let isEmpty: Bool

    init(_ input: ReconcileInput) {
        let names = Set(input.unread.map(\.name))
        isEmpty = names.isEmpty
        ofRoster = input.roster.directories.map(names.contains)
        ofMirror = input.mirror.directories.map(names.contains)
    }

    @inline(__always)
    func contains(user place: UInt8) -> Bool { !isEmpty && Int(place) < ofRoster.count && ofRoster[Int(place)] }

    @inline(__always)
    func contains(person place: UInt8) -> Bool { !isEmpty && Int(place) < ofMirror.count && ofMirror[Int(place)] }
}
