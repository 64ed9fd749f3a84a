import DirectoryModel
import LDAPClient
import TestSupport
import Testing

@testable import DirectorySources

/// Positions and the marks in them: kept as bytes, and believed only where everything is as it was.
struct PositionTests {
    private let position = SyncPosition(
        method: "sync", belongsTo: [.init("server", "ldap://a"), .init("filter of people", "(a=b)")],
        marks: [.init("people ou=x", "rid=000"), .init("containers", [])])

    @Test func bytesAreReadBack() { #expect(SyncPosition(bytes: position.bytes) == position) }

    @Test func damagedBytesAreNoPosition() {
        let bytes = position.bytes
        for length in bytes.indices { #expect(SyncPosition(bytes: Array(bytes[..<length])) == nil) }
        #expect(SyncPosition(bytes: bytes + [0]) == nil)
        #expect(SyncPosition(bytes: [2] + bytes.dropFirst()) == nil)
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= 0x80
            _ = SyncPosition(bytes: damaged)
        }
    }

    @Test func whatDiffersIsNamed() {
        let same = position.belongsTo
        #expect(position.difference(method: "sync", belongsTo: same) == nil)
        #expect(position.difference(method: "sync", belongsTo: same.reversed()) == nil)
        #expect(
            position.difference(method: "usn", belongsTo: same)
                == "changes were read by `sync`, and are by `usn` now")
        #expect(
            position.difference(method: "sync", belongsTo: [same[0], .init("server", "ldap://b")])
                == "the server is another than in the last run: was `ldap://a`, is `ldap://b`")
        #expect(
            position.difference(method: "sync", belongsTo: same + [.init("sort", "1")])
                == "the last run did not know the sort")
        #expect(position.difference(method: "sync", belongsTo: [same[0]]) == "the server is no longer known")
    }

    @Test func marksAreReadBack() throws {
        let unit = RefreshUnit(kind: .people, base: "ou=x")
        let ids = try [[1], Array(repeating: 7, count: 16)].map { try #require(ImmutableID(bytes: $0 as [UInt8])) }
        let marks = KnownMarks(
            cookies: [unit: [1, 2]], containers: [ids[0]: DNHash(high: 1, low: .max), ids[1]: DNHash(high: 0, low: 3)],
            controls: ids)
        let read = try KnownMarks(SyncPosition(method: "sync", belongsTo: [], marks: marks.parts), [unit])
        #expect(read.cookies == marks.cookies)
        #expect(read.containers == marks.containers)
        #expect(read.controls == ids)
        #expect(throws: ChangeDoubt.self) {
            try KnownMarks(
                SyncPosition(method: "sync", belongsTo: [], marks: marks.parts),
                [RefreshUnit(kind: .groups, base: "ou=x")])
        }
    }

    @Test func fileWithoutAChangeNeedsNoReading() throws {
        let folder = try TemporaryDirectory()
        let text = SampleCompany.frame + SampleCompany.people(3) + SampleCompany.group("all", number: 1, members: [])
        try folder.write(text, to: "data.ldif")
        let source = LDIFSource(try SampleSources.settings(), path: folder.path("data.ldif"))
        let pull = try source.completePull(PullRequest(key: LDAPFollower.key))
        let mirror = MirrorRows(IndexedMirror(mirror: pull.mirror, index: try #require(pull.index)))
        let request = IncrementalRequest(
            pull: PullRequest(key: LDAPFollower.key), position: try #require(pull.position), mirror: mirror)
        guard case .changes(let changes) = source.pullChanges(request, progress: { _ in }) else {
            Issue.record("an unchanged file needs no full pull")
            return
        }
        #expect(changes.changes.isEmpty)
        try folder.write(text + SampleCompany.person("new", number: 99), to: "data.ldif")
        guard case .fullPullNeeded = source.pullChanges(request, progress: { _ in }) else {
            Issue.record("a changed file needs a full pull")
            return
        }
    }
}

/// What Active Directory tells changes by.
struct UpdateSequenceTests {
    private func database(_ number: UInt8) throws -> ImmutableID {
        try #require(ImmutableID(bytes: Array(repeating: number, count: 16)))
    }

    @Test func bytesAreReadBack() throws {
        let sequence = UpdateSequence(database: try database(3), number: 4_711)
        #expect(UpdateSequence(sequence.bytes) == sequence)
        for text in ["", "x", "1 2 3", "4711", "03030303-0303-0303-0303-030303030303 -4"] {
            #expect(UpdateSequence(Array(text.utf8)) == nil)
        }
    }

    @Test func whatWasInFlightIsReadAgain() throws {
        let known = UpdateSequence(database: try database(1), number: 5_000)
        let now = UpdateSequence(database: try database(1), number: 5_001)
        #expect(try known.start(now: now) == 4_000)
        #expect(try UpdateSequence(database: try database(1), number: 3).start(now: now) == 1)
        let last = UpdateSequence(database: try database(1), number: .max)
        #expect(try last.start(now: last) == .max - 1_000)
    }

    @Test func otherOrRestoredControllerIsInDoubt() throws {
        let known = UpdateSequence(database: try database(1), number: 5_000)
        #expect(throws: ChangeDoubt.self) {
            try known.start(now: UpdateSequence(database: try database(2), number: 9_000))
        }
        #expect(throws: ChangeDoubt.self) {
            try known.start(now: UpdateSequence(database: try database(1), number: 4_999))
        }
    }

    @Test func dirSyncIsWrittenAndReadAsServersHaveIt() throws {
        let control = DirSyncControl.request(cookie: [0xaa])
        #expect(control.isCritical)
        #expect(control.value == [0x30, 11, 0x02, 1, 0, 0x02, 3, 0x10, 0, 0, 0x04, 1, 0xaa])
        let answer: [UInt8] = [0x30, 9, 0x02, 1, 1, 0x02, 1, 0, 0x04, 1, 7]
        #expect(
            try answer.withUnsafeBytes { try DirSyncControl.answer($0) }
                == DirSyncControl.Answer(hasMore: true, cookie: [7]))
        #expect(!DirSyncControl.isCookie(Array("rid=000,csn=20261121100000.000001Z".utf8)))
    }
}

