import DirectoryModel
import DirectorySources
import LDAPClient
import TestSupport
import Testing

/// A small company on a real slapd, read in pages of five through a proxy with faults.
struct FaultBench {
    static let people = 23
    static let pageSize: Int32 = 5

    /// Nothing changes it, so all tests read the same one.
    static let shared = Result { try SlapdFixture(ldif: ldif) }

    private static var ldif: String {
        let groups = (0..<7).map { number in
            let members = (0...number).map { SampleCompany.personDN("p\($0)") }
            return SampleCompany.group("g\(number)", number: 100 + number, members: members)
        }
        return SampleCompany.frame + SampleCompany.people(people) + groups.joined()
    }

    /// What a pull through faults came to.
    struct Ended {
        var outcome: PullOutcome
        var proxy: LDAPProxy
        var seconds: Double

        /// A pull that failed in this way, naming this; nothing else counts.
        func expect(
            _ kind: PullFailure.Kind, _ words: String, sourceLocation: SourceLocation = #_sourceLocation
        ) {
            switch outcome {
            case .complete(let pull):
                Issue.record(
                    "taken for whole: \(pull.mirror.people.count) people, \(pull.mirror.groups.count) groups",
                    sourceLocation: sourceLocation)
            case .failed(let failure):
                #expect(failure.kind == kind, "\(failure.message)", sourceLocation: sourceLocation)
                #expect(failure.message.contains(words), "\(failure.message)", sourceLocation: sourceLocation)
                #expect(!failure.hint.isEmpty, sourceLocation: sourceLocation)
            }
            #expect(seconds < 8, "took \(seconds) s", sourceLocation: sourceLocation)
        }

        func expectWhole(sourceLocation: SourceLocation = #_sourceLocation) {
            switch outcome {
            case .complete(let pull):
                #expect(pull.mirror.people.count == FaultBench.people, sourceLocation: sourceLocation)
                #expect(pull.mirror.groups.count == 7, sourceLocation: sourceLocation)
                let members = pull.mirror.groups.indices.map { pull.mirror.directPeople(of: GroupIndex($0)).count }
                #expect(members.sorted() == Array(1...7), sourceLocation: sourceLocation)
            case .failed(let failure):
                Issue.record("failed: \(failure.message)", sourceLocation: sourceLocation)
            }
        }
    }

    /// Times that are short enough for a test and long enough for a busy machine.
    static let timeouts = Timeouts(connect: .seconds(2), idle: .seconds(1), pull: .seconds(4))

    static func source(
        _ urls: [String], pages: Int32? = pageSize, timeouts: Timeouts = timeouts, account: Account? = nil,
        sentinels: [Int] = [], tls: TLSSettings = TLSSettings(mode: .none)
    ) throws -> LDAPSource {
        var settings = try SampleSources.settings(sentinels: sentinels)
        settings.dialect.pageSize = pages
        let bind = account ?? Account(dn: SlapdFixture.administrator, password: SlapdFixture.password)
        var all = LDAPSourceSettings(
            source: settings, urls: urls.compactMap { LDAPURL($0) },
            connection: ConnectionSettings(tls: tls, timeouts: timeouts), bind: bind.bind)
        // A second attempt would not meet the fault again.
        all.retry = RetrySettings(attempts: 1)
        return LDAPSource(all)
    }

    static func proxy(_ fault: ByteProxy.Fault, _ mode: TLSSettings.Mode) throws -> ByteProxy {
        let server = try shared.get()
        return try ByteProxy(to: mode == .ldaps ? server.tlsPort : server.port, fault: fault)
    }

    static func source(
        _ proxy: ByteProxy, timeouts: Timeouts = timeouts, _ mode: TLSSettings.Mode
    ) throws -> LDAPSource {
        guard mode != .none else { return try source([proxy.url], timeouts: timeouts) }
        let authority = try TestCertificates.shared.get().authorityFile
        let scheme = mode == .ldaps ? "ldaps" : "ldap"
        return try source(
            ["\(scheme)://127.0.0.1:\(proxy.port)"], timeouts: timeouts,
            tls: TLSSettings(mode: mode, caFile: authority))
    }

    static func pull(
        _ faults: [LDAPFault], pages: Int32? = pageSize, timeouts: Timeouts = timeouts, account: Account? = nil,
        request: PullRequest = PullRequest()
    ) throws -> Ended {
        let proxy = try LDAPProxy(to: try shared.get().port, faults)
        let source = try source([proxy.url], pages: pages, timeouts: timeouts, account: account)
        let start = ContinuousClock.now
        let outcome = source.pull(request, progress: { _ in })
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        source.close()
        return Ended(outcome: outcome, proxy: proxy, seconds: seconds)
    }
}

/// A fault with what a pull through it must come to.
struct FaultCase: CustomTestStringConvertible, Sendable {
    var name: String
    var kind: PullFailure.Kind
    var words: String
    var pages: Int32? = FaultBench.pageSize
    /// Made anew for each pull, as faults count.
    var faults: @Sendable () -> [LDAPFault]

    init(
        _ name: String, _ kind: PullFailure.Kind, _ words: String, pages: Int32? = FaultBench.pageSize,
        _ faults: @escaping @Sendable () -> [LDAPFault]
    ) {
        self.name = name
        self.kind = kind
        self.words = words
        self.pages = pages
        self.faults = faults
    }

    var testDescription: String { name }

    static let peopleBase = "ou=people,dc=example,dc=org"
    static let groupBase = "ou=groups,dc=example,dc=org"
}
