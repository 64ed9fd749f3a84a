import AccessModel
import DirectoryModel
import MappingLanguage
import Reconciliation

/// What a roster says, without the places and numbers by which it says it.
struct RosterMeaning: Equatable {
    struct User: Equatable {
        var person: PersonKey
        var email: String
        var name: String
        var status: UserStatus
        var managed: Bool
        var access: Access
        var effective: String
        var groups: [GroupKey]
        var since: Int64
        var lastSignIn: Int64
        var version: UInt32
        var details: UserDetails?
    }
    struct Target: Equatable {
        var name: String
        var users: [User]
        var waiting: [PlaceInLine]
        var baseline: TargetBaseline?
        var protected: [PersonKey]
        var signInsImported: Int64?
        var recent: [GuardCount]
    }
    var generation: Int64
    var lastRun: Int64
    var lastRunTime: Int64?
    var stamps: [String: DirectoryStamp]
    var pins: [GroupPin]
    var approvalsUsed: [String: [AllowedKind: Int]]
    var targets: [Target]

    init(_ roster: Roster) {
        generation = roster.generation
        lastRun = roster.lastRun
        lastRunTime = roster.lastRunTime
        stamps = roster.stamps
        pins = roster.pins
        approvalsUsed = roster.approvalsUsed
        targets = roster.targets.map(RosterMeaning.target)
    }

    private static func target(_ roster: TargetRoster) -> Target {
        let users = roster.users.enumerated().map { place, row in
            User(
                person: PersonKey(directory: roster.directories[Int(row.directory)], id: row.id),
                email: roster.texts[row.email], name: roster.texts[row.name], status: row.status, managed: row.managed,
                access: roster.accesses[Int(row.access)], effective: roster.effective[Int(row.access)],
                groups: roster.groupSets[Int(row.groupSet)], since: row.since, lastSignIn: row.lastSignIn,
                version: row.version, details: roster.details[place])
        }
        return Target(
            name: roster.target, users: users, waiting: roster.waiting, baseline: roster.baseline,
            protected: roster.protected, signInsImported: roster.signInsImported, recent: roster.recent)
    }
}

/// What a mirror says, without the places of records in its arena.
struct MirrorMeaning: Equatable {
    var directories: [String]
    var attributes: [String]
    var people: [String]
    var groups: [GroupRow]
    var members: [[UInt32]]

    init(_ mirror: Mirror) {
        directories = mirror.directories
        attributes = mirror.attributes
        groups = mirror.groups
        people = mirror.people.indices.map { place in
            let row = mirror.people[place]
            let record = mirror.record(PersonIndex(place)).bytes
            return
                "\(row.directory) \(row.id) \(row.contentHash) \(row.state) \(row.lastSignIn) \(row.problems) \(record)"
        }
        members = mirror.groups.indices.flatMap { group in
            [Array(mirror.directPeople(of: GroupIndex(group))), Array(mirror.directGroups(of: GroupIndex(group)))]
        }
    }
}
