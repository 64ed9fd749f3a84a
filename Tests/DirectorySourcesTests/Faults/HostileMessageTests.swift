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
            Issue.record("taken for whole")
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

    private static let unasked = "an answer that nobody asked for"

    /// The client library throws away what has a number that it does not wait for: it says so in its log, where it is overheard, or says
    /// nothing, and is watched.
    @Test(arguments: [1_000, 0, -1], [FaultCase.peopleBase, FaultCase.groupBase])
    func entryUnderAnotherNumberIsNotLost(number: Int, base: String) throws {
        let ended = try FaultBench.pull([.changing(.entry(2, under: base)) { $0.id = number }])
        ended.expect(.incomplete, HostileMessageTests.unasked)
    }

    /// The last comes after the word that there are no more, of people or of groups.
    @Test(arguments: [(FaultBench.people, FaultCase.peopleBase), (7, FaultCase.groupBase)], [nil, 5] as [Int32?])
    func entryBehindTheResultIsNotLost(last: (number: Int, base: String), pages: Int32?) throws {
        let place = LDAPPlace.entry(last.number, under: last.base)
        let ended = try FaultBench.pull([.moveBehindResult(place)], pages: pages)
        ended.expect(.incomplete, HostileMessageTests.unasked)
    }

    /// A number that was another request's before, and is answered already.
    @Test func entryUnderAnEarlierNumberIsNotLost() throws {
        let people = Count()
        let fault = LDAPFault.responses { message, exchange in
            if exchange.request?.search?.base == FaultCase.peopleBase, people.current == 0 {
                for _ in 0..<message.id { _ = people.next() }
            }
            guard message.kind == .searchEntry, exchange.request?.search?.base == FaultCase.groupBase else {
                return [.pass(message)]
            }
            var changed = message
            changed.id = people.current
            return [.pass(changed)]
        }
        try FaultBench.pull([fault], pages: nil).expect(.incomplete, HostileMessageTests.unasked)
    }

    @Test(arguments: [(2, FaultCase.peopleBase), (5, FaultCase.peopleBase), (2, FaultCase.groupBase)])
    func resultThatComesTwiceIsNoticed(number: Int, base: String) throws {
        try FaultBench.pull([.double(.done(number, under: base))]).expect(.incomplete, HostileMessageTests.unasked)
    }

    /// Success before the entries that it is about; with pages the missing control may be noticed first.
    @Test(arguments: [nil, 5] as [Int32?])
    func resultBeforeItsEntriesIsNoticed(pages: Int32?) throws {
        let early = LDAPFault.insert(before: .entry(3, under: FaultCase.peopleBase)) {
            LDAPMessage(id: $0.id, .searchDone, LDAPResultParts(code: 0))
        }
        try FaultBench.pull([early], pages: pages).expect(.incomplete, "sent something that is not LDAP")
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

    @Test func messagesInPiecesAndInOneAreMessages() throws {
        try FaultBench.pull([.at(.bind, .drip(bytesPerSecond: 1_000_000))]).expectWhole()
        try FaultBench.pull([.glued(under: FaultCase.peopleBase)]).expectWhole()
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
}
