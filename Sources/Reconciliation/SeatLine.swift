import AccessModel
import DirectoryModel
import MappingLanguage

/// The line for seats, and for the pace of invitations: one entry for each unit of each move, served in order.
struct SeatLine {
    private struct Entry {
        var caseIndex: UInt32
        /// Place of the unit; `SeatLine.creation` for a newcomer who needs no seat for a part.
        var unit: UInt8
        var seatPriority: Int32
        var since: Int64
        var isStandIn = false
        /// Comes back from a cause that lets people stand before everybody else.
        var isFirst = false
    }

    private static let creation = UInt8.max

    private var entries: [Entry] = []
    private var served: [Bool] = []
    /// Granted units by case, for those who need a seat.
    private var masks: [UInt64]
    private var created: [Bool]
    /// By entry, whether a seat was free, but no invitation any more.
    private var refusedByPace: [Bool] = []
    private var pace: Int

    private init(pace: Int, cases: Int) {
        self.pace = pace
        masks = [UInt64](repeating: 0, count: cases)
        created = [Bool](repeating: false, count: cases)
    }

    /// Serves the line and leaves each case's final access and place in line behind.
    static func run(_ planning: inout Planning, _ shapes: inout ShapeTable, free: inout [Int]) {
        var line = SeatLine(pace: planning.settings.limits.invitePace, cases: planning.cases.count)
        line.enter(planning, shapes)
        line.serve(&planning, &shapes, &free)
        line.leave(&planning, &shapes)
    }

    private mutating func enter(_ planning: Planning, _ shapes: ShapeTable) {
        for (index, item) in planning.cases.enumerated() {
            let shape = shapes.shapeOfCase[index]
            let isJoiner = item.flags.contains(.joiner)
            if isJoiner && item.wanted == 0 { continue }
            if shape < 0 && !isJoiner { continue }
            let places = planning.line.places(of: planning.line.number(of: item))
            var highest = Int32.min
            if shape >= 0 {
                for (place, unit) in shapes.shapes[Int(shape)].units.enumerated() {
                    let priority = Int32(clamping: unit.seatPriority)
                    highest = max(highest, priority)
                    entries.append(
                        Entry(
                            caseIndex: UInt32(truncatingIfNeeded: index), unit: UInt8(truncatingIfNeeded: place),
                            seatPriority: priority, since: planning.since(places, in: unit.scope),
                            isStandIn: unit.standsInFor != nil, isFirst: item.flags.contains(.firstInLine)))
                }
            }
            if isJoiner, shape < 0 || !planning.book[item.final].isEmpty {
                if shape < 0 {
                    highest = planning.desired(item.grantSet).claims.map { Int32(clamping: $0.seatPriority) }.max() ?? 0
                }
                entries.append(
                    Entry(
                        caseIndex: UInt32(truncatingIfNeeded: index), unit: SeatLine.creation, seatPriority: highest,
                        since: planning.since(places)))
            }
        }
        sort(planning)
        served = [Bool](repeating: false, count: entries.count)
        refusedByPace = served
    }

    private mutating func sort(_ planning: Planning) {
        func precedes(_ left: Entry, _ right: Entry) -> Bool {
            if left.isFirst != right.isFirst { return left.isFirst }
            if left.seatPriority != right.seatPriority { return left.seatPriority > right.seatPriority }
            if left.since != right.since { return left.since < right.since }
            if left.caseIndex == right.caseIndex {
                return left.isStandIn == right.isStandIn ? left.unit > right.unit : right.isStandIn
            }
            let (one, other) = (planning.id(left.caseIndex), planning.id(right.caseIndex))
            if one != other { return one < other }
            return planning.key(of: planning.cases[Int(left.caseIndex)])
                < planning.key(of: planning.cases[Int(right.caseIndex)])
        }
        var isSorted = true
        for index in entries.indices.dropFirst() where precedes(entries[index], entries[index - 1]) {
            isSorted = false
            break
        }
        if !isSorted { entries.sort(by: precedes) }
    }

    /// Goes through the line until nobody gets anything more: a promotion may free a seat for somebody before.
    private mutating func serve(_ planning: inout Planning, _ shapes: inout ShapeTable, _ free: inout [Int]) {
        var freedAny: Bool
        repeat {
            freedAny = false
            for index in entries.indices where !served[index] {
                let outcome = tryEntry(index, &planning, &shapes, &free)
                served[index] = outcome.granted
                freedAny = freedAny || outcome.freed
            }
        } while freedAny
    }

