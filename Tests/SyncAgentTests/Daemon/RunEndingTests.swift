import DirectoryModel
import Testing

@testable import SyncAgent

/// What the end of a run means for the daemon, where directories could not be read.
struct RunEndingTests {
    private func failure(_ kind: PullFailure.Kind, of directory: String) -> PullFailure {
        PullFailure(kind: kind, directory: directory, message: "it broke", hint: "mend it")
    }

    /// The ending of a night on which each of two directories failed in a way; nil for one that is read.
    private func ending(corp: PullFailure.Kind?, contractors: PullFailure.Kind?) throws -> DaemonState.Ending {
        let company = try SmallCompany.withContractors()
        try company.sync()
        company.sleep()
        company.failures["corp"] = corp.map { failure($0, of: "corp") }
        company.failures["contractors"] = contractors.map { failure($0, of: "contractors") }
        do { return DaemonState.Ending(try company.sync()) } catch let failure as AgentFailure {
            return DaemonState.Ending(failure)
        }
    }

    @Test func refusedDirectoryBesideOneThatIsReadIsNotTriedAgain() throws {
        #expect(try ending(corp: .refused, contractors: nil) == .settled)
        #expect(try ending(corp: nil, contractors: .refused) == .settled)
        #expect(try ending(corp: nil, contractors: .unreachable) == .unread)
        #expect(try ending(corp: nil, contractors: nil) == .settled)
    }

    @Test func whereNoneIsReadOneThatMayPassIsTriedAgain() throws {
        #expect(try ending(corp: .refused, contractors: .refused) == .refused)
        #expect(try ending(corp: .refused, contractors: .unreachable) == .unread)
        #expect(try ending(corp: .unreachable, contractors: .refused) == .unread)
        #expect(try ending(corp: .badConfiguration, contractors: .refused) == .refused)
        #expect(try ending(corp: .badConfiguration, contractors: .missingFile) == .settled)
    }
}
