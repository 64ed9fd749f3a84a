import AccessModel
import DirectoryModel
import Reconciliation
import TestSupport
import Testing

@testable import SyncAgent

/// About whom a run asks the directory when more are missing than it may ask about.
struct MissingUsersTests {
    /// Ten users, of whom the first `suspended` are suspended since they are missing, and an empty directory.
    private func missing(suspended: Int, run: Int64, most: Int) throws -> (missing: MissingUsers, roster: TargetRoster)
    {
        var world = World(.desk)
        world.rules = [World.Rule("Support", group: "support", scope: "support", role: "agent")]
        world.settings.topology.scopes.append(ScopeInstance(path: ScopePath("support")))
        world.people = (0..<10).map { World.Person("p\($0)", groups: ["support"]) }
        var store = InMemoryRoster()
        #expect(store.apply(world.plan(store.roster)).isEmpty)
        store.edit { roster in
            roster.baseline = nil
            for place in roster.users.indices.prefix(suspended) {
                roster.users[place].status = .suspended
                roster.details[place] = UserDetails()
                roster.details[place]?.causes = [Cause(kind: .missing, since: 1, by: "run 1")]
            }
        }
        world.people = []
        let missing = MissingUsers(
            targets: [(world.settings, store.roster)], mirror: world.mirror(), approvals: [], run: run, most: most)
        return (missing, store.roster)
    }

    @Test func usersComeBeforePeopleWhoAreKnownToBeMissing() throws {
        let (missing, roster) = try missing(suspended: 6, run: 3, most: 4)
        #expect(missing.keys == (6..<10).map { World.key("p\($0)") })
        #expect(missing.finding(about: roster) == nil)
    }

    @Test func theRestTakesTurnsFromRunToRun() throws {
        var seen: [PersonKey: Int] = [:]
        for run in 1...4 {
            let (missing, roster) = try missing(suspended: 0, run: Int64(run), most: 3)
            #expect(missing.keys.count == 3)
            for key in missing.keys { seen[key, default: 0] += 1 }
            let finding = try #require(missing.finding(about: roster))
            #expect(finding.code == "user.absence-not-asked")
            #expect(finding.message.hasPrefix("7 users are not in the read"))
        }
        #expect(seen.count == 10)
    }

    @Test func whoIsKnownToBeMissingIsAskedAboutWithWhatIsLeft() throws {
        var seen: Set<PersonKey> = []
        for run in 1...3 {
            let keys = try missing(suspended: 6, run: Int64(run), most: 6).missing.keys
            #expect(Set(keys).isSuperset(of: (6..<10).map { World.key("p\($0)") }))
            seen.formUnion(keys)
        }
        #expect(seen.count == 10)
    }

    @Test func everybodyIsAskedAboutWhereThereIsRoom() throws {
        let (missing, roster) = try missing(suspended: 6, run: 1, most: 10)
        #expect(missing.keys.count == 10)
        #expect(missing.finding(about: roster) == nil)
    }
}
