import DirectoryModel
import Reports

/// Examinations as a doctor would make them, of a directory that is well, of one with every ailment, and of one that cannot be reached.
enum SampleExamination {
    /// 2026-11-21 02:15 UTC.
    static let now: Int64 = 1_795_227_300
    static let access = ExaminedAccess(
        url: "ldaps://ldap1.example.org:636", bind: .simple(dn: "cn=sync,dc=example,dc=org", passwordFile: "/etc/pw"),
        caFile: "/etc/ssl/ca.pem")

    private static func step(_ step: ExaminationStep, _ facts: StepFacts, _ reads: [ExaminedRead] = []) -> ExaminedStep
    {
        ExaminedStep(step, facts: facts, ailments: StepJudgement.ailments(facts, at: now), reads: reads)
    }

    private static let server = "ldaps://ldap1.example.org:636"

    static let well: Examination = {
        let reach = [
            step(.name, .name(NameFacts(hosts: [.init(server: server, addresses: ["192.0.2.1", "2001:db8::1"])]))),
            step(
                .connection,
                .connection(ConnectionFacts(attempts: [.init(server: server, address: "192.0.2.1", milliseconds: 3)]))),
            step(
                .tls,
                .tls(
                    TLSFacts(
                        mode: .ldaps, caFile: "/etc/ssl/ca.pem",
                        certificates: [
                            .init(
                                server: server, version: "TLS1.3", subject: "ldap1", issuer: "Example authority",
                                names: ["ldap1.example.org"], notBefore: "2026-01-01 00:00:00 UTC",
                                notAfter: "2027-01-01 00:00:00 UTC", publicKey: [1, 2, 3])
                        ]))),
            step(.bind, .bind(BindFacts(server: server, account: access.bind))),
            step(
                .identity, .identity(IdentityFacts(identity: "dn:cn=sync,dc=example,dc=org", asked: access.bind)),
                [.whoAmI]),
        ]
        return Examination(
            directory: "corp", server: server, time: now, steps: reach + inside, access: access,
            proposal: DirectoryProposal(
                kind: .openldap, peopleBases: ["ou=people,dc=example,dc=org"],
                groupBases: ["ou=groups,dc=example,dc=org"], emailDomains: ["example.org"]))
    }()

    private static var inside: [ExaminedStep] {
        [
            step(
                .server,
                .server(
                    ServerFacts(
                        kind: .openldap, vendor: "OpenLDAP", mechanisms: ["EXTERNAL"],
                        capabilities: [.paging, .contentSync, .whoAmI],
                        settings: [
                            .init("attributes.id", standard: "entryUUID"),
                            .init("attributes.email", standard: "mail", value: "rfc822Mailbox"),
                            .init("page_size", standard: "none: one answer"),
                        ]))),
            step(
                .bases,
                .bases(
                    BaseFacts(
                        contexts: ["dc=example,dc=org"],
                        bases: [
                            .init(.people, "ou=people,dc=example,dc=org", .found),
                            .init(.groups, "ou=groups,dc=example,dc=org", .found),
                        ])),
                [ExaminedRead(base: "ou=people,dc=example,dc=org", scope: .base)]),
            step(
                .limits,
                .limits(
                    LimitFacts(
                        kind: .openldap, counts: [.init(entries: 1_200), .init(pageSize: 500, entries: 1_200)]))),
            step(.reading, .reading(ReadingFacts(people: 1_200, groups: 3, memberships: 2_000, milliseconds: 41))),
            step(
                .people,
                .people(
                    PeopleFacts(
                        filter: "(objectClass=inetOrgPerson)", people: 1_200,
                        domains: [NamedCount("example.org", 1_200)],
                        branches: [NamedCount("ou=people,dc=example,dc=org", 1_200)]))),
            step(
                .groups,
                .groups(
                    GroupFacts(
                        filter: "(objectClass=groupOfNames)", groups: 3, classes: [NamedCount("groupOfNames", 3)],
                        memberAttributes: [NamedCount("member", 3)], sample: 3, nesting: 1, depth: 1,
                        largest: NamedCount("cn=all,ou=groups,dc=example,dc=org", 1_199)))),
            step(
                .accounts,
                .accounts(
                    AccountFacts(
                        people: 1_200, flags: ["pwdAccountLockedTime=000001010000Z"], locked: 12,
                        lastSignIn: "authTimestamp", withLastSignIn: 1_100, newestSignIn: now - 60))),
            step(.ranges, .ranges(RangeFacts(group: NamedCount("cn=all,ou=groups,dc=example,dc=org", 1_199)))),
            step(.changes, .changes(ChangeFacts(method: "sync", kind: .openldap))),
            step(.deleted, .deleted(DeletedFacts(kind: .openldap, sight: .notKept))),
            step(
                .clock,
                .clock(ClockFacts(source: "`monitorTimestamp` of `cn=Current`", server: now + 2, here: now))),
            step(
                .replica,
                .replica(
                    ReplicaFacts(
                        kind: .openldap, stamps: ["20261121021400.000000Z#000000#001#000000"], newestChange: now - 60))),
            step(
                .rights,
                .rights(
                    RightsFacts(
                        kind: .openldap, account: "cn=sync,dc=example,dc=org", looked: 100,
                        about: ["uid=ada,ou=people,dc=example,dc=org"]))),
        ]
    }

