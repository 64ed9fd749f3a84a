import Reconciliation
import Testing

@testable import SyncAgent

/// What a file beside the roster says about its last run, and about a roster that a human accepts.
struct WitnessTests {
    private static func head(_ run: Int64, _ letter: String) -> AuditHead {
        AuditHead(run: run, hash: String(repeating: letter, count: 64))
    }

    private static func chain(_ heads: [AuditHead]) -> RosterChain {
        RosterChain(
            head: { heads.last }, hash: { run in heads.first { $0.run == run }?.hash }, accept: { _ in })
    }

    @Test func anAcceptanceThatWasKilledAfterItsRecordCounts() throws {
        let directory = try TemporaryDirectory()
        let state = try OpenDirectory.open(directory.path)
        try Witness.write(Self.head(5, "a"), in: state)
        let edited = [Self.head(4, "c"), Self.head(5, "b")]
        let refused = { (heads: [AuditHead]) -> Void in
            #expect(throws: AgentFailure.self) { try Witness.check(Self.chain(heads), in: state.path) }
        }
        refused(edited)
        try Witness.announce(accepting: Self.head(5, "b"), in: state)
        refused(edited)
        try Witness.check(Self.chain(edited + [Self.head(6, "d")]), in: state.path)
        refused([Self.head(5, "e"), Self.head(6, "d")])
        #expect(try Witness.read(in: state.path) == Self.head(5, "a"))
        try Witness.write(Self.head(6, "d"), in: state)
        refused([Self.head(5, "b"), Self.head(6, "e")])
    }

    @Test func anOlderCopyIsAcceptedFromItsLastRunOn() throws {
        let directory = try TemporaryDirectory()
        let state = try OpenDirectory.open(directory.path)
        try Witness.write(Self.head(9, "a"), in: state)
        try Witness.announce(accepting: Self.head(5, "b"), in: state)
        let copy = [Self.head(5, "b")]
        #expect(throws: AgentFailure.self) { try Witness.check(Self.chain(copy), in: state.path) }
        #expect(throws: AgentFailure.self) {
            try Witness.check(Self.chain(copy + [Self.head(6, "c")]), in: state.path)
        }
        try Witness.check(Self.chain(copy + [Self.head(10, "c")]), in: state.path)
    }
}
