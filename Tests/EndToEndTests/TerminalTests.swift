import Foundation
import TestSupport
import Testing

/// What the program asks somebody at a terminal, and what it makes of the answers.
struct TerminalTests {
    /// A company after its first night, with one person disabled since.
    private func companyWithALeaver() throws -> Scenario {
        let scenario = try Scenario("terminal")
        #expect(try scenario.run(["sync", "--yes"]).status == 0)
        try scenario.edit("add", ["people.ldif", "uid=ben", "employeeType: disabled"])
        return scenario
    }

    private func answer(_ answer: String, _ scenario: Scenario) throws -> Rollcall.Ended {
        try TerminalSession.run(
            ["sync", "--config", "rollcall.yaml"], in: URL(fileURLWithPath: scenario.path),
            environment: ["ROLLCALL_NOW": "1795313700"],
            answering: [("Type 1 to apply, anything else to stop:", answer)])
    }

    @Test func whoeverWatchesIsToldHowFarTheReadingIs() throws {
        let site = try Site(ldif: Array(Company.firstNight(40).utf8))
        _ = try site.prepare()
        try site.write(Array(Company.firstNight(12).utf8), to: "people.ldif")
        let shown = try TerminalSession.run(
            ["plan", "--config", "rollcall.yaml"], in: site.folder.url,
            environment: ["ROLLCALL_NOW": "\(Site.firstNight + 3_600)"], answering: []
        ).output
        #expect(shown.contains("reading people of corp: 12 of about 40"), "\(shown)")
    }

    /// What a terminal says of its width, and what its variables say, which goes before.
    static let narrow: [(columns: UInt16, environment: [String: String])] = [(100, [:]), (200, ["COLUMNS": "100"])]

    @Test(arguments: narrow)
    func listsHeedTheWidthOfTheTerminal(columns: UInt16, environment: [String: String]) throws {
        let scenario = try Scenario("terminal")
        #expect(try scenario.run(["sync", "--yes"]).status == 0)
        func shown(_ more: [String]) throws -> [Substring] {
            try TerminalSession.run(
                ["groups", "--config", "rollcall.yaml"] + more, in: URL(fileURLWithPath: scenario.path),
                environment: environment, columns: columns, answering: []
            ).output.split(separator: "\n")
        }
        let lines = try shown([])
        #expect(lines.allSatisfy { $0.count <= 100 }, "\(lines)")
        #expect(lines.contains { $0.contains("…") }, "\(lines)")
        #expect(lines.last?.hasSuffix("cut at `…`; --all shows them") == true)
        let whole = try shown(["--all"])
        #expect(whole.contains { $0.count > 100 } && !whole.contains { $0.contains("…") })
        let piped = try Rollcall.run(
            ["groups", "--config", "rollcall.yaml"], in: URL(fileURLWithPath: scenario.path), environment: environment)
        #expect(piped.output.split(separator: "\n") == whole)
    }

    @Test(arguments: ["2", "yes", "", "01", "1 "])
    func aWrongNumberSuspendsNobody(_ typed: String) throws {
        let scenario = try companyWithALeaver()
        let ended = try answer(typed, scenario)
        #expect(ended.output.contains("This suspends 1 person."))
        #expect(ended.output.contains("Nothing has been written."))
        #expect(ended.status == 1)
        #expect(!(try scenario.run(["users"]).output.contains("suspended")))
        #expect(!(try scenario.run(["runs"]).output.contains("1 suspended")))
    }

    @Test func theRightNumberSuspends() throws {
        let scenario = try companyWithALeaver()
        let ended = try answer("1", scenario)
        #expect(ended.status == 0)
        #expect(ended.output.contains("Run 2: desk: 1 suspended"))
        #expect(try scenario.run(["users"]).output.contains("suspended"))
    }

    /// Who asks holds the lock: a terminal that somebody forgot must not keep a night waiting.
    @Test func aQuestionThatNobodyAnswersIsDeclined() throws {
        let scenario = try companyWithALeaver()
        let ended = try TerminalSession.run(
            ["sync", "--config", "rollcall.yaml"], in: URL(fileURLWithPath: scenario.path),
            environment: ["ROLLCALL_NOW": "1795313700", "ROLLCALL_ANSWER_WITHIN": "0"], answering: [])
        #expect(ended.output.contains("no answer within 0 seconds"))
        #expect(ended.output.contains("Nothing has been written."))
        #expect(ended.status == 1)
        #expect(!(try scenario.run(["users"]).output.contains("suspended")))
    }

    @Test func aPromptSaysHowLongItWaits() throws {
        let ended = try answer("1", companyWithALeaver())
        #expect(ended.output.contains("Without an answer within 10 minutes nothing is done."))
    }

    /// Somebody sits there and could not be shown what they would agree to.
    @Test(arguments: [
        ["sync"], ["undo", "1", "--reason", "oops"], ["suspend", "--from", "list.csv", "--reason", "x"],
    ])
    func whatIsNotShownOnTheTerminalIsNotAppliedUnasked(command: [String]) throws {
        let scenario = try companyWithALeaver()
        try scenario.edit("write", ["list.csv", "cem@small.example\n"])
        func run(_ more: [String]) throws -> Rollcall.Ended {
            try TerminalSession.run(
                command + ["--format", "json", "--config", "rollcall.yaml"] + more,
                in: URL(fileURLWithPath: scenario.path), environment: ["ROLLCALL_NOW": "1795313700"], answering: [])
        }
        let refused = try run([])
        #expect(refused.status == 64)
        #expect(refused.output.contains("nobody at this terminal can be asked about it"))
        #expect(try scenario.run(["runs"]).output.contains("1 run\n"))
        #expect(try run(["--yes"]).status == 0)
        #expect(try scenario.run(["runs"]).output.contains("2 runs\n"))
    }

    /// The number to type is that of the people who are shown.
    @Test(arguments: [("2", 0), ("1", 1)]) func theSuspendedCountAmongThoseInAList(typed: String, status: Int32) throws
    {
        let scenario = try companyWithALeaver()
        #expect(try scenario.run(["sync", "--yes"]).status == 0)
        try scenario.edit("write", ["list.csv", "ben@small.example\ncem@small.example\n"])
        let ended = try TerminalSession.run(
            ["suspend", "--from", "list.csv", "--reason", "stolen", "--config", "rollcall.yaml"],
            in: URL(fileURLWithPath: scenario.path), environment: ["ROLLCALL_NOW": "1795227300"],
            answering: [("to apply, anything else to stop:", typed)])
        #expect(
            ended.output.contains("- ben@small.example  (is suspended already, and stays so until somebody resumes)"))
        #expect(ended.output.contains("This suspends 2 people."))
        #expect(ended.output.contains("desk: 2 people are suspended") == (status == 0))
        #expect(ended.status == status)
    }
}
