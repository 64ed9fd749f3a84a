import DirectoryModel
import DirectorySources
import LDAPClient
import TestSupport
import Testing

/// Messages that no server may send, and connections that end or crawl: nothing is taken for whole, within the limits of time.
struct HostileMessageTests {
    private static let broken = "ended in the middle"

    @Test(arguments: BERAttack.allCases, [1, 6])
    func brokenMessageEndsThePull(_ attack: BERAttack, entry: Int) throws {
        let place = LDAPPlace.entry(entry, under: FaultCase.peopleBase)
        let ended = try FaultBench.pull([.bytes(at: place) { attack.bytes(for: $0) }])
        guard case .failed(let failure) = ended.outcome else {
            HostileMessageTests.record("taken for whole", isKnown: attack == .negativeID)
            return
        }
        #expect([.incomplete, .unreachable].contains(failure.kind), "\(failure.message)")
        #expect(ended.seconds < 6)
    }

    @Test(arguments: BERAttack.allCases)
    func brokenAnswerToTheBindEndsThePull(_ attack: BERAttack) throws {
        let ended = try FaultBench.pull([.bytes(at: .bind) { attack.bytes(for: $0) }])
        guard case .failed = ended.outcome else {
            // What is glued behind the answer only matters to who reads on; an answer of another kind is not enough either,
            // as the server is asked who we are.
            #expect([.trailingGarbage, .wrongTag].contains(attack))
            return
        }
        #expect(!ended.proxy.requests.contains { $0.search?.base == FaultCase.peopleBase })
        #expect(ended.seconds < 6)
    }

    static let cases: [FaultCase] = [
        FaultCase("number of a result is another request's", .unreachable, "timeouts.idle") {
            [.changing(.done(2, under: FaultCase.peopleBase)) { $0.id += 1_000 }]
        },
        FaultCase("no entries at all", .incomplete, "no entry under") {
            [.hideEntries { $0.dn.contains(FaultCase.peopleBase) }]
        },
        FaultCase("no groups at all", .incomplete, "is a group by") {
            [.hideEntries { $0.dn.contains(FaultCase.groupBase) }]
        },
        FaultCase("half of the connection ends", .unreachable, broken) { [.at(.entry(3), .halfClose)] },
        FaultCase("connection ends", .unreachable, broken) { [.at(.entry(3), .close)] },
        FaultCase("connection is reset", .unreachable, broken) { [.at(.entry(3), .reset)] },
        FaultCase("connection ends among groups", .unreachable, broken) {
            [.at(.entry(1, under: FaultCase.groupBase), .close)]
        },
        FaultCase("nothing more comes", .unreachable, "timeouts.idle") { [.at(.entry(3), .stall)] },
        FaultCase("nothing comes in answer to the bind", .unreachable, "timeouts.connect") { [.at(.bind, .stall)] },
        FaultCase("success with a remark", .incomplete, "Proxy can't contact remote server") {
            [.result(0, text: "Proxy can't contact remote server", at: .done(5, under: FaultCase.peopleBase))]
        },
        FaultCase("referral instead of a result", .incomplete, "(10)") {
            [.result(10, referrals: ["ldap://127.0.0.1:9/"], at: .done(1, under: FaultCase.peopleBase))]
        },
        FaultCase("reference among entries", .incomplete, "on another server") {
            [.reference("ldap://127.0.0.1:9/ou=more", before: .entry(4))]
        },
        FaultCase("reference among groups", .incomplete, "on another server") {
            [.reference("ldap://127.0.0.1:9/ou=more", before: .entry(1, under: FaultCase.groupBase))]
        },
        FaultCase("entry twice", .incomplete, "two entries have the") {
            [.double(.entry(22, under: FaultCase.peopleBase))]
        },
        FaultCase("group twice", .incomplete, "two entries have the") {
            [.double(.entry(7, under: FaultCase.groupBase))]
        },
        FaultCase("email hidden on everybody", .incomplete, "`mail`") { [.hide("mail")] },
        FaultCase("id hidden on everybody", .incomplete, "entryUUID") { [.hide("entryUUID")] },
    ]

