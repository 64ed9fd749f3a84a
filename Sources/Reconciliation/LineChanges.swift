import AccessModel
import DirectoryModel

/// How the line for seats differs from the roster's: new places, ended ones, and the whole line afterwards.
struct LineChanges {
    struct Line {
        var place: PlaceInLine
        /// Name of the pool waited for; empty when it is only the pace.
        var pool: String
    }

    /// Somebody without a case who stood in line.
    struct Left {
        var key: PersonKey
        var email: [UInt8]
        var version: UInt32
        var person: PersonIndex?
        var places: [Line]
    }

    private struct Spot: Hashable {
        var person: PersonKey
        var scope: ScopePath
    }

    private(set) var waiting: [PlaceInLine] = []
    /// For each place of `waiting` the pools waited for.
    private(set) var pools: [[UInt32]] = []
    private(set) var left: [Left] = []
    private var newOf: [Int: [Line]] = [:]
    private var endedOf: [Int: [Line]] = [:]

    init() {}

    init(_ planning: Planning) {
        guard planning.allowed == .everything else {
            waiting = planning.input.roster.waiting
            pools = waiting.map { _ in [] }
            return
        }
        if planning.seats.places.isEmpty && planning.input.roster.waiting.isEmpty { return }
        let before = Set(planning.input.roster.waiting.map { Spot(person: $0.person, scope: $0.scope) })
        var now: Set<Spot> = []
        now.reserveCapacity(planning.seats.places.count)
        for item in planning.seats.places {
            let spot = Spot(person: item.place.person, scope: item.place.scope)
            now.insert(spot)
            guard let index = item.caseIndex, !before.contains(spot) else { continue }
            let pool = item.pools.first.map { planning.book.topology.pools[Int($0)].name } ?? ""
            newOf[index, default: []].append(Line(place: item.place, pool: pool))
        }
        let sorted = planning.seats.places.sorted { LineChanges.precedes($0.place, $1.place) }
        waiting = sorted.map(\.place)
        pools = sorted.map(\.pools)
        findEnded(planning, now)
    }

    func isConcerned(_ index: Int) -> Bool {
        if newOf.isEmpty && endedOf.isEmpty { return false }
        return newOf[index] != nil || endedOf[index] != nil
    }

    func newPlaces(of index: Int) -> [Line] { newOf.isEmpty ? [] : newOf[index] ?? [] }
    func endedPlaces(of index: Int) -> [Line] { endedOf.isEmpty ? [] : endedOf[index] ?? [] }

    /// Scope by scope; in each the order in which seats are given.
    private static func precedes(_ left: PlaceInLine, _ right: PlaceInLine) -> Bool {
        if left.scope != right.scope { return left.scope < right.scope }
        if left.seatPriority != right.seatPriority { return left.seatPriority > right.seatPriority }
        if left.since != right.since { return left.since < right.since }
        if left.person.id != right.person.id { return left.person.id < right.person.id }
        return left.person < right.person
    }

    /// Places that are gone, unless their holder got what they waited for.
    private mutating func findEnded(_ planning: Planning, _ now: Set<Spot>) {
        var gone: [PersonKey: [PlaceInLine]] = [:]
        for place in planning.input.roster.waiting where !now.contains(Spot(person: place.person, scope: place.scope)) {
            gone[place.person, default: []].append(place)
        }
        if gone.isEmpty { return }
        for (index, item) in planning.cases.enumerated() {
            guard let places = gone.removeValue(forKey: planning.key(of: item)) else { continue }
            let ended = places.filter { !isGranted($0, item, planning) }
            if !ended.isEmpty { endedOf[index] = ended.map { Line(place: $0, pool: "") } }
        }
        for (key, places) in gone.sorted(by: { $0.key < $1.key }) {
            left.append(LineChanges.leaver(key, places, planning))
        }
    }

    private func isGranted(_ place: PlaceInLine, _ item: PersonCase, _ planning: Planning) -> Bool {
        guard item.isCreated, item.newStatus == .invited || item.newStatus == .active else { return false }
        if item.flags.contains(.joiner), place.forPace { return true }
        return planning.book[item.final].role(in: place.scope) == place.role
    }

    private static func leaver(_ key: PersonKey, _ places: [PlaceInLine], _ planning: Planning) -> Left {
        let lines = places.map { Line(place: $0, pool: "") }
        var left = Left(key: key, email: [], version: 0, person: nil, places: lines)
        if let person = planning.input.mirror.person(key) {
            left.person = person
            left.email = Array(planning.input.mirror.record(person).values(.email).first ?? [])
        }
        return left
    }
}

/// The seat ledger of a plan.
enum Ledger {
    static func rows(_ planning: inout Planning, _ lines: LineChanges) -> [LedgerRow] {
        let pools = planning.settings.topology.pools
        if pools.isEmpty { return [] }
        var freed = [Int](repeating: 0, count: pools.count)
        var given = freed
        for item in planning.cases where item.isCreated {
            let isNew = item.flags.contains(.joiner)
            if !isNew, item.final == item.oldAccess, item.newStatus == item.oldStatus { continue }
            let before = isNew ? [] : planning.book.pools(item.oldAccess, item.oldStatus)
            let after = planning.book.pools(item.final, item.newStatus)
            for pool in before where !after.contains(pool) { freed[Int(pool)] += 1 }
            for pool in after where !before.contains(pool) { given[Int(pool)] += 1 }
        }
        var waiting = [Int](repeating: 0, count: pools.count)
        var oldest = [Int64?](repeating: nil, count: pools.count)
        for (place, needed) in zip(lines.waiting, lines.pools) {
            for pool in needed {
                waiting[Int(pool)] += 1
                oldest[Int(pool)] = min(oldest[Int(pool)] ?? Int64.max, place.since)
            }
        }
        return pools.indices.map { index in
            let held = index < planning.seats.heldBefore.count ? planning.seats.heldBefore[index] : 0
            return LedgerRow(
                pool: pools[index], heldBefore: held, freed: freed[index], given: given[index],
                heldAfter: held - freed[index] + given[index], waiting: waiting[index], oldestWaiting: oldest[index])
        }
    }
}
