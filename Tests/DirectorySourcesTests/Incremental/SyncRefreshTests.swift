import DirectoryModel
import LDAPClient
import Testing

@testable import DirectorySources

/// What the messages of RFC 4533 mean, server by server.
struct SyncRefreshTests {
    private static let cookie = "rid=000,csn=20261121100000.000001Z#000000#000#000000"
    private static let next = "rid=000,csn=20261121110000.000001Z#000000#000#000000"

    private func uuid(_ number: UInt8) -> [UInt8] { Array(repeating: number, count: 16) }

    private func id(_ number: UInt8) throws -> ImmutableID { try #require(ImmutableID(bytes: uuid(number))) }

    private func refresh(cookie: String = cookie) throws -> SyncRefresh {
        try SyncRefresh(since: Array(cookie.utf8))
    }

    private func add(_ number: UInt8, to refresh: inout SyncRefresh) {
        let isKept = refresh.take(SyncState(kind: .add, uuid: uuid(number)), id: ImmutableID(bytes: uuid(number)))
        #expect(isKept)
    }

    private func done(_ cookie: String?, _ refreshDeletes: Bool) -> SyncDone {
        SyncDone(cookie: cookie.map { Array($0.utf8) }, refreshDeletes: refreshDeletes)
    }

    private func change(_ outcome: SyncRefresh.Outcome) throws -> SyncRefresh.Change {
        guard case .changes(let change) = outcome else { throw Unexpected(outcome: outcome) }
        return change
    }

    private struct Unexpected: Error { let outcome: SyncRefresh.Outcome }

    @Test func nothingNewComesWithoutACookieAndKeepsTheOldOne() throws {
        let change = try change(refresh().end(code: 0, done(nil, true)))
        #expect(change.mode == .none)
        #expect(change.isQuiet)
        #expect(change.cookie == Array(Self.cookie.utf8))
    }

    @Test func changesWithoutACookieAreTakenAndAskedForAgain() throws {
        var refresh = try refresh()
        add(1, to: &refresh)
        let change = try change(refresh.end(code: 0, done(nil, true)))
        #expect(change.changed == [try id(1)])
        #expect(change.mode == .delete)
        #expect(change.cookie == Array(Self.cookie.utf8))
    }

    @Test func deletePhaseNamesWhoIsGone() throws {
        var refresh = try refresh()
        refresh.take(.idSet(cookie: nil, areDeleted: true, uuids: [uuid(1), uuid(2)]))
        add(3, to: &refresh)
        let change = try change(refresh.end(code: 0, done(Self.next, true)))
        #expect(change.mode == .delete)
        #expect(change.deleted == [try id(1), try id(2)])
        #expect(change.changed == [try id(3)])
        #expect(change.cookie == Array(Self.next.utf8))
        #expect(!change.isQuiet)
    }

    @Test func presentPhaseNamesWhoIsThere() throws {
        var refresh = try refresh()
        refresh.take(.idSet(cookie: nil, areDeleted: false, uuids: [uuid(1), uuid(2)]))
        refresh.take(.refreshPresent(cookie: nil, isDone: false))
        add(2, to: &refresh)
        let change = try change(refresh.end(code: 0, done(Self.next, false)))
        #expect(change.mode == .present)
        #expect(change.seen == [try id(1), try id(2)])
    }

    @Test func silentReloadIsAPresentPhaseThatListsNobody() throws {
        var refresh = try refresh()
        add(1, to: &refresh)
        let change = try change(refresh.end(code: 0, done(Self.next, false)))
        #expect(change.mode == .present)
        #expect(!change.isQuiet)
    }

    @Test func presentPhaseOfNobodyIsNotQuiet() throws {
        let change = try change(refresh().end(code: 0, done(Self.next, false)))
        #expect(change.mode == .present)
        #expect(!change.isQuiet)
    }

    @Test(arguments: [
        "", "rid=001,csn=20261121110000.000001Z#000000#000#000000",
        "rid=000,csn=20261121110000.000001Z#000000#001#000000",
        "rid=000,csn=20261121090000.000001Z#000000#000#000000", "rid=000", "host:389#cn=x:dc=y:(a=b)#7",
    ])
    func cookieThatDoesNotContinueTheOneSentIsAnotherBeginning(next: String) throws {
        #expect(try refresh().end(code: 0, done(next, true)) == .fullPullNeeded(.startedAnew))
    }

    @Test func ridsAreNumbers() throws {
        let refresh = try refresh(cookie: "rid=5,csn=20261121100000.000001Z#000000#000#000000")
        let next =
            "rid=005,sid=001,csn=20261121100000.000001Z#000000#000#000000;20261121100000.000001Z#000000#001#000000"
        #expect(try change(refresh.end(code: 0, done(next, true))).mode == .none)
    }

    @Test(arguments: [
        "", "xyz", "rid=000", "csn=20261121100000.000001Z#000000#000#000000", "rid=1000,csn=x",
        "rid=000,csn=2026#0#0#0", "rid=000,csn=20261121100000.000001Z#000000#000#000000;",
        "rid=000,csn=20261121100000.000001Z#00000g#000#000000", "rid=000,rid=000,csn=", "a#b", "a#b#c",
        "h:389#cn=x:dc=y:(a=b)#7",
    ])
    func cookieThatNoServerCouldReadIsNotSent(cookie: String) {
        #expect(throws: SyncDoubt.unreadableCookie) { try SyncRefresh(since: Array(cookie.utf8)) }
    }

    @Test func bytesThatAreNoTextAreNotSent() {
        #expect(throws: SyncDoubt.unreadableCookie) { try SyncRefresh(since: [0xff, 0xfe]) }
    }

    @Test(
        arguments: [(4096, SyncDoubt.refusedCookie), (53, .newerThanServer), (12, .notSupported)]
            as [(Int32, SyncDoubt)])
    func refusedCookieNeedsAFullPull(code: Int32, doubt: SyncDoubt) throws {
        #expect(try refresh().end(code: code, nil) == .fullPullNeeded(doubt))
    }

    @Test func otherCodesAreFailures() throws { #expect(try refresh().end(code: 4, nil) == .failed(code: 4)) }

    @Test func resultWithoutItsControlIsInDoubt() throws {
        #expect(try refresh().end(code: 0, nil) == .fullPullNeeded(.resultWithoutState))
    }

    @Test func entryWithoutItsControlIsInDoubt() throws {
        var refresh = try refresh()
        let isKept = refresh.take(nil, id: try id(1))
        #expect(!isKept)
        #expect(refresh.end(code: 0, done(Self.next, true)) == .fullPullNeeded(.entryWithoutState))
    }

    @Test func entryWithAnotherIdentityIsInDoubt() throws {
        var refresh = try refresh()
        _ = refresh.take(SyncState(kind: .add, uuid: uuid(1)), id: try id(2))
        #expect(refresh.end(code: 0, done(Self.next, true)) == .fullPullNeeded(.otherIdentity))
    }

    // MARK: Bytes

    private func read<Value>(
        _ bytes: [UInt8], _ make: (UnsafeRawBufferPointer) throws(BERFault) -> Value
    ) throws(BERFault) -> Value {
        let made: Result<Value, BERFault> = bytes.withUnsafeBytes { buffer in
            Result { () throws(BERFault) in try make(buffer) }
        }
        return try made.get()
    }

    @Test func requestHoldsModeAndCookie() throws {
        #expect(try refresh().request == [0x30, 3 + 2 + 52, 0x0a, 1, 1, 0x04, 52] + Array(Self.cookie.utf8))
    }

    @Test func controlsAreReadAsServersSendThem() throws {
        let state = [0x30, 0x15, 0x0a, 0x01, 0x01, 0x04, 0x10] + uuid(7)
        #expect(try read(state, SyncState.init) == SyncState(kind: .add, uuid: uuid(7)))
        #expect(try read([0x30, 0x03, 0x01, 0x01, 0xff], SyncDone.init) == SyncDone(cookie: nil, refreshDeletes: true))
        #expect(
            try read([0x30, 0x03, 0x04, 0x01, 0x41], SyncDone.init) == SyncDone(cookie: [0x41], refreshDeletes: false))
        #expect(try read([0x30, 0x02, 0x04, 0x00], SyncDone.init) == SyncDone(cookie: [], refreshDeletes: false))
        #expect(try read([0xa2, 0x03, 0x01, 0x01, 0x00], SyncInfo.init) == .refreshPresent(cookie: nil, isDone: false))
        #expect(try read([0xa1, 0x00], SyncInfo.init) == .refreshDelete(cookie: nil, isDone: true))
        #expect(try read([0x80, 0x01, 0x41], SyncInfo.init) == .newCookie([0x41]))
        let set = [0xa3, 0x17, 0x01, 0x01, 0xff, 0x31, 0x12, 0x04, 0x10] + uuid(9)
        #expect(try read(set, SyncInfo.init) == .idSet(cookie: nil, areDeleted: true, uuids: [uuid(9)]))
    }

    @Test(
        arguments: [
            [], [0x30], [0x30, 0x02, 0x0a, 0x01], [0x30, 0x06, 0x0a, 0x01, 0x07, 0x04, 0x01, 0x00],
            [0x30, 0x06, 0x0a, 0x01, 0x01, 0x04, 0x01, 0x00], [0x31, 0x00],
        ] as [[UInt8]])
    func damagedStatesAreFaults(bytes: [UInt8]) {
        #expect(throws: BERFault.self) { try read(bytes, SyncState.init) }
    }

    @Test(
        arguments: [[], [0xa3, 0x02, 0x01, 0x01], [0xa3, 0x05, 0x31, 0x03, 0x04, 0x01, 0x00], [0x99, 0x00]] as [[UInt8]]
    )
    func damagedSetsAreFaults(bytes: [UInt8]) {
        #expect(throws: BERFault.self) { try read(bytes, SyncInfo.init) }
    }

    /// While a search persists, a cookie names one change of one provider: those of the others are still known.
    @Test(arguments: [
        (["1:001", "2:002"], ["3:001"], ["2:002", "3:001"]), (["2:001"], ["1:001"], ["2:001"]),
        (["1:001"], ["1:003"], ["1:001", "1:003"]),
    ])
    func cookiesOfSeveralProvidersAreMerged(known: [String], next: [String], merged: [String]) throws {
        func cookie(_ stamps: [String]) -> [UInt8] {
            let stamps = stamps.map { stamp in
                let parts = stamp.split(separator: ":")
                return "2026010\(parts[0])000000.000000Z#000000#\(parts[1])#000000"
            }
            return Array("rid=000,csn=\(stamps.joined(separator: ";"))".utf8)
        }
        let first = try #require(SyncCookie(cookie(known)))
        #expect(first.merged(with: try #require(SyncCookie(cookie(next)))) == cookie(merged))
    }

    /// A provider whose change does not move its own number sends a cookie without one: following stays where it was, and asks as nobody's consumer.
    @Test func cookieThatNamesNoChangeMovesNothing() {
        let known = Array("rid=000,csn=20260101000000.000000Z#000000#001#000000".utf8)
        let named = Array("rid=000,sid=001,csn=20260101000000.000000Z#000000#001#000000".utf8)
        let empty = Array("rid=000,sid=001".utf8)
        #expect(SyncWatch.mark(known, and: empty) == known)
        #expect(SyncWatch.mark(nil, and: empty) == nil)
        #expect(SyncWatch.mark(nil, and: named) == known)
        #expect(SyncWatch.mark(empty, and: named) == known)
    }

    /// Deletions come before the changes that were before them: their cookie is no place to go on from.
    @Test func followingTakesTheCookieOfChangesAndNotOfDeletions() throws {
        let deletions = [0xa3, 0x1a, 0x04, 0x01, 0x41, 0x01, 0x01, 0xff, 0x31, 0x12, 0x04, 0x10] + uuid(9)
        #expect(try read(deletions, SyncInfo.init) == .idSet(cookie: [0x41], areDeleted: true, uuids: [uuid(9)]))
        #expect(try SyncWatch.cookie(of: deletions) == nil)
        #expect(try SyncWatch.cookie(of: [0xa1, 0x03, 0x04, 0x01, 0x41]) == [0x41])
        #expect(try SyncWatch.cookie(of: [0x80, 0x01, 0x41]) == [0x41])
    }
}
