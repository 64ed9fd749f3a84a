import DirectoryModel
import Glibc
import LDAPClient
import TestSupport
import Testing

@testable import DirectorySources

/// What only files can get wrong.
struct LDIFSourceTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private static let company =
        SampleCompany.frame + SampleCompany.people(3)
        + SampleCompany.group("g", number: 1, members: [SampleCompany.personDN("p0")])

    private func source(_ text: String, _ settings: SourceSettings? = nil) throws -> LDIFSource {
        LDIFSource(try settings ?? SampleSources.settings(), path: try directory.write(text, to: "people.ldif"))
    }

    @Test func missingFileIsNamed() throws {
        let source = LDIFSource(try SampleSources.settings(), path: "/nonexistent/people.ldif")
        let failure = try source.failedPull()
        #expect(failure.kind == .missingFile)
        #expect(failure.message == "cannot read `/nonexistent/people.ldif`: no such file or directory")
    }

    /// A file has more than people; only they are counted as such.
    @Test func progressCountsPeople() throws {
        var told: [PullProgress] = []
        guard
            case .complete(let pull) = try source(LDIFSourceTests.company)
                .pull(PullRequest(), progress: { told.append($0) })
        else {
            Issue.record("failed")
            return
        }
        #expect(pull.mirror.people.count == 3)
        #expect(told.last == PullProgress(stage: .people, entries: 3))
    }

    @Test func errorsHaveTheirLine() throws {
        let failure = try source(LDIFSourceTests.company + "dn: cn=x\nchangetype: delete\n").failedPull()
        #expect(failure.kind == .badData)
        let line = LDIFSourceTests.company.utf8.filter { $0 == 10 }.count + 2
        #expect(failure.message.hasSuffix("people.ldif:\(line): a change record, where only entries are expected"))
    }

    /// The company's file without its last bytes, and what then follows.
    @Test(arguments: [
        (3, ""), (2, ""), (30, ""), (40, ""), (26, "\n"), (27, "\n"), (32, "\n"), (33, "\n"), (36, "\n\n"),
    ])
    func fileCutOffWithinALineIsNoticed(bytes: Int, end: String) throws {
        let company = LDIFSourceTests.company
        let failure = try source(String(company.dropLast(bytes)) + end).failedPull()
        #expect(failure.kind == .badData)
        let line = company.utf8.filter { $0 == 10 }.count - 1
        #expect(failure.message.contains("people.ldif:\(line): "), "\(failure.message)")
        #expect(failure.hint.contains("looks cut off"))
    }

    @Test func fileCutOffWithoutItsLastNewlineIsNoticed() throws {
        let whole = String(LDIFSourceTests.company.dropLast(1))
        #expect(try source(whole).completePull().mirror.people.count == 3)
        #expect(try source(String(whole.dropLast(1))).failedPull().kind == .badData)
    }

    @Test func whatIsNoRegularFileIsNamed() throws {
        let path = try directory.write("", to: "pipe")
        #expect(unlink(path) == 0 && mkfifo(path, 0o600) == 0)
        let failure = LDIFSource(try SampleSources.settings(), path: path)
        #expect(try failure.failedPull().message.hasSuffix("it is not a regular file"))
    }

    @Test func fileThatChangesWhileItIsReadIsIncomplete() throws {
        let path = try directory.write(LDIFSourceTests.company, to: "people.ldif")
        #expect(throws: SourceFile.Failure.self) {
            try SourceFile.read(path) {
                let file = open(path, O_WRONLY | O_APPEND)
                _ = write(file, "\n", 1)
                close(file)
            }
        }
        #expect(try SourceFile.read(path).count == LDIFSourceTests.company.utf8.count + 1)
    }

    @Test func baseThatDoesNotOccurIsIncomplete() throws {
        let settings = try SampleSources.settings(peopleBase: "ou=peple,dc=example,dc=org")
        #expect(try source(LDIFSourceTests.company, settings).failedPull().kind == .incomplete)
    }

    @Test func truncatedExportIsNoticedByASentinel() throws {
        let settings = try SampleSources.settings(sentinels: [1])
        let half =
            SampleCompany.frame + SampleCompany.people(3)
            + SampleCompany.group("other", number: 2, members: [SampleCompany.personDN("p0")])
        #expect(try source(half, settings).failedPull().message.contains("sentinel"))
    }

    @Test func sameEntryTwiceIsIncomplete() throws {
        let twice = LDIFSourceTests.company + SampleCompany.person("P1", number: 77)
        #expect(try source(twice).failedPull().message.hasPrefix("two entries have the DN"))
    }

    @Test func entriesWithAwkwardNamesAndValuesAreKeptToTheByte() throws {
        let odd =
            SampleCompany.frame + """
                dn: uid=odd,ou=people,dc=example,dc=org
                objectClass: inetOrgPerson
                uid:: b2Rk/w==
                cn:: G1sySg==
                sn: x
                mail:: YQpiQGV4YW1wbGUub3Jn
                entryUUID: \(SampleCompany.id(6))

                dn: uid=,ou=people,dc=example,dc=org,
                objectClass: inetOrgPerson
                uid: broken
                mail: broken@example.org
                entryUUID: \(SampleCompany.id(7))


                """
            + SampleCompany.group("g", number: 1, members: ["not a name", "uid=odd,ou=people,dc=example,dc=org"])
        let pull = try source(odd).completePull()
        #expect(pull.mirror.people.count == 1)
        #expect(pull.setAside == [SetAsideEntry(dn: "uid=,ou=people,dc=example,dc=org,", reason: .unparsableDN)])
        #expect(pull.mirror.people[0].problems == [.invalidText, .controlCharacter])
        #expect(pull.mirror.record(0).values(.login) == [[0x6f, 0x64, 0x64, 0xff]])
        #expect(pull.mirror.groups[0].unresolvedMembers == 1)
    }

    @Test func hugeValuesAreLeftOutAndNoted() throws {
        let big =
            SampleCompany.frame
            + SampleCompany.person("big", number: 8, more: ["title: " + String(repeating: "x", count: 100_000)])
            + SampleCompany.group("g", number: 1, members: [SampleCompany.personDN("big")])
        let pull = try source(big).completePull(PullRequest(attributes: ["title"]))
        #expect(pull.mirror.people[0].problems == [.tooLarge])
        #expect(pull.mirror.record(0).values(.attribute(0)).isEmpty)
    }

    @Test func classesIncludeTheirSuperclasses() throws {
        let settings = try SampleSources.settings(
            filter: "(&(objectClass=person)(|(uid=p0)(uid=*2)(mail=P1@EXAMPLE.org)))")
        #expect(try source(LDIFSourceTests.company, settings).completePull().mirror.people.count == 3)
    }

    @Test func filterThatNeedsAServerIsRefused() throws {
        let settings = try SampleSources.settings(filter: "(uid:caseExactMatch:=p0)")
        #expect(try source(LDIFSourceTests.company, settings).failedPull().kind == .badData)
    }

    @Test func basesWithinBasesAreReadOnce() throws {
        var settings = try SampleSources.settings()
        settings.people.bases = ["ou=people,dc=example,dc=org", "OU=People, dc=example,dc=org", "dc=example,dc=org"]
        #expect(try source(LDIFSourceTests.company, settings).completePull().mirror.people.count == 3)
    }
}
