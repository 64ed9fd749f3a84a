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

    @Test(arguments: ["2", "yes", "", "01", "1 "])
    func aWrongNumberSuspendsNobody(_ typed: String) throws {
        let scenario = try companyWithALeaver()
        let ended = try answer(typed, scenario)
        #expect(ended.output.contains("This suspends 1 person."))
        #expect(ended.output.contains("Nothing has been written."))
        #expect(ended.status == 0)
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
}
