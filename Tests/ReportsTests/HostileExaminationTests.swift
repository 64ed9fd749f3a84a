import DirectoryModel
import Foundation
import Reports
import TestSupport
import Testing

/// What `doctor` found, with names that try to act wherever a server, a certificate, an entry or a file can put one.
struct HostileExaminationTests {
    private static func examination(_ name: String) -> Examination {
        let found = facts(name).map { step, facts in
            ExaminedStep(step, facts: facts, reads: [ExaminedRead(base: name, filter: name, attributes: [name])])
        }
        let ailing = ExaminedStep(.rights, ailments: ailments(name))
        return Examination(
            directory: name, server: name, time: SamplePlans.night, steps: found + [ailing],
            access: ExaminedAccess(
                url: name, bind: .simple(dn: name, passwordFile: name), caFile: name, certificateFile: name,
                keyFile: name))
    }

    private static func failure(_ name: String) -> PullFailure {
        PullFailure(kind: .unreachable, directory: name, message: name, hint: name)
    }

    private static func fault(_ name: String) -> ServerFault {
        ServerFault(server: name, cause: .busy, failure: failure(name), stopsRun: true)
    }

    private static func facts(_ name: String) -> [(ExaminationStep, StepFacts)] {
        let certificate = TLSFacts.Certificate(
            server: name, version: name, subject: name, issuer: name, names: [name], notBefore: name, notAfter: name,
            publicKey: [1])
        let counted = [NamedCount(name, 2)]
        return [
            (
                .name,
                .name(
                    NameFacts(domain: name, hosts: [.init(server: name, addresses: [name])], faults: [fault(name)]))
            ),
            (
                .connection,
                .connection(
                    ConnectionFacts(
                        attempts: [.init(server: name, address: name, milliseconds: 1, reason: name)],
                        faults: [fault(name)]))
            ),
            (.tls, .tls(TLSFacts(mode: .ldaps, caFile: name, certificates: [certificate], faults: [fault(name)]))),
            (.bind, .bind(BindFacts(server: name, account: .simple(dn: name, passwordFile: name)))),
            (.identity, .identity(IdentityFacts(identity: name, asked: .simple(dn: name, passwordFile: name)))),
            (
                .server,
                .server(
                    ServerFacts(
                        kind: .openldap, vendor: name, mechanisms: [name],
                        settings: [.init(name, standard: name, value: name + name)]))
            ),
            (
                .bases,
                .bases(
                    BaseFacts(
                        contexts: [name], domain: .init(context: name, host: name, securityID: name),
                        bases: [
                            .init(.people, name, .found), .init(.groups, name, .missing(above: name)),
                            .init(.groups, name, .refused(code: 50, text: name)),
                        ]))
            ),
            (
                .limits,
                .limits(
                    LimitFacts(
                        kind: .openldap, account: name, counts: [.init(entries: 1, code: 4, text: name)],
                        policy: [name]))
            ),
            (
                .reading,
                .reading(ReadingFacts(people: 1, groups: 1, setAside: [SetAsideEntry(dn: name, reason: .noIdentity)]))
            ),
            (
                .people,
                .people(
                    PeopleFacts(
                        filter: name, people: 2, sharingEmail: 2, sharers: [name], domains: counted, branches: counted))
            ),
            (
                .groups,
                .groups(
                    GroupFacts(
                        filter: name, groups: 2, classes: counted, memberAttributes: counted, sample: 2,
                        largest: NamedCount(name, 2)))
            ),
            (.accounts, .accounts(AccountFacts(people: 2, flags: [name], expires: name, lastSignIn: name))),
            (.ranges, .ranges(RangeFacts(group: NamedCount(name, 2), attribute: name, partSize: 1))),
            (.changes, .changes(ChangeFacts(method: name, kind: .openldap))),
            (.clock, .clock(ClockFacts(source: name, server: 1, here: 1))),
            (.replica, .replica(ReplicaFacts(kind: .openldap, stamps: [name]))),
            (
                .rights,
                .rights(
                    RightsFacts(
                        kind: .openldap, account: name, looked: 2, passwords: counted, writing: .may([name]),
                        about: [name]))
            ),
        ]
    }

    /// One of each that says something that it was told.
    private static func ailments(_ name: String) -> [Ailment] {
        FailureCause.allCases.map { .failed($0, failure(name)) } + [
            .serverFails(fault(name)), .certificateEnds(server: name, days: 1),
            .baseMissing(dn: name, branch: .groups, above: name), .baseRefused(dn: name, code: 50, text: name),
            .nobodyFound(filter: name), .noGroupsFound(filter: name),
            .limited(.init(entries: 1, code: 4, text: name), isOwnWay: true, .init(kind: .openldap, account: name)),
            .limited(
                .init(pageSize: 1, entries: 1, code: 4, text: name), isOwnWay: false,
                .init(kind: .ds389, account: name)), .sharedEmails(2, holders: [name]),
            .nobodyDisabled(flags: [name], of: 2), .noLastSignIn(attribute: name),
            .readsPasswords([NamedCount(name, 2)], of: 2), .mayWrite([name], about: [name]),
            .writingUnknown(.openldap, account: name, about: name),
        ]
    }

    private static func report(_ name: String) -> ExaminationReport {
        ExaminationReport([examination(name)], starters: ["- name: \(name)"], exitStatus: 69)
    }

    @Test(arguments: HostileNames.all)
    func examinationIsPrintable(_ name: String) {
        PrintableText.expect(ExaminationText.bytes(Self.report(name)))
        PrintableText.expect(ExaminationJSON.bytes(Self.report(name)))
    }
}
