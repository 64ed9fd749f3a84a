import Reconciliation
import TestSupport
import Testing

@testable import SQLiteRoster

/// Deciding about the people whom a change can affect gives the plan and the roster that deciding about everybody gives.
@Suite
struct PartTests {
    @Test func partOfThePeopleIsEnough() throws {
        var parts = 0
        var looked = 0
        var others = 0
        var reasons: [EverybodyReason.Kind: Int] = [:]
        var changes: [ChangeKind: Int] = [:]
        var failures = 0
        let seeds = Figures.caseSeeds
        for seed in seeds {
            let history = try PartHistory(seed: seed)
            try history.night()
            try history.night()
            for _ in 0..<4 where history.differences.isEmpty { try history.step() }
            parts += history.parts
            looked += history.looked
            others += history.others
            reasons.merge(history.reasons, uniquingKeysWith: +)
            changes.merge(history.changes, uniquingKeysWith: +)
            guard !history.differences.isEmpty else { continue }
            failures += 1
            if failures > 4 { continue }
            Issue.record("seed \(seed)\n\(history.differences.joined(separator: "\n"))")
        }
        #expect(failures == 0)
        Figures.note(
            "part of the people: \(seeds), \(parts) runs, \(failures) differ; \(looked) looked at, \(others) not; "
                + "changes \(changes.map { "\($0.key) \($0.value)" }.sorted()); "
                + "everybody \(reasons.map { "\($0.key) \($0.value)" }.sorted())")
        guard Figures.hasAllSeeds else { return }
        #expect(parts > seeds.count)
        #expect(others > parts)
        for kind in [ChangeKind.invite, .suspend, .resume, .changeEmail, .joinScope, .leaveScope, .changeRole] {
            #expect(changes[kind, default: 0] > seeds.count / 50, "\(kind)")
        }
    }

    /// A history that needs each way; where it no longer does, another is looked for.
    private static let needing: [AffectedPeople.Piece: UInt64] = [
        .entries: 0, .members: 1, .nesting: 35, .settling: 64, .grantEnds: 32, .removals: 14, .reminders: 13,
        .signIns: 5, .written: 5, .line: 0, .protected: 7, .dependent: 405, .rivals: 22,
    ]

    /// Whom one of the ways would find is missed without it, in some history.
    @Test(arguments: AffectedPeople.Piece.allCases) func eachWayIsNeeded(_ piece: AffectedPeople.Piece) throws {
        for seed in [PartTests.needing[piece] ?? 0] + Array(0..<2_000) {
            let history = try PartHistory(seed: seed)
            history.leavingOut = [piece]
            try history.night()
            try history.night()
            for _ in 0..<4 where history.differences.isEmpty { try history.step() }
            if history.differences.isEmpty { continue }
            Figures.note("without \(piece), seed \(seed) differs")
            return
        }
        Issue.record("2,000 histories need no \(piece)")
    }
}