    static let unreached: Examination = {
        let failure = PullFailure(
            kind: .unreachable, directory: "corp",
            message:
                "TLS with `ldaps://ldap1.example.org:636` failed: its certificate, or that of its authority, has expired; "
                + "the server's was valid until 2026-11-01 00:00:00 UTC", hint: "renew the server's certificate")
        let tls = TLSFacts(
            mode: .ldaps, caFile: "/etc/ssl/ca.pem",
            certificates: [
                .init(
                    server: server, subject: "ldap1", issuer: "Example authority", names: ["ldap1.example.org"],
                    notBefore: "2025-11-01 00:00:00 UTC", notAfter: "2026-11-01 00:00:00 UTC", publicKey: [1])
            ], faults: [ServerFault(server: server, cause: .tlsExpired, failure: failure, stopsRun: true)])
        let later = ExaminationStep.allCases.drop { $0 != .bind }
        return Examination(
            directory: "corp", time: now,
            steps: Array(well.steps.prefix(2)) + [step(.tls, .tls(tls))]
                + later.map { ExaminedStep($0, skippedBecause: .tls) }, access: access)
    }()

    /// What is as it should not be.
    static let found: [ExaminedStep] = [
        step(
            .reading,
            .reading(
                ReadingFacts(
                    people: 3, groups: 1, setAside: [SetAsideEntry(dn: "uid=odd,ou=people", reason: .noIdentity)]))),
        step(.deleted, .deleted(DeletedFacts(kind: .activeDirectory, sight: .seen(2)))),
        step(.deleted, .deleted(DeletedFacts(kind: .activeDirectory, sight: .none))),
        step(.deleted, .deleted(DeletedFacts(kind: .activeDirectory, sight: .refused(code: 50)))),
        step(
            .rights,
            .rights(
                RightsFacts(
                    kind: .openldap, account: "cn=sync", looked: 100, passwords: [NamedCount("userPassword", 3)],
                    writing: .may(["mail"]), about: ["uid=ada"], readsSettings: true))),
        step(.rights, .rights(RightsFacts(kind: .openldap, account: "cn=sync", looked: 100, writing: .no))),
    ]

    /// One of each.
    static let ailments: [Ailment] =
        FailureCause.allCases.map { .failed($0, failure) } + [
            .serverFails(ServerFault(server: "a", cause: .busy, failure: failure)),
            .certificateEnds(server: "a", days: 1), .passwordExpires(seconds: 90_000), .graceLogins(1),
            .isAnonymous(wasAsked: true), .isAnonymous(wasAsked: false), .identityNotTold,
            .otherKind(found: .ds389, configured: .openldap), .unknownKind, .isGlobalCatalog, .noPaging,
            .baseMissing(dn: "ou=x", branch: .groups, above: "dc=x"), .baseRefused(dn: "ou=x", code: 50, text: "no"),
            .nobodyFound(filter: "(a=b)"), .noGroupsFound(filter: "(a=b)"),
            .limited(LimitFacts.Count(entries: 1, code: 4), isOwnWay: true, .init(kind: .openldap, account: "cn=x")),
            .limited(LimitFacts.Count(entries: 1, code: 3), isOwnWay: true, .init(kind: .activeDirectory)),
            .limited(
                LimitFacts.Count(pageSize: 5, entries: 2, code: 11), isOwnWay: true,
                .init(kind: .ds389, account: "cn=x")),
            .limited(LimitFacts.Count(entries: 9, code: 4), isOwnWay: false, .init(kind: .ds389)), .countsDiffer(1, 2),
            .setAside(1), .withoutEmail(1, of: 2), .sharedEmails(3, holders: ["uid=a"]), .unclearLogins(1),
            .invalidTexts(2), .emptyGroups(1, of: 2), .groupCycles(2), .unresolvedMembers(1), .unclearStates(1, of: 2),
            .nobodyDisabled(flags: ["a=b"], of: 2), .noLastSignIn(attribute: "a"), .noLastSignIn(attribute: nil),
            .noIncremental(.noContentSync), .noIncremental(.noStamps), .noIncremental(.noChangeLog),
            .noIncremental(.changeLogHidden), .noIncremental(.otherID(wanted: "entryUUID")),
            .noIncremental(.membershipsOnPeople), .noIncremental(.notThisKind), .noIncremental(.unknown),
            .lesserIncremental(.noReplicationRight), .deletedNotSeen(.activeDirectory), .deletedRefused(code: 50),
            .clockApart(seconds: -400), .changesInFuture(seconds: 400), .clockNotTold, .notSynchronized,
            .noStamps(.openldap), .noStamps(.ds389), .readsPasswords([NamedCount("userPassword", 3)], of: 4),
            .mayWrite(["mail"], about: ["uid=a"]), .writingUnknown(.openldap, account: "cn=x", about: "uid=a"),
            .writingUnknown(.activeDirectory, account: "cn=x", about: nil), .readsSettings,
        ]

    private static let failure = PullFailure(
        kind: .unreachable, directory: "corp", message: "it did not work", hint: "try something else")
}