/// How far a change log of 389 Directory Server is whole.
struct ChangeNumberTests {
    @Test(
        arguments: [
            ([5, 6, 7], 5, 7, 7), ([5, 6, 8], 5, 8, 6), ([5], 5, 69, 5), ([5], 5, 70, nil), ([6, 7], 5, 7, nil),
            ([5, 5], 5, 5, nil), ([Int64.max], .max, .max, .max), ([.max - 1, .max], .max - 1, .max, .max),
            ([Int64.min, 1], 1, 1, 1),
        ] as [([Int64], Int64, Int64, Int64?)])
    func numbersAreTakenUpToTheFirstGap(told: [Int64], from: Int64, last: Int64, newest: Int64?) {
        #expect(ChangeLogFeed.newest(told, from: from, last: last) == newest)
    }

    @Test func changeWithoutANumberIsInDoubt() { #expect(ChangeLogFeed.newest([5, nil], from: 5, last: 5) == nil) }

    /// Whatever a server says that its log ends with, a full pull goes on, and the next run has something to begin from.
    @Test func numberOfTheLastChangeMayBeAnything() throws {
        let server = try DS389Fixture(
            ldif: SampleCompany.frame + SampleCompany.people(3) + SampleCompany.group("g", number: 1, members: []),
            options: .init(contentSync: true))
        var settings = SourceSettings(
            name: "corp", dialect: .ds389, people: BranchSettings(bases: ["ou=people,\(DS389Fixture.suffix)"]),
            groups: BranchSettings(bases: ["ou=groups,\(DS389Fixture.suffix)"]))
        settings.attributes.lastSignIn = nil
        for number in [Int64.min, -1, 0, .max] {
            let proxy = try LDAPProxy(
                to: server.port,
                .responses { message, _ in
                    guard var entry = message.entry, let place = entry.place(of: "lastChangeNumber") else {
                        return [.pass(message)]
                    }
                    entry.attributes[place].values = [Array("\(number)".utf8)]
                    return [.pass(LDAPMessage(id: message.id, entry))]
                })
            let source = SampleSources.ldap([proxy.url], settings, bind: server.administrator.bind)
            let pull = try source.completePull(PullRequest(now: 1_800_000_000, key: LDAPFollower.key))
            #expect(pull.position?.method == "times", "\(number)")
        }
    }
}
