import AccessModel
import DirectoryModel
import MappingLanguage

/// What would have become of the members of frozen groups if the directory had been believed: two plans compared.
struct FrozenEffect {
    /// The plan with every group as the directory has it.
    private var open: PlanWriter
    /// The plan with groups frozen.
    private var frozen: PlanWriter
    private let caseOfPerson: [UInt64: Int]
    private let members: FrozenPlaces
    private var counts: [Count]

    /// What one group kept from happening.
    private struct Count {
        /// People by `Fate`.
        var people = [Int](repeating: 0, count: Fate.allCases.count)
        /// Seats by pool.
        var seats: [Int]
    }

    init(open: PlanWriter, frozen: PlanWriter, groups: [GroupKey]) {
        self.open = open
        self.frozen = frozen
        var cases: [UInt64: Int] = [:]
        for (index, item) in frozen.planning.cases.enumerated() { cases[FrozenEffect.number(item)] = index }
        caseOfPerson = cases
        members = FrozenPlaces(groups, open.planning)
        let pools = open.planning.settings.topology.pools.count
        counts = groups.map { _ in Count(seats: [Int](repeating: 0, count: pools)) }
        for index in self.open.planning.cases.indices { count(index) }
    }

    private static func number(_ item: PersonCase) -> UInt64 { UInt64(item.user) << 32 | UInt64(item.person) }

    private mutating func count(_ index: Int) {
        let item = open.planning.cases[index]
        let groups = members.of(item)
        if groups.isEmpty { return }
        let other = caseOfPerson[FrozenEffect.number(item)]
        let fates = FrozenEffect.fates(index, open.planning)
            .subtracting(other.map { FrozenEffect.fates($0, frozen.planning) } ?? [])
        let freed = FrozenEffect.freed(index, &open.planning)
        let keptFreed = freed.isEmpty ? [] : other.map { FrozenEffect.freed($0, &frozen.planning) } ?? []
        for group in groups {
            for fate in fates { counts[group].people[fate.rawValue] += 1 }
            for pool in freed where !keptFreed.contains(pool) { counts[group].seats[Int(pool)] += 1 }
        }
    }

    /// How many people of a group would have fared otherwise, as `would have:` says it: `188 suspended`, `24 lowered`.
    func words(of group: Int) -> [String] {
        let settle = Planning.words(open.planning.settings.policy.unmapped.settleSeconds)
        let people = zip(Fate.allCases, counts[group].people).filter { $1 > 0 }.map { "\($1) \($0.words(settle))" }
        let seats = zip(open.planning.settings.topology.pools, counts[group].seats).filter { $1 > 0 }
            .map { "\($1) \($1 == 1 ? "seat" : "seats") of \($0.name) freed" }
        return people + seats
    }

    /// What may become of somebody.
    private enum Fate: Int, CaseIterable {
        case suspended, unmapped, removed, lowered, resumed, invited

        func words(_ settle: String) -> String {
            switch self {
            case .suspended: "suspended"
            case .unmapped: "suspended after \(settle) without a rule"
            case .removed: "removed"
            case .lowered: "lowered"
            case .resumed: "resumed"
            case .invited: "invited"
            }
        }
    }

    private static func fates(_ index: Int, _ planning: Planning) -> Set<Fate> {
        let item = planning.cases[index]
        if item.flags.contains(.joiner) { return item.isCreated ? [.invited] : [] }
        var fates: Set<Fate> = []
        let isIn = item.newStatus == .invited || item.newStatus == .active
        if item.newStatus == .suspended, item.oldStatus != .suspended { fates.insert(.suspended) }
        if item.newStatus == .removed { fates.insert(.removed) }
        if item.oldStatus == .suspended, isIn { fates.insert(.resumed) }
        if item.flags.contains(.losesAccess) { fates.insert(.lowered) }
        if isIn, planning.outcomes[index]?.pending.contains(where: { $0.kind == .unmapped }) == true {
            fates.insert(.unmapped)
        }
        return fates
    }

    /// Pools in which somebody holds a seat no longer.
    private static func freed(_ index: Int, _ planning: inout Planning) -> [UInt32] {
        let item = planning.cases[index]
        if item.flags.contains(.joiner) || item.final == item.oldAccess && item.newStatus == item.oldStatus {
            return []
        }
        let held = planning.book.pools(item.final, item.newStatus)
        return planning.book.pools(item.oldAccess, item.oldStatus).filter { !held.contains($0) }
    }
}

/// Who was in which of the frozen groups when a run was last applied, or is now.
private struct FrozenPlaces {
    private let roster: TargetRoster
    private let evaluation: Evaluation
    /// For each set of groups, of the roster and of the evaluation, the places of those that are frozen.
    private let recorded: [[Int]]
    private let now: [[Int]]

    init(_ groups: [GroupKey], _ planning: Planning) {
        roster = planning.input.roster
        evaluation = planning.input.evaluation
        var places: [GroupKey: Int] = [:]
        for (place, key) in groups.enumerated() { places[key] = place }
        let ofEvaluation = evaluation.groups.map { places[$0.key] }
        recorded = roster.groupSets.map { $0.compactMap { places[$0] } }
        now = evaluation.groupSets.map { set in
            set.compactMap { Int($0) < ofEvaluation.count ? ofEvaluation[Int($0)] : nil }
        }
    }

    func of(_ item: PersonCase) -> [Int] {
        var found: [Int] = []
        if item.user != RosterJoin.none {
            let set = Int(roster.users[Int(item.user)].groupSet)
            if recorded.indices.contains(set) { found = recorded[set] }
        }
        guard item.person != RosterJoin.none, Int(item.person) < evaluation.groupSet.count else { return found }
        let set = Int(evaluation.groupSet[Int(item.person)])
        guard now.indices.contains(set) else { return found }
        return found + now[set].filter { !found.contains($0) }
    }
}
