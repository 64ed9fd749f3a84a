package import AccessModel
package import Diagnostics
package import DirectoryModel

/// One rule made concrete: for a captured name, one per group that matched; otherwise the rule itself.
package struct RuleInstance: Sendable, Equatable {
    /// Place of the rule in the mapping.
    package var rule: Int
    /// The captured word, `sales` for `desk-{workspace}-managers`.
    package var captured: String?
    /// Places in `Evaluation.groups` of the groups that give, in the order of the file; not those under a `not`.
    package var groups: [Int]

    package init(rule: Int, captured: String?, groups: [Int]) {
        self.rule = rule
        self.captured = captured
        self.groups = groups
    }
}

/// What the rules give to everybody: pure, and the same whatever the order of input.
package struct Evaluation: Sendable {
    /// Rule instances, by rule, then captured word, then group.
    package var instances: [RuleInstance]
    /// Every group that rules name, sorted by key.
    package var groups: [MappedGroup]
    /// Effective people of each mapped group, as evaluation counted them (frozen members where frozen); nested where some rule nests.
    package var effectivePeople: [PersonSet]
    /// For each person of the mirror the place in `grantSets`; 0 for those whom no rule gives anything.
    package var grantSet: [UInt32]
    /// Sets of rule instances, each sorted; the first is empty.
    ///
    /// One stands here several times where a frozen group lets different people keep different things.
    package var grantSets: [[UInt32]]
    /// What each grant set comes to, by its place.
    package var desired: [DesiredAccess]
    /// For each person the place in `groupSets`: which mapped groups the person is in.
    ///
    /// Recorded with the user, so that a frozen group knows its members.
    package var groupSet: [UInt32]
    /// Distinct sets of places in `groups`, each sorted; the first is empty.
    package var groupSets: [[UInt32]]
    package var findings: [MappingFinding]
    /// For each of the policy's own causes the people for whom it holds.
    package var causes: [PersonSet] = []
    /// How many people the same instances match, of everybody: the sets of `grantSets`, with those of people who were not evaluated.
    ///
    /// Sorted by instances; the empty set is among them.
    package var matches: [MatchCount] = []
    /// Place in `groups` of the pilot's group, where the target is a pilot; past the end when nobody takes part.
    package var pilot: Int?

    /// Of nobody: what an input holds until its rules are evaluated.
    package static let none = Evaluation(
        instances: [], groups: [], effectivePeople: [], grantSet: [], grantSets: [], desired: [], groupSet: [],
        groupSets: [], findings: [])

    package init(
        instances: [RuleInstance], groups: [MappedGroup], effectivePeople: [PersonSet], grantSet: [UInt32],
        grantSets: [[UInt32]], desired: [DesiredAccess], groupSet: [UInt32], groupSets: [[UInt32]],
        findings: [MappingFinding]
    ) {
        self.instances = instances
        self.groups = groups
        self.effectivePeople = effectivePeople
        self.grantSet = grantSet
        self.grantSets = grantSets
        self.desired = desired
        self.groupSet = groupSet
        self.groupSets = groupSets
        self.findings = findings
    }
}

/// What a set of rules gives one person on one target, before seats are looked at.
package struct DesiredAccess: Sendable, Equatable {
    /// Everything, as if every seat were free.
    package var access: Access
    /// One for each scope in which a role is given, sorted by scope: who gave it and what stands in for it.
    package var claims: [ScopeClaim]
    /// Rule instances that differ in the one template a user may have, at equal priority: the person keeps what they have.
    ///
    /// Empty without conflict.
    package var templateConflict: [UInt32]
    /// Privileges in `access` that no privileged rule gives: these are left out of `access`.
    package var unprivileged: [String]
    /// Who gives what is no role of a scope, in the order of the access.
    package var sources: [GiftSource]

    package init(
        access: Access, claims: [ScopeClaim], templateConflict: [UInt32] = [], unprivileged: [String] = [],
        sources: [GiftSource] = []
    ) {
        self.access = access
        self.claims = claims
        self.templateConflict = templateConflict
        self.unprivileged = unprivileged
        self.sources = sources
    }

    package static let none = DesiredAccess(access: .none, claims: [])
}

/// A role that rules give in one scope, with what seats need to know.
package struct ScopeClaim: Sendable, Equatable {
    package var scope: ScopePath
    package var role: String
    /// The rule instance that won (highest rank; the first in the file of equals).
    package var winner: UInt32
    /// The winner's `otherwise`: what stands in while seats are short.
    package var otherwise: String?
    /// The highest of all rules that give exactly this role here.
    package var seatPriority: Int
    /// Other instances that gave a role here and lost.
    package var losers: [UInt32]

    package init(
        scope: ScopePath, role: String, winner: UInt32, otherwise: String?, seatPriority: Int, losers: [UInt32]
    ) {
        self.scope = scope
        self.role = role
        self.winner = winner
        self.otherwise = otherwise
        self.seatPriority = seatPriority
        self.losers = losers
    }
}

/// Something a human should know about how the rules met the directory.
package struct MappingFinding: Sendable, Equatable {
    /// Stable dotted code: `mapping.group-renamed`.
    package var code: String
    package var message: String
    package var hint: String?
    package var position: SourcePosition?

    package init(code: String, message: String, hint: String? = nil, position: SourcePosition? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
        self.position = position
    }
}