    private mutating func tryEntry(
        _ number: Int, _ planning: inout Planning, _ shapes: inout ShapeTable, _ free: inout [Int]
    ) -> (granted: Bool, freed: Bool) {
        let entry = entries[number]
        let index = Int(entry.caseIndex)
        let item = planning.cases[index]
        let isNewcomer = item.flags.contains(.joiner) && !created[index]
        let shape = shapes.shapeOfCase[index]
        let mask = masks[index] | (entry.unit == SeatLine.creation ? 0 : 1 << UInt64(entry.unit))
        let next = shape < 0 ? item.wanted : planning.access(mask, of: &shapes.shapes[Int(shape)])
        if planning.book[next].isEmpty { return (false, false) }
        if entry.isStandIn, next == item.final, !isNewcomer { return (true, false) }
        var holds: [UInt32] = []
        if item.flags.contains(.returner), planning.isIdle(item) {
            holds = planning.book.pools(item.oldAccess, item.oldStatus)
        } else if !isNewcomer {
            holds = planning.book.pools(item.final, item.newStatus)
        }
        let needs = planning.book.pools(next, item.newStatus)
        for pool in needs where free[Int(pool)] <= 0 && !holds.contains(pool) { return (false, false) }
        if isNewcomer {
            if pace <= 0 {
                refusedByPace[number] = true
                return (false, false)
            }
            pace -= 1
            created[index] = true
        }
        var freed = false
        for pool in needs where !holds.contains(pool) { free[Int(pool)] -= 1 }
        for pool in holds where !needs.contains(pool) {
            free[Int(pool)] += 1
            freed = true
        }
        masks[index] = mask
        planning.cases[index].final = next
        return (true, freed)
    }

    /// Records who is not created, who returns not yet, and the places in line.
    private func leave(_ planning: inout Planning, _ shapes: inout ShapeTable) {
        for index in planning.cases.indices where planning.cases[index].flags.contains(.joiner) {
            if !created[index] {
                planning.cases[index].flags.insert(.notCreated)
                planning.cases[index].final = 0
            }
        }
        for index in entries.indices where !served[index] {
            let entry = entries[index]
            let place = Int(entry.caseIndex)
            let item = planning.cases[place]
            let isForPace = refusedByPace[index] && !created[place]
            let shape = shapes.shapeOfCase[place]
            if entry.unit == SeatLine.creation {
                if shape < 0 { addCreation(place, item, entry.since, &planning) }
                continue
            }
            if entry.isStandIn { continue }
            let unit = shapes.shapes[Int(shape)].units[Int(entry.unit)]
            var pools = unit.pools
            if let other = shapes.shapes[Int(shape)].standIn(for: Int(entry.unit)),
                masks[place] & 1 << UInt64(other) == 0
            {
                pools += shapes.shapes[Int(shape)].units[other].pools
            }
            let waiting = PlaceInLine(
                person: planning.key(of: item), scope: unit.scope, role: unit.role, seatPriority: unit.seatPriority,
                since: entry.since, forPace: isForPace, isFirst: entry.isFirst)
            planning.seats.add(waiting, of: place, isForPace ? [] : pools)
        }
    }

    private func addCreation(_ place: Int, _ item: PersonCase, _ since: Int64, _ planning: inout Planning) {
        let claim = planning.desired(item.grantSet).claims.first
        let waiting = PlaceInLine(
            person: planning.key(of: item), scope: claim?.scope ?? .root, role: claim?.role ?? "",
            seatPriority: claim?.seatPriority ?? 0, since: since, forPace: true)
        planning.seats.add(waiting, of: place, [])
    }
}

extension Planning {
    func id(_ place: UInt32) -> ImmutableID {
        let item = cases[Int(place)]
        return item.user != RosterJoin.none
            ? input.roster.users[Int(item.user)].id : input.mirror.people[Int(item.person)].id
    }

    /// Since when somebody with these places in line has waited, in one scope or in any; now for who has not.
    func since(_ places: ArraySlice<UInt32>, in scope: ScopePath? = nil) -> Int64 {
        var earliest: Int64?
        for place in places where scope == nil || input.roster.waiting[Int(place)].scope == scope {
            earliest = min(earliest ?? Int64.max, input.roster.waiting[Int(place)].since)
        }
        return earliest ?? input.now
    }
}
