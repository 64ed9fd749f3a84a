import DirectoryModel
import Foundation
import Reconciliation
import Reports
import Testing

@testable import SyncAgent

/// A program is told of nights that need somebody; what goes wrong with it changes nothing about the night.
struct NoticeTests {
    /// A company whose program copies what it gets into `told`, with the variables before it.
    private func company(_ script: String? = nil, _ more: String = "") throws -> SmallCompany {
        let company = try SmallCompany()
        let standard = "{ echo \"$ROLLCALL_OCCASION $ROLLCALL_RUN $ROLLCALL_EXIT_STATUS\"; cat; } >> \"$1\"\n"
        let path = try company.directory.write("tell.sh", script ?? standard)
        company.config = "notify: {command: [/bin/sh, \"\(path)\", \"\(company.directory.path("told"))\"]\(more)}"
        return company
    }

    private func told(_ company: SmallCompany) -> String { (try? company.directory.text("told")) ?? "" }

    private func hold(_ company: SmallCompany) throws {
        try company.sync()
        company.sleep()
        company.disabled = Set(company.people.prefix(15))
        #expect(try company.sync().status == .held)
    }

    @Test func aHoldIsToldWithTheReport() throws {
        let company = try company()
        try hold(company)
        #expect(told(company) == "held 2 3\nrun 2\n")
        #expect(company.warned == [])
    }

    /// Nothing is held on a target that is only observed, so there is nothing that anybody could approve.
    @Test func whatAnObservedTargetWouldHoldIsNot() throws {
        let company = try company()
        try company.sync()
        company.sleep()
        company.mode = "observe"
        company.disabled = Set(company.people.prefix(15))
        let result = try company.sync()
        #expect(result.plans[0].holds.count == 1 && result.status == .done)
        #expect(told(company) == "")
        let report = PlanReport(stage: .applied, run: 2, time: company.now, version: "", plans: result.plans)
        #expect(!NightMessage(report, reports: []).isNeeded)
    }

    @Test func aQuietNightIsNot() throws {
        let company = try company()
        try company.sync()
        company.sleep()
        try company.sync()
        #expect(told(company) == "")
    }

    @Test func aFailureIsToldOnceForAllAttemptsOfANight() throws {
        let company = try company()
        try company.sync()
        company.pullFailure = PullFailure(kind: .unreachable, directory: "corp", message: "it hung up", hint: "")
        for _ in 0..<3 {
            company.sleep(hours: 1)
            #expect(throws: AgentFailure.self) { try company.sync() }
        }
        #expect(told(company) == "failed  69\nrun 0\n")
        company.sleep(hours: 20)
        #expect(throws: AgentFailure.self) { try company.sync() }
        #expect(told(company) == "failed  69\nrun 0\nfailed  69\nrun 0\n")
        company.pullFailure = nil
        company.sleep(hours: 1)
        try company.sync()
        company.pullFailure = PullFailure(kind: .unreachable, directory: "corp", message: "it hung up", hint: "")
        company.sleep(hours: 1)
        #expect(throws: AgentFailure.self) { try company.sync() }
        #expect(told(company).components(separatedBy: "failed").count == 4)
    }

    /// Even a night that did not begin, since a file has an error.
    @Test func filesWithErrorsAreToldToo() throws {
        let company = try company()
        try company.sync()
        company.sleep()
        try company.directory.write("mapping.yaml", "version: 1\nplatfrom: tenant\n")
        #expect(throws: AgentFailure.self) { try company.sync() }
        #expect(told(company).hasPrefix("failed  65\n"))
    }

    @Test func anotherRunAtWorkIsNoFailure() throws {
        let company = try company()
        try company.sync()
        let lock = try RunLock.acquire(in: OpenDirectory.open(company.directory.path("state")), holder: "me")
        #expect(throws: AgentFailure.self) { try company.sync() }
        lock.release()
        #expect(told(company) == "")
    }

    @Test func newFindingsAreToldWhereTheyAreWanted() throws {
        let company = try company(nil, ", on: [findings]")
        try company.sync()
        #expect(told(company).hasPrefix("findings 1 0\n"))
        company.sleep()
        try company.sync()
        #expect(told(company).components(separatedBy: "findings").count == 2)
    }

    @Test(arguments: [
        ("cat > /dev/null; echo oops >&2; exit 3\n", "the program ended with exit code 3; it printed: oops"),
        ("kill -9 $$\n", "the program was ended by signal 9"),
        ("sleep 60\n", "the program did not end within its `timeout`, and was ended"),
    ])
    func whatGoesWrongIsSaidAndChangesNothing(_ script: String, _ words: String) throws {
        let company = try company(script, ", timeout: 1s")
        try hold(company)
        #expect(company.warned == ["nobody was told of the run through `notify`: \(words)"])
        #expect(try company.runs().first?.outcome == .held)
    }

    @Test func aProgramThatIsNotThereIsSaid() throws {
        let company = try SmallCompany()
        company.config = "notify: {command: [./nothing.sh]}"
        try hold(company)
        #expect(company.warned.count == 1 && company.warned[0].contains("cannot run `"), "\(company.warned)")
    }

    // MARK: The program

    private func send(_ script: String, _ bytes: [UInt8] = [], seconds: Int64 = 20) -> NoticeCommand.Failure? {
        do throws(NoticeCommand.Failure) {
            try NoticeCommand(arguments: ["/bin/sh", "-c", script], seconds: seconds).send(bytes)
            return nil
        } catch {
            return error
        }
    }

    /// More than a pipe holds goes both ways at once.
    @Test func muchGoesInWhileMuchComesOut() {
        let bytes = [UInt8](repeating: 0x61, count: 3 << 20)
        #expect(send("tee /dev/stderr; exit 4", bytes)?.output == String(repeating: "a", count: 4_096))
        #expect(send("test $(wc -c) -eq \(bytes.count)", bytes) == nil)
    }

    @Test func whatIsLeftUnreadIsNoFailure() {
        #expect(send("head -c 10 > /dev/null", [UInt8](repeating: 0x61, count: 1 << 20)) == nil)
    }

    @Test func aProgramThatClosesItsOutputIsWaitedFor() {
        #expect(send("exec > /dev/null 2>&1; sleep 0.2; exit 0", [0x61]) == nil)
    }

    @Test func whatItLeavesRunningHoldsNothingUp() {
        #expect(send("sleep 300 & exit 0") == nil)
    }
}
