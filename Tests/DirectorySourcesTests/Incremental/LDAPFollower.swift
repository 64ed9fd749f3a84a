import DirectoryModel
import LDAPClient
import TestSupport
import Testing

@testable import DirectorySources

/// A mirror that follows a real server by its changes, and says whether it is what a full pull makes.
struct LDAPFollower {
    let source: () throws -> LDAPSource
    private(set) var mirror: IndexedMirror
    var position: SyncPosition
    private(set) var stamp: DirectoryStamp
    /// Members outside of what is read are not compared: where links follow entries, nothing tells what becomes of those.
    var leavesOutStrangers = false
    /// The time of the runs, which only some ways of reading need.
    private var now: Int64?
    /// Seconds from one reading to the next, by that time.
    var pace: Int64 = 0
    /// The attribute that stands for those that rules test.
    static let attributes = ["title"]
    static let key = DNHashKey(first: 7, second: 8)

    enum Step: Equatable {
        case changes(people: Int, removed: Int)
        case fullPull(String)
    }

    init(now: Int64? = nil, _ source: @escaping () throws -> LDAPSource) throws {
        self.source = source
        self.now = now
        let pull = try LDAPFollower.pull(try source(), now)
        mirror = IndexedMirror(mirror: pull.mirror, index: try #require(pull.index))
        position = try #require(pull.position)
        stamp = pull.stamp
    }

    private static func pull(_ source: LDAPSource, _ now: Int64?) throws -> Pull {
        defer { source.close() }
        return try source.completePull(PullRequest(attributes: attributes, now: now, key: key))
    }

    /// Reads what changed and applies it; where that needs a full pull, takes it.
    mutating func follow() throws -> Step {
        now = now.map { $0 + pace }
        let source = try source()
        defer { source.close() }
        let rows = MirrorRows(mirror)
        let request = IncrementalRequest(
            pull: PullRequest(attributes: LDAPFollower.attributes, lastStamp: stamp, now: now, key: LDAPFollower.key),
            position: position, mirror: rows)
        switch source.pullChanges(request, progress: { _ in }) {
        case .changes(let pull):
            mirror = mirror.applying(pull.changes)
            position = try #require(SyncPosition(bytes: pull.position.bytes))
            stamp = pull.stamp
            return .changes(people: pull.changes.people.count, removed: pull.changes.removedPeople.count)
        case .fullPullNeeded(let reason):
            let (leavesOutStrangers, pace) = (leavesOutStrangers, pace)
            self = try LDAPFollower(now: now, self.source)
            (self.leavesOutStrangers, self.pace) = (leavesOutStrangers, pace)
            return .fullPull(reason)
        case .failed(let failure): throw failure
        }
    }

    /// What differs from a full pull now; nil when nothing does.
    func difference() throws -> String? {
        let pull = try LDAPFollower.pull(try source(), now)
        let expected = lines(IndexedMirror(mirror: pull.mirror, index: try #require(pull.index)))
        let found = lines(mirror)
        guard found != expected else { return nil }
        return "missing \(expected.filter { !found.contains($0) }) extra \(found.filter { !expected.contains($0) })"
    }

    private func lines(_ source: IndexedMirror) -> [String] {
        let lines = LDAPFollower.lines(source)
        guard leavesOutStrangers else { return lines }
        return lines.filter { !$0.hasPrefix("loose") }.map { line in
            line.firstRange(of: " unresolved ").map { String(line[..<$0.lowerBound]) } ?? line
        }
    }

    static func lines(_ source: IndexedMirror) -> [String] {
        let mirror = source.mirror
        var lines = MirrorText.lines(mirror)
        lines += zip(mirror.people, source.index.personNames).map { "hash \($0.id) \($0.contentHash) \($1)" }
        for (place, row) in mirror.groups.enumerated() {
            lines.append(
                "dn \(String(decoding: row.dn, as: UTF8.self)) \(row.contentHash) \(source.index.groupNames[place])")
            lines += source.index.loose(of: GroupIndex(place)).map { "loose \($0)" }
        }
        return lines
    }

    /// Puts another cookie in the place of those of the position.
    mutating func setCookies(_ cookie: [UInt8]) { setCookies { _ in cookie } }

    mutating func setCookies(_ change: ([UInt8]) -> [UInt8]) { position.setCookies(change) }

    var cookie: String {
        String(
            decoding: position.marks.first { $0.name.contains("ou=people") && $0.name.hasPrefix("people") }?.value
                ?? [], as: UTF8.self)
    }
}

extension SyncPosition {
    /// Puts another cookie in the place of each.
    mutating func setCookies(_ change: ([UInt8]) -> [UInt8]) {
        marks = marks.map { $0.name.contains("ou=") ? Part($0.name, change($0.value)) : $0 }
    }
}
