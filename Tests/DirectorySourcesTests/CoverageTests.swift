import DirectoryModel
import TestSupport
import Testing

@testable import DirectorySources

/// What was shown at the last run and is hidden now is noticed; what a human accepts is taken as it is.
struct CoverageTests {
    private static let night = 1_795_227_300 as Int64

    /// A thousand people, of whom so many have each of these attributes; a hundred are under another base.
    struct Company: Sendable {
        var mails = 1_000
        var departments = 1_000
        var teams = 300
        var locked = 0
        var contractors = 100
        var groups = 20

        var ldif: String {
            let branch = "dn: ou=contractors,dc=example,dc=org\nobjectClass: organizationalUnit\nou: contractors\n\n"
            let people = (0..<1_000).map { number -> String in
                var text = SampleCompany.person("p\(number)", number: 1_000 + number)
                if number >= mails { text = text.replacing("mail: p\(number)@example.org\n", with: "") }
                var more = number < departments ? "departmentNumber: 7\n" : ""
                if number < teams { more += "employeeType: x\n" }
                if number < locked { more += "pwdAccountLockedTime: 000001010000Z\n" }
                return text.replacing("sn: ", with: more + "sn: ")
            }
            let others = (0..<contractors).map {
                SampleCompany.person("c\($0)", number: 5_000 + $0).replacing(",ou=people,", with: ",ou=contractors,")
            }
            let crews = (0..<groups).map {
                SampleCompany.group("g\($0)", number: $0, members: [SampleCompany.personDN("p\($0)")])
            }
            let boards = SampleCompany.group("board", number: 900, members: [SampleCompany.personDN("p0")])
                .replacing(",ou=groups,", with: ",ou=contractors,")
            return SampleCompany.frame + branch + people.joined() + others.joined() + crews.joined() + boards
        }

        func source(_ directory: TemporaryDirectory) throws -> LDIFSource {
            let settings = SourceSettings(
                name: "corp",
                people: BranchSettings(bases: ["ou=people,dc=example,dc=org", "ou=contractors,dc=example,dc=org"]),
                groups: BranchSettings(bases: ["ou=groups,dc=example,dc=org", "ou=contractors,dc=example,dc=org"]))
            return LDIFSource(settings, path: try directory.write(ldif, to: "people.ldif"))
        }
    }

    private static func request(_ last: DirectoryStamp? = nil) -> PullRequest {
        PullRequest(attributes: ["departmentnumber", "employeetype"], lastStamp: last, now: night)
    }

    /// A change of the company, and what is said of it; nil where nothing is.
    struct Change: Sendable, CustomTestStringConvertible {
        var before = Company()
        var after: Company
        var message: String?

        var testDescription: String { message ?? "\(after)" }
    }

    private static func empty(_ nothing: String, _ base: String, _ before: Int) -> String {
        "\(nothing) was found under `ou=\(base),dc=example,dc=org`; when everything was last read there were \(before)"
    }

    static let changes = [
        Change(after: Company(departments: 989)),
        Change(
            after: Company(departments: 980),
            message: "`departmentnumber` shows on 980 of 1100 people; at the last run it showed on 1000 of 1100"),
        // Of what only some have, the share goes up and down by itself: that is for the limits.
        Change(after: Company(teams: 200)),
        Change(before: Company(locked: 12), after: Company(locked: 1)),
        Change(
            before: Company(locked: 12), after: Company(),
            message: "`pwdAccountLockedTime` shows on 0 of 1100 people; at the last run it showed on 12 of 1100"),
        Change(before: Company(locked: 9), after: Company()),
        Change(after: Company(contractors: 1)),
        Change(
            after: Company(contractors: 0),
            message: empty("nobody", "contractors", 100)),
        Change(
            before: Company(contractors: 1), after: Company(contractors: 0),
            message: empty("nobody", "contractors", 1)),
        Change(before: Company(contractors: 0), after: Company(contractors: 0)),
        Change(after: Company(groups: 1)),
        Change(
            after: Company(groups: 0),
            message: empty("no group", "groups", 20)),
        Change(
            before: Company(groups: 1), after: Company(groups: 0),
            message: empty("no group", "groups", 1)),
    ]

    @Test(arguments: changes) func whatIsHiddenIsNoticedAndMayBeAccepted(_ change: Change) throws {
        let directory = try TemporaryDirectory()
        var before = change.before
        // Nine tenths of the people show what nearly everybody does.
        before.departments = 1_000
        let last = try before.source(directory).completePull(Self.request()).stamp
        var request = Self.request(last)
        let source = try change.after.source(directory)
        guard let message = change.message else {
            _ = try source.completePull(request)
            return
        }
        let failure = try source.failedPull(request)
        #expect(failure.kind == .incomplete)
        #expect(failure.message == message)
        #expect(failure.hint.contains("`rollcall sync --accept-directory corp` goes on with what it has"))
        request.acceptsStanding = true
        let accepted = try source.completePull(request).stamp
        // From then on that is what the next run is held to.
        _ = try source.completePull(Self.request(accepted))
    }

    /// The same over LDAP.
    @Test func whatStandsUnderEachBaseIsCounted() throws {
        let groups = (0..<4).map { SampleCompany.group("g\($0)", number: $0, members: [SampleCompany.personDN("p0")]) }
        let slapd = try SlapdFixture(ldif: SampleCompany.frame + SampleCompany.people(7) + groups.joined())
        let stamp = try SampleSources.ldap([slapd.url], try SampleSources.settings()).completePull(Self.request()).stamp
        #expect(stamp.changeStamps.contains("people=7:ou=people,dc=example,dc=org"))
        #expect(stamp.changeStamps.contains("groups=4:ou=groups,dc=example,dc=org"))
    }

    @Test func whoIsLookedForElsewhereIsComparedWithNothing() throws {
        let directory = try TemporaryDirectory()
        var last = try Company().source(directory).completePull(Self.request()).stamp
        last.changeStamps.removeAll { $0.hasPrefix("scope=") }
        _ = try Company(contractors: 0).source(directory).completePull(Self.request(last))
    }

    /// Of 1,000 people, of whom 990 had a mail at the last run.
    @Test(arguments: [(990, false), (980, false), (979, true), (500, true), (1_000, false)])
    func attributeThatFewerPeopleShowIsNoticed(count: Int, isNoticed: Bool) throws {
        let directory = try TemporaryDirectory()
        func source(_ mails: Int) throws -> LDIFSource {
            let people = (0..<1_000).map {
                let text = SampleCompany.person("p\($0)", number: 1_000 + $0)
                return $0 < mails ? text : text.replacing("mail: p\($0)@example.org\n", with: "")
            }
            let path = try directory.write(SampleCompany.frame + people.joined(), to: "people.ldif")
            return LDIFSource(try SampleSources.settings(groupBases: []), path: path)
        }
        let last = try source(990).completePull().stamp
        #expect(last.changeStamps.contains("shown=mail:990/1000"))
        var request = PullRequest(lastStamp: last)
        guard isNoticed else {
            _ = try source(count).completePull(request)
            return
        }
        let failure = try source(count).failedPull(request)
        #expect(failure.message == "`mail` shows on \(count) of 1000 people; at the last run it showed on 990 of 1000")
        request.lastStamp?.changeStamps.removeAll { $0.hasPrefix("scope=") }
        _ = try source(count).completePull(request)
    }
}
