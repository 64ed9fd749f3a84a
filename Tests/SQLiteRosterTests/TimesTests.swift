import AccessModel
import DirectoryModel
import MappingLanguage
import Reconciliation
import SQLiteRoster
import Testing

/// Since when somebody is in a group, or has something: held against what each night left behind.
struct TimesTests {
    /// What a night left of one user.
    private struct Snapshot {
        var run: Int64
        var groups: Set<GroupKey>
        var parts: Set<ManualGrant.Part>
    }

    @Test func groupsAndAccessAreDatedByTheNightThatBroughtThem() throws {
        var dated = 0
        for seed in UInt64(40)..<48 {
            let scratch = try ScratchRoster(inMemory: true)
            let roster = try scratch.open()
            var dice = Dice(seed: seed)
            var nights: [Int64: [Snapshot]] = [:]
            for _ in 0..<8 {
                try roster.apply(RandomRun.make(after: roster.load(targets: RandomRun.targets), &dice))
                let loaded = try roster.load(targets: RandomRun.targets)
                for target in loaded.targets { note(target, run: loaded.lastRun, &nights) }
            }
            for target in try roster.targets() {
                let times = try roster.accessTimes(target: target)
                for user in try roster.users(UserQuery(target: target, managed: true)) {
                    let mine = nights[user.user] ?? []
                    for seen in try roster.groupsSince(of: user.person, target: target) {
                        let first = mine.reversed().prefix { $0.groups.contains(seen.group) }.last
                        #expect(first?.run == seen.run && seen.time == seen.run * 100, "seed \(seed), \(user.email)")
                        dated += 1
                    }
                    for part in user.access.manualParts {
                        let first = mine.reversed().prefix { $0.parts.contains(part) }.last
                        let since = times.since(part, user: user.user)
                        // Whoever had it from the beginning has no earlier image without it.
                        let isFromTheStart = first?.run == mine.first?.run
                        #expect(
                            since == (isFromTheStart ? nil : first.map { $0.run * 100 }), "seed \(seed), \(user.email)")
                    }
                }
            }
            try roster.close()
        }
        #expect(dated > 20)
    }

    private func note(_ target: TargetRoster, run: Int64, _ nights: inout [Int64: [Snapshot]]) {
        for row in target.users {
            nights[row.user, default: []].append(
                Snapshot(
                    run: run, groups: Set(target.groupSets[Int(row.groupSet)]),
                    parts: Set(target.accesses[Int(row.access)].manualParts)))
        }
    }
}
