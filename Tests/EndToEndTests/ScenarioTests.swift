import Foundation
import Glibc
import TestSupport
import Testing

/// Stories told by the built program, compared with what was recorded.
struct ScenarioTests {
    @Test(arguments: Scenario.names())
    func goesAsRecorded(_ name: String) throws {
        var scenario = try Scenario(name)
        try RecordedFile.expect(try scenario.transcript(), at: "Tests/EndToEndTests/Scenarios/\(name).transcript")
    }

    @Test func thereAreStoriesOfEveryPart() throws { #expect(Scenario.names().count >= 60) }

    /// The plan in the README is one that the program printed, to the letter.
    @Test func theReadmeShowsWhatIsPrinted() throws {
        let blocks = try FencedBlock.all(of: "README.md").map(\.text)
        let shown = try #require(blocks.first { $0.hasPrefix("$ rollcall plan\n") })
        let printed = try Repository.text("Tests/EndToEndTests/Scenarios/readme.transcript")
        #expect(printed.hasSuffix("\n" + shown + "\n=> 0\n"))
    }

    @Test func anotherRunHoldsTheLock() throws {
        let scenario = try Scenario("locked")
        #expect(try scenario.run(["sync", "--yes"]).status == 0)
        let lock = open(scenario.path + "/state/run.lock", O_RDWR | O_CLOEXEC)
        #expect(lock >= 0 && flock(lock, LOCK_EX) == 0)
        let second = try scenario.run(["sync", "--yes"])
        // Programs that other tests start meanwhile may have the descriptor too: the lock is given up, not just closed.
        #expect(flock(lock, LOCK_UN) == 0)
        close(lock)
        #expect(second.status == 5)
        #expect(second.output.hasPrefix("error: "))
        #expect(try scenario.run(["sync", "--yes"]).status == 0)
    }

    @Test(arguments: ["abc", "", "-1", "99999999999999"]) func aClockThatIsNoNumberIsRefused(_ now: String) throws {
        let scenario = try Scenario("clock")
        let ended = try Rollcall.run(
            ["plan", "--config", "rollcall.yaml"], in: URL(fileURLWithPath: scenario.path),
            environment: ["ROLLCALL_NOW": now])
        #expect(ended.status == 64)
        #expect(ended.output.contains("`ROLLCALL_NOW`"))
    }

    @Test func planWritesNothing() throws {
        let scenario = try Scenario("dry")
        let before = try FileManager.default.subpathsOfDirectory(atPath: scenario.path).sorted()
        #expect(try scenario.run(["plan"]).status == 0)
        #expect(try scenario.run(["sync", "--dry-run"]).status == 0)
        #expect(try FileManager.default.subpathsOfDirectory(atPath: scenario.path).sorted() == before)
    }

    @Test func aQuietNightIsSilent() throws {
        let scenario = try Scenario("quiet")
        _ = try scenario.run(["sync", "--yes"])
        let second = try scenario.run(["sync", "--yes"])
        #expect(second.status == 0)
        #expect(second.output.isEmpty)
    }
}
