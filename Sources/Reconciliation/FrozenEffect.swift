import AccessModel
import DirectoryModel
import MappingLanguage

/// What would have become of the members of a frozen group if the directory had been believed: two plans compared.
struct FrozenEffect {
    /// The plan with every group as the directory has it.
    private var open: PlanWriter
    /// The plan with groups frozen.
    private var frozen: PlanWriter
    private let caseOfPerson: [UInt64: Int]

    init(open: PlanWriter, frozen: PlanWriter) {
        self.open = open
        self.frozen = frozen
        var cases: [UInt64: Int] = [:]
        for (index, item) in frozen.planning.cases.enumerated() { cases[FrozenEffect.number(item)] = index }
        caseOfPerson = cases
    }

    private static func number(_ item: PersonCase) -> UInt64 { UInt64(item.user) << 32 | UInt64(item.person) }

    /// How many people would have fared otherwise, as `would have:` says it: `188 suspended`, `24 lowered`.
    mutating func words(of group: GroupKey) -> [String] {
        var counts = [Int](repeating: 0, count: Fate.allCases.count)
        var seats = [Int](repeating: 0, count: open.planning.settings.topology.pools.count)
        let members = Members(group, open.planning)
        for index in open.planning.cases.indices where members.contains(open.planning.cases[index]) {
            let other = caseOfPerson[FrozenEffect.number(open.planning.cases[index])]
            let kept = other.map { FrozenEffect.fates($0, frozen.planning) } ?? []
            let fates = FrozenEffect.fates(index, open.planning)
            for (place, fate) in Fate.allCases.enumerated() where fates.contains(fate) && !kept.contains(fate) {
                counts[place] += 1
            }
            let freed = FrozenEffect.freed(index, &open.planning)
            let keptFreed = other.map { FrozenEffect.freed($0, &frozen.planning) } ?? []
            for pool in freed where !keptFreed.contains(pool) { seats[Int(pool)] += 1 }
        }
        let hours = open.planning.settings.policy.unmapped.settleSeconds / 3600
        let settle = hours == 1 ? "1 hour" : "\(hours) hours"
        let people = zip(Fate.allCases, counts).filter { $1 > 0 }.map { "\($1) \($0.words(settle))" }
        let pools = zip(open.planning.settings.topology.pools, seats).filter { $1 > 0 }
            .map { "\($1) \($1 == 1 ? "seat" : "seats") of \($0.name) freed" }
        return people + pools
    }

    /// What may become of somebody.
    private enum Fate: CaseIterable {
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
        if item.flags.contains(.joiner) { return [] }
        let held = planning.book.pools(item.final, item.newStatus)
        return planning.book.pools(item.oldAccess, item.oldStatus).filter { !held.contains($0) }
    }

    /// Who was in a group when a run was last applied, or is now.
    private struct Members {
        private let roster: TargetRoster
        private let recorded: [Bool]
        private let now: PersonSet

        init(_ group: GroupKey, _ planning: Planning) {
            roster = planning.input.roster
            recorded = roster.groupSets.map { $0.contains(group) }
            let evaluation = planning.input.evaluation
            let place = evaluation.groups.firstIndex { $0.key == group }
            now = place.map { evaluation.effectivePeople[$0] } ?? .empty
        }

        func contains(_ item: PersonCase) -> Bool {
            if item.person != RosterJoin.none, now.contains(item.person) { return true }
            guard item.user != RosterJoin.none else { return false }
            let set = Int(roster.users[Int(item.user)].groupSet)
            return recorded.indices.contains(set) && recorded[set]
        }
    }
}