    @Test(arguments: cases)
    func faultIsNeverTakenForAnAnswer(_ fault: FaultCase) throws {
        try FaultBench.pull(fault.faults(), pages: fault.pages).expect(fault.kind, fault.words)
    }

    /// The client library throws away what has a number that it does not wait for, and says nothing of it.
    @Test(arguments: [1_000, 0, -1])
    func entryUnderAnotherNumberIsNotLost(number: Int) throws {
        let place = LDAPPlace.entry(2, under: FaultCase.peopleBase)
        let ended = try FaultBench.pull([.changing(place) { $0.id = number }])
        guard case .complete = ended.outcome else { return }
        HostileMessageTests.record("taken for whole without an entry", isKnown: true)
    }

    /// The last of the people comes after the word that there are no more.
    @Test func entryBehindTheResultIsNotLost() throws {
        let last = LDAPPlace.entry(FaultBench.people, under: FaultCase.peopleBase)
        let ended = try FaultBench.pull([.moveBehindResult(last)])
        guard case .complete = ended.outcome else { return }
        HostileMessageTests.record("taken for whole without an entry", isKnown: true)
    }

    private static func record(_ words: Comment, isKnown: Bool) {
        guard isKnown else {
            Issue.record(words)
            return
        }
        withKnownIssue("the client library drops messages with numbers that it does not know") { Issue.record(words) }
    }

    @Test(arguments: [1, 4, 20])
    func noticeOfDisconnectionEndsThePull(entry: Int) throws {
        let ended = try FaultBench.pull([.insert(before: .entry(entry)) { _ in .noticeOfDisconnection() }])
        ended.expect(.unreachable, HostileMessageTests.broken)
    }

    @Test func noticeInPlaceOfABindEndsThePull() throws {
        let ended = try FaultBench.pull([.insert(before: .bind) { _ in .noticeOfDisconnection() }])
        guard case .failed = ended.outcome else {
            Issue.record("taken for whole")
            return
        }
    }

    @Test func dripEndsWithTheTotalTime() throws {
        let slow = Timeouts(connect: .seconds(2), idle: .seconds(30), pull: .seconds(1))
        let ended = try FaultBench.pull([.at(.entry(1), .drip(bytesPerSecond: 40))], timeouts: slow)
        ended.expect(.unreachable, "timeouts.pull")
        #expect(ended.seconds < 4)
    }

    @Test func messagesInPiecesAreMessages() throws {
        try FaultBench.pull([.at(.bind, .drip(bytesPerSecond: 1_000_000))]).expectWhole()
    }

    @Test func referredServerIsNeverAsked() throws {
        let other = try LDAPProxy(to: try FaultBench.shared.get().port)
        let referral = LDAPFault.result(
            10, referrals: [other.url + "/"], at: .done(1, under: FaultCase.peopleBase))
        try FaultBench.pull([referral]).expect(.incomplete, "(10)")
        try FaultBench.pull([.reference(other.url + "/ou=more", before: .entry(2, under: FaultCase.peopleBase))])
            .expect(.incomplete, other.url)
        let atBind = LDAPFault.result(10, referrals: [other.url + "/"], at: .bind)
        try FaultBench.pull([atBind]).expect(.refused, "(10)")
        #expect(other.connections == 0)
        #expect(other.bytesFromClient == 0)
    }

    @Test func acceptedWrongPasswordIsAnonymous() throws {
        let wrong = Account(dn: SlapdFixture.administrator, password: "wrong")
        let ended = try FaultBench.pull([.result(0, at: .bind)], account: wrong)
        ended.expect(.refused, "takes us for anonymous")
        #expect(!ended.proxy.requests.contains { $0.search?.base == FaultCase.peopleBase })
    }

    @Test(arguments: [0, 10, 400])
    func flippedBitNeitherCrashesNorHangs(first: Int) throws {
        let target = try FaultBench.shared.get().port
        for place in stride(from: first, to: first + 400, by: Figures.of(23, soak: 1)) {
            let proxy = try ByteProxy(to: target, fault: .flip(bit: place, at: place))
            let source = try FaultBench.source([proxy.url])
            _ = source.pull(PullRequest(), progress: { _ in })
            source.close()
        }
    }
}
