import DirectoryModel
import Testing

/// What facts about a directory mean.
struct StepJudgementTests {
    /// 2026-11-21 02:15 UTC.
    private static let now: Int64 = 1_795_227_300

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var facts: StepFacts
        var ailments: [Ailment]

        init(_ name: String, _ facts: StepFacts, _ ailments: [Ailment]) {
            self.name = name
            self.facts = facts
            self.ailments = ailments
        }

        var testDescription: String { name }
    }

    private static func failure(_ message: String) -> PullFailure {
        PullFailure(kind: .unreachable, directory: "corp", message: message, hint: "")
    }

    private static func fault(_ server: String, stopsRun: Bool = false) -> ServerFault {
        ServerFault(
            server: server, cause: .tlsExpired, failure: failure(server), stopsRun: stopsRun)
    }

    private static func certificate(_ notAfter: String, version: String? = "TLS1.3") -> TLSFacts.Certificate {
        TLSFacts.Certificate(server: "a", version: version, notAfter: notAfter)
    }

    static let reach: [Case] = [
        Case("one server, found", .name(NameFacts(hosts: [.init(server: "a", addresses: ["::1"])])), []),
        Case(
            "no server has an address", .name(NameFacts(faults: [fault("a"), fault("b")])),
            [.failed(.tlsExpired, failure("a")), .serverFails(fault("b"))]),
        Case(
            "one of two has none",
            .name(NameFacts(hosts: [.init(server: "b", addresses: ["::1"])], faults: [fault("a")])),
            [.serverFails(fault("a"))]),
        Case(
            "one of two answers",
            .connection(
                ConnectionFacts(
                    attempts: [
                        .init(server: "a", address: "::1", milliseconds: 1, reason: "connection refused"),
                        .init(server: "b", address: "::2", milliseconds: 1),
                    ], faults: [fault("a")])), [.serverFails(fault("a"))]),
        Case(
            "a certificate that stops a run is never passed over",
            .tls(
                TLSFacts(
                    mode: .ldaps, certificates: [certificate("2027-11-21 00:00:00 UTC")],
                    faults: [fault("b", stopsRun: true)])),
            [.failed(.tlsExpired, failure("b"))]),
        Case(
            "a certificate ends in the morning of the thirtieth day",
            .tls(TLSFacts(mode: .ldaps, certificates: [certificate("2026-12-21 02:14:59 UTC")])),
            [.certificateEnds(server: "a", days: 29)]),
        Case(
            "thirty whole days are enough",
            .tls(TLSFacts(mode: .ldaps, certificates: [certificate("2026-12-21 02:15:00 UTC")])), []),
        Case("no TLS on this machine", .tls(TLSFacts(mode: .none)), []),
        Case(
            "a certificate without an end that can be read",
            .tls(TLSFacts(mode: .ldaps, certificates: [certificate("")])), []),
        Case(
            "the password expires",
            .bind(BindFacts(server: "a", account: .external, notice: .passwordExpires(seconds: 5))),
            [.passwordExpires(seconds: 5)]),
        Case(
            "grace", .bind(BindFacts(server: "a", account: .external, notice: .graceLogins(2))), [.graceLogins(2)]),
        Case(
            "anonymous on purpose", .identity(IdentityFacts(identity: "", asked: .anonymous)),
            [.isAnonymous(wasAsked: true)]),
        Case(
            "anonymous by mistake", .identity(IdentityFacts(identity: "", asked: .external)),
            [.isAnonymous(wasAsked: false)]),
        Case("not told", .identity(IdentityFacts(identity: nil, asked: .external)), [.identityNotTold]),
        Case("known", .identity(IdentityFacts(identity: "dn:cn=x", asked: .external)), []),
    ]

    static let server: [Case] = [
        Case("as configured", .server(ServerFacts(kind: .ds389, configuredKind: .ds389, capabilities: .paging)), []),
        Case(
            "389 under FreeIPA", .server(ServerFacts(kind: .ds389, configuredKind: .freeipa, capabilities: .paging)), []
        ),
        Case(
            "another kind",
            .server(ServerFacts(kind: .activeDirectory, configuredKind: .openldap, capabilities: .paging)),
            [.otherKind(found: .activeDirectory, configured: .openldap)]),
        Case("unknown", .server(ServerFacts(kind: nil)), [.unknownKind]),
        Case("no pages", .server(ServerFacts(kind: .openldap)), [.noPaging]),
        Case(
            "a global catalog",
            .server(ServerFacts(kind: .activeDirectory, capabilities: .paging, isGlobalCatalog: true)),
            [.isGlobalCatalog]),
        Case(
            "bases",
            .bases(
                BaseFacts(bases: [
                    .init(.people, "ou=p", .found), .init(.groups, "ou=g", .missing(above: "dc=x")),
                    .init(.groups, "ou=h", .refused(code: 50, text: "no")),
                ])),
            [
                .baseMissing(dn: "ou=g", branch: .groups, above: "dc=x"),
                .baseRefused(dn: "ou=h", code: 50, text: "no"),
            ]),
    ]

    private static func limits(_ unpaged: LimitFacts.Count, _ paged: LimitFacts.Count, inPages: Bool) -> StepFacts {
        .limits(LimitFacts(kind: .openldap, counts: [unpaged, paged], runsInPages: inPages))
    }

    static let content: [Case] = {
        let cut = LimitFacts.Count(entries: 500, code: 4)
        let whole = LimitFacts.Count(pageSize: 500, entries: 900)
        return [
            Case(
                "a limit on the other way", limits(cut, whole, inPages: true),
                [.limited(cut, isOwnWay: false, LimitFacts.Holder(kind: .openldap))]),
            Case(
                "a limit on the own way", limits(cut, whole, inPages: false),
                [.limited(cut, isOwnWay: true, LimitFacts.Holder(kind: .openldap))]),
            Case(
                "counts that differ", limits(LimitFacts.Count(entries: 899), whole, inPages: true),
                [.countsDiffer(899, 900)]),
            Case(
                "set aside",
                .reading(
                    ReadingFacts(people: 1, groups: 1, setAside: [SetAsideEntry(dn: "uid=x", reason: .noIdentity)])),
                [.setAside(1)]),
            Case(
                "people",
                .people(
                    PeopleFacts(
                        filter: "", people: 9, withoutEmail: 1, sharingEmail: 2, sharers: ["uid=a"], unclearLogin: 3,
                        invalidText: 4)),
                [
                    .withoutEmail(1, of: 9), .sharedEmails(2, holders: ["uid=a"]), .unclearLogins(3), .invalidTexts(4),
                ]),
            Case("no groups", .groups(GroupFacts(filter: "(x=y)", groups: 0)), [.noGroupsFound(filter: "(x=y)")]),
            Case(
                "groups", .groups(GroupFacts(filter: "", groups: 9, empty: 1, inCycles: 2, unresolved: 3)),
                [.emptyGroups(1, of: 9), .groupCycles(2), .unresolvedMembers(3)]),
            Case(
                "accounts", .accounts(AccountFacts(people: 3, flags: ["f"], unclear: 1, lastSignIn: "l")),
                [.unclearStates(1, of: 3), .nobodyDisabled(flags: ["f"], of: 3), .noLastSignIn(attribute: "l")]),
            Case("healthy accounts", .accounts(AccountFacts(people: 3, expired: 1, withLastSignIn: 1)), []),
        ]
    }()

    static let standing: [Case] = [
        Case("changes are told", .changes(ChangeFacts(method: "sync", kind: .openldap)), []),
        Case(
            "by the lesser way",
            .changes(ChangeFacts(method: "usn", kind: .activeDirectory, lack: .noReplicationRight)),
            [.lesserIncremental(.noReplicationRight)]),
        Case(
            "not told", .changes(ChangeFacts(method: nil, kind: .ds389, lack: .noChangeLog)),
            [.noIncremental(.noChangeLog)]),
        Case("nor why", .changes(ChangeFacts(method: nil, kind: .ds389)), [.noIncremental(.unknown)]),
        Case("deleted seen", .deleted(DeletedFacts(kind: .activeDirectory, sight: .seen(3))), []),
        Case(
            "none seen", .deleted(DeletedFacts(kind: .activeDirectory, sight: .none)),
            [.deletedNotSeen(.activeDirectory)]),
        Case(
            "hidden", .deleted(DeletedFacts(kind: .activeDirectory, sight: .refused(code: 50))),
            [.deletedRefused(code: 50)]),
        Case("clocks agree", .clock(ClockFacts(server: 1_300, here: 1_000)), []),
        Case("ahead", .clock(ClockFacts(server: 1_301, here: 1_000)), [.clockApart(seconds: 301)]),
        Case("behind", .clock(ClockFacts(server: 699, here: 1_000)), [.clockApart(seconds: -301)]),
        Case("not told", .clock(ClockFacts(here: 1_000, newestChange: 900)), [.clockNotTold]),
        Case(
            "a change to come", .clock(ClockFacts(here: 1_000, newestChange: 2_000)), [.changesInFuture(seconds: 1_000)]
        ),
        Case(
            "clocks that cannot be compared",
            .clock(ClockFacts(server: .min, here: 1_000)), [.clockNotTold]),
        Case("no marks", .replica(ReplicaFacts(kind: .ds389)), [.noStamps(.ds389)]),
        Case("behind", .replica(ReplicaFacts(kind: .activeDirectory, isSynchronized: false)), [.notSynchronized]),
        Case("marks", .replica(ReplicaFacts(kind: .openldap, stamps: ["a"])), []),
        Case("no rights", .rights(RightsFacts(kind: .ds389, writing: .no)), []),
        Case(
            "rights",
            .rights(
                RightsFacts(
                    kind: .openldap, account: "cn=x", looked: 5, passwords: [NamedCount("userPassword", 5)],
                    writing: .may(["mail"]), about: ["uid=a"], readsSettings: true)),
            [
                .readsPasswords([NamedCount("userPassword", 5)], of: 5), .mayWrite(["mail"], about: ["uid=a"]),
                .readsSettings,
            ]),
        Case(
            "unknown rights", .rights(RightsFacts(kind: .openldap, account: "cn=x", about: ["uid=a"])),
            [.writingUnknown(.openldap, account: "cn=x", about: "uid=a")]),
    ]

    @Test(arguments: reach + server + content + standing)
    func factsMean(_ example: Case) {
        #expect(StepJudgement.ailments(example.facts, at: StepJudgementTests.now) == example.ailments)
    }

    @Test func theGravestStandsFirst() {
        let step = ExaminedStep(
            .bases, ailments: [.clockNotTold, .withoutEmail(1, of: 2), .isGlobalCatalog, .noPaging])
        #expect(step.ailments == [.isGlobalCatalog, .withoutEmail(1, of: 2), .clockNotTold, .noPaging])
        #expect(step.verdict == .bad)
    }

    @Test(arguments: [
        ("2026-11-22 02:15:00 UTC", 1), ("2026-11-21 02:15:00 UTC", 0), ("2026-11-21 02:14:59 UTC", -1),
        ("2026-11-20 02:14:59 UTC", -2), ("garbage", nil), ("", nil),
    ])
    func daysAreWhole(end: String, days: Int?) {
        #expect(StepJudgementTests.certificate(end).daysLeft(at: StepJudgementTests.now) == days)
    }
}
