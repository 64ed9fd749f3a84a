import Testing

/// Where standard error is the service manager's own stream, lines say how grave they are; elsewhere they are as people read them.
struct JournalLinesTests {
    /// Hands the program the name of its own standard error as systemd does.
    private static let stream = [
        "/bin/sh", "-c", "JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) exec \"$0\" \"$@\"",
    ]

    private func site() throws -> Site { try Site(ldif: Array(Company.firstNight(12).utf8)) }

    @Test func aNightThatWentWellLeavesOneLine() throws {
        var site = try site()
        #expect(try site.run(["sync", "--yes"]).status == 0)
        site.hour = 24
        let ended = try site.run(["sync", "--yes"], through: Self.stream)
        #expect(ended.status == 0)
        #expect(ended.message == "<5>run 2: desk: nothing to do\n")
    }

    @Test func aFailureIsAnErrorInEachOfItsLines() throws {
        let site = try site()
        #expect(try site.run(["sync", "--yes"]).status == 0)
        try site.write(Array("nonsense\n".utf8), to: "people.ldif")
        let ended = try site.run(["sync", "--yes"], through: Self.stream)
        #expect(ended.status != 0)
        let lines = ended.message.split(separator: "\n")
        #expect(lines.count > 1 && lines.allSatisfy { $0.hasPrefix("<3>") }, "\(ended.message)")
    }

    /// A variable that was only inherited: mails of cron have no marks in them.
    @Test func anotherProgramsStreamMeansNothing() throws {
        let site = try site()
        try site.write(Array("nonsense\n".utf8), to: "people.ldif")
        let ended = try site.run(["sync", "--yes"], through: ["/usr/bin/env", "JOURNAL_STREAM=1:2"])
        #expect(ended.message.hasPrefix("error: "), "\(ended.message)")
    }
}
