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

    private(set) var waiting: [PlaceInLine] = []
    /// For each place of `waiting` the pools waited for.
    private(set) var pools: [[UInt32]] = []
    private(set) var left: [Left] = []
    /// Places that are new, by case: the first of each in `standings`, and for each of those the next.
    private var firstNew: [UInt32] = []
    private var nextNew: [UInt32] = []
    private var standings: [SeatOutcome.Standing] = []
    private var poolNames: [String] = []
    private var endedOf: [Int: [Line]] = [:]

    private static let none = SeatOutcome.Standing.none

    init() {}

    init(_ planning: inout Planning) {
        guard planning.allowed == .everything else {
            waiting = planning.input.roster.waiting
            pools = waiting.map { planning.book.poolsAwaited($0) }
            return
        }
        if planning.seats.places.isEmpty && planning.line.isEmpty { return }
        standings = planning.seats.places
        poolNames = planning.book.topology.pools.map(\.name)
        var stays = [Bool](repeating: false, count: planning.input.roster.waiting.count)
        firstNew = [UInt32](repeating: LineChanges.none, count: planning.cases.count)
        nextNew = [UInt32](repeating: LineChanges.none, count: standings.count)
        // From the last to the first, so that each case's stand in order.
        for index in standings.indices.reversed() where !isOld(standings[index], planning, &stays) {
            let item = Int(standings[index].caseIndex)
            nextNew[index] = firstNew[item]
            firstNew[item] = UInt32(truncatingIfNeeded: index)
        }
        let order = LineChanges.order(standings)
        waiting = order.map { standings[Int($0)].place }
        pools = order.map { standings[Int($0)].pools }
        findEnded(planning, stays)
    }

    /// Whether somebody stood there before; marks which of the roster's places go on.
    private func isOld(_ standing: SeatOutcome.Standing, _ planning: Planning, _ stays: inout [Bool]) -> Bool {
        var holder = LineIndex.nobody
        if standing.kept != LineChanges.none {
            stays[Int(standing.kept)] = true
            holder = planning.line.holders[Int(standing.kept)]
        } else {
            holder = planning.line.number(of: planning.cases[Int(standing.caseIndex)])
        }
        var isOld = standing.caseIndex == LineChanges.none
        for place in planning.line.places(of: holder)
        where planning.input.roster.waiting[Int(place)].scope == standing.place.scope {
            stays[Int(place)] = true
            isOld = true
        }
        return isOld
    }

    func isConcerned(_ index: Int) -> Bool {
        index < firstNew.count && firstNew[index] != LineChanges.none || !endedOf.isEmpty && endedOf[index] != nil
    }

    func newPlaces(of index: Int) -> [Line] {
        var lines: [Line] = []
        var next = index < firstNew.count ? firstNew[index] : LineChanges.none
        while next != LineChanges.none {
            let standing = standings[Int(next)]
            lines.append(Line(place: standing.place, pool: standing.pools.first.map { poolNames[Int($0)] } ?? ""))
            next = nextNew[Int(next)]
        }
        return lines
    }

    func endedPlaces(of index: Int) -> [Line] { endedOf.isEmpty ? [] : endedOf[index] ?? [] }

    /// Scope by scope; in each the order in which seats are given.
    private static func order(_ standings: [SeatOutcome.Standing]) -> [UInt32] {
        var numbers: [ScopePath: Int] = [:]
        var byScope: [(scope: ScopePath, places: [UInt32])] = []
        var last = 0
        for (index, standing) in standings.enumerated() {
            if byScope.isEmpty || byScope[last].scope != standing.place.scope {
                last = numbers[standing.place.scope] ?? byScope.count
                if last == byScope.count {
                    numbers[standing.place.scope] = last
                    byScope.append((standing.place.scope, []))
                }
            }
            byScope[last].places.append(UInt32(truncatingIfNeeded: index))
        }
        byScope.sort { $0.scope < $1.scope }
        var order: [UInt32] = []
        order.reserveCapacity(standings.count)
        for (_, places) in byScope {
            // Mostly in order already: seats were given in it.
            order += places.sorted { precedes(standings[Int($0)].place, standings[Int($1)].place) }
        }
        return order
    }

    /// The order in which the seats of one scope are given.
    private static func precedes(_ left: PlaceInLine, _ right: PlaceInLine) -> Bool {
        if left.isFirst != right.isFirst { return left.isFirst }
        if left.seatPriority != right.seatPriority { return left.seatPriority > right.seatPriority }
        if left.since != right.since { return left.since < right.since }
        if left.person.id != right.person.id { return left.person.id < right.person.id }
        return left.person < right.person
    }

    /// Places that are gone, unless their holder got what they waited for.
    private mutating func findEnded(_ planning: Planning, _ stays: [Bool]) {
        var isOpen = stays.map { !$0 }
        if !isOpen.contains(true) { return }
        let line = planning.input.roster.waiting
        for (index, item) in planning.cases.enumerated() {
            var ended: [Line] = []
            for place in planning.line.places(of: planning.line.number(of: item)) where isOpen[Int(place)] {
                isOpen[Int(place)] = false
                if !isGranted(line[Int(place)], item, planning) {
                    ended.append(Line(place: line[Int(place)], pool: ""))
                }
            }
            if !ended.isEmpty { endedOf[index] = ended }
        }
        var gone: [PersonKey: [PlaceInLine]] = [:]
        for (index, place) in line.enumerated() where isOpen[index] { gone[place.person, default: []].append(place) }
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
        if let place = planning.input.mirror.person(key) {
            left.person = place
            left.email = Array(planning.input.mirror.record(place).values(.email).first ?? [])
        }
        return left
    }
}
