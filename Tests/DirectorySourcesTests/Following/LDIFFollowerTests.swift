import DirectoryModel
import TestSupport
import Testing

@testable import DirectorySources

/// Following a file.
struct LDIFFollowerTests {
    private let folder: TemporaryDirectory
    private let follower: LDIFFollower

    init() throws {
        folder = try TemporaryDirectory()
        follower = LDIFFollower(
            try SampleSources.settings(
                filter: "(objectClass=inetOrgPerson)",
                disabled: DisabledWhen(attribute: "employeeType", equals: "disabled")),
            path: folder.path("people.ldif"))
    }

    private func write(disabled: Set<Int>) throws {
        let people = (0..<5).map { number in
            SampleCompany.person(
                "p\(number)", number: 1000 + number, more: disabled.contains(number) ? ["employeeType: disabled"] : [])
        }
        let groups = SampleCompany.group("support", number: 1, members: [SampleCompany.personDN("p0")])
        try folder.write(SampleCompany.frame + people.joined() + groups, to: "people.ldif")
    }

    private func id(_ login: Int) throws -> ImmutableID {
        try #require(ImmutableID(text: SampleCompany.id(1000 + login)))
    }

    private func watch() -> FollowerNews { follower.watch(for: .milliseconds(1), now: 0) }

    @Test func newFileIsReadOnce() throws {
        try write(disabled: [2])
        #expect(follower.start(since: nil) == .following)
        #expect(watch() == .disabled([try id(2)]))
        #expect(watch() == .quiet)
        try write(disabled: [2, 3])
        #expect(watch() == .disabled([try id(2), try id(3)]))
        try write(disabled: [])
        #expect(watch() == .quiet)
    }

    /// What counts is the file at the moment of acting.
    @Test func readingTakesTheFileAsItIs() throws {
        try write(disabled: [2])
        #expect(watch() == .disabled([try id(2)]))
        #expect(try follower.read([id(1), id(2)], now: 0) == [try id(1): .enabled, try id(2): .disabledByAttribute])
        try write(disabled: [1, 4])
        #expect(try follower.read([id(1), id(2)], now: 0) == [try id(1): .disabledByAttribute, try id(2): .enabled])
    }

    @Test func fileThatIsBrokenOrGoneTellsNobody() throws {
        try folder.write("dn: nothing\nfoo\n", to: "people.ldif")
        guard case .lost(let failure) = watch() else { return #expect(Bool(false), "it was believed") }
        #expect(failure.kind == .badData)
        #expect(throws: PullFailure.self) { try follower.read([id(1)], now: 0) }
    }
}
