package import AccessModel
package import DirectoryModel
import MappingLanguage
package import Reconciliation

/// A small world of people, groups, rules and one target, as values: what tests of reconciling are told in.
package struct World: Sendable {
    package struct Person: Sendable {
        package var id: String
        package var directory = "corp"
        package var emails: [String]
        package var aliases: [String] = []
        package var name: String
        /// What the DN and the login are made of, where that is not the id.
        package var login: String?
        package var groups: Set<String> = []
        package var state = PersonState.enabled
        package var problems: EntryProblems = []
        package var lastSignIn = Int64.min

        package init(_ id: String, emails: [String]? = nil, groups: Set<String> = []) {
            self.id = id
            self.emails = emails ?? ["\(id)@example.org"]
            name = id
            self.groups = groups
        }
    }

    package struct Rule: Sendable {
        package var name: String
        package var group: String
        package var scope = ScopePath.root
        package var role: String
        package var otherwise: String?
        package var template: String?
        package var crm = false
        package var assistant: String?
        package var seatPriority = 0

        package init(_ name: String, group: String, scope: String = "", role: String) {
            self.name = name
            self.group = group
            self.scope = ScopePath(scope)
            self.role = role
        }
    }

    package var directories = ["corp"]
    package var people: [Person] = []
    /// Groups besides those that rules name.
    package var groups: Set<String> = []
    /// Groups that rules name and that are gone.
    package var vanished: Set<String> = []
    package var rules: [Rule] = []
    /// The group that means each of the policy's own causes, in its order.
    package var causeGroups: [String] = []
    package var pilotGroup: String?
    package var settings: TargetSettings
    package var absences: [PersonKey: AbsenceFinding] = [:]
    package var approvals: [Approval] = []
    package var now: Int64 = 1_000_000_000
    package var run: Int64 = 1

    package init(_ platform: Platform, pools: [SeatPool] = [], scopes: [ScopeInstance] = []) {
        var all: [ScopePath: ScopeInstance] = [.root: ScopeInstance(path: .root)]
        for pool in pools where all[pool.scope] == nil { all[pool.scope] = ScopeInstance(path: pool.scope) }
        for scope in scopes { all[scope.path] = scope }
        let topology = Topology(
            scopes: all.values.sorted { $0.path < $1.path },
            pools: pools.sorted { $0.scope == $1.scope ? $0.seatClass < $1.seatClass : $0.scope < $1.scope })
        settings = TargetSettings(
            name: "acme", mode: .manage, platform: platform, topology: topology, templates: [], policy: Policy(),
            limits: .none, protect: [], fingerprints: ["rules": "1"])
    }

    package static func key(_ id: String, in directory: String = "corp") -> PersonKey {
        PersonKey(directory: directory, id: World.id(id))
    }

    /// The id that a text stands for; at most sixteen letters.
    package static func id(_ text: String) -> ImmutableID {
        ImmutableID(bytes: Array(text.utf8.prefix(16))) ?? World.id("nobody")
    }

    /// Changes one person.
    package mutating func change(_ id: String, _ body: (inout Person) -> Void) {
        for place in people.indices where people[place].id == id { body(&people[place]) }
    }

    /// Takes somebody out of the directory, with what the read by id finds.
    package mutating func lose(_ id: String, _ finding: AbsenceFinding = .gone) {
        for person in people where person.id == id { absences[World.key(id, in: person.directory)] = finding }
        people.removeAll { $0.id == id }
    }

    package func input(_ roster: TargetRoster) -> ReconcileInput {
        let mirror = mirror()
        return ReconcileInput(
            mirror: mirror, evaluation: evaluate(mirror, frozen: [:]),
            rules: rules.enumerated().map { RuleLabel(name: $1.name, place: "mapping.yaml:\($0 + 1)") }, roster: roster,
            absences: absences, approvals: approvals, now: now, run: run)
    }

    /// The plan with guards, groups frozen where they must be.
    package func plan(_ roster: TargetRoster) -> TargetPlan {
        let input = input(roster)
        return Reconciler(settings: settings).decide(input) { evaluate(input.mirror, frozen: $0) }
    }

    /// The plan without guards on the target.
    package func unguarded(_ roster: TargetRoster) -> TargetPlan {
        Reconciler(settings: settings).plan(input(roster))
    }
}

extension Limits {
    /// Limits that hold nothing.
    package static var none: Limits {
        var limits = Limits()
        let any = Limit(count: nil, percent: nil, floor: 1_000_000)
        limits.suspendDisabled = any
        limits.suspendOther = any
        limits.loseAccess = any
        limits.changeEmail = any
        limits.changePermissions = any
        limits.privilegedGain = any
        limits.privilegedLoss = any
        limits.remove = any
        limits.returns = any
        limits.peopleShrink = any
        limits.groupShrink = any
        limits.invitePace = 1_000_000
        limits.week = [:]
        return limits
    }
}
