import AccessModel
import DirectoryModel
import MappingLanguage

/// What seats came to.
struct SeatOutcome {
    var heldBefore: [Int] = []
    /// Seats that could be taken back from people who have not signed in for long, pool by pool.
    var reclaimable: [Int] = []
    /// Places in line after the plan.
    var places: [Standing] = []
    /// For each case whether it newly waits, or goes on waiting; empty where nobody does.
    var waitingCases: [Bool] = []
    /// Seats that are free after the plan, pool by pool; negative where more are held than allowed.
    var free: [Int] = []

    /// A place in line after the plan.
    struct Standing {
        /// Neither a case, or a place of the roster's line.
        static let none = UInt32.max

        var place: PlaceInLine
        /// The case of who stands there; `none` for a place that is merely kept.
        var caseIndex = Standing.none
        /// Where a kept place is in the roster's line; `none` for others.
        var kept = Standing.none
        /// Pools waited for, by place in the topology.
        var pools: [UInt32]
    }

    func isWaiting(_ index: Int) -> Bool { waitingCases.indices.contains(index) && waitingCases[index] }

    mutating func add(_ place: PlaceInLine, of index: Int, _ pools: [UInt32]) {
        places.append(Standing(place: place, caseIndex: UInt32(truncatingIfNeeded: index), pools: pools))
        waitingCases[index] = true
    }
}

/// Gives free seats to those who need one, in the order of the line.
extension Planning {
    /// Decides who gets what they want; with the floor of admins, since keeping somebody keeps a seat.
    mutating func allocateSeats() {
        seats.heldBefore = census.seatsHeld(in: &book)
        let floors = FloorOfAdmins(settings: settings, census: census, book: book)
        var rounds = 0
        repeat {
            leaveReclaimed()
            giveSeats()
            rounds += 1
            if settings.policy.reclaimInactiveSeconds != nil, reclaimSeats() { giveSeats() }
        } while keepFloors(floors, round: rounds)
    }

    private mutating func giveSeats() {
        seats.places = []
        seats.waitingCases = [Bool](repeating: false, count: cases.count)
        var shapes = ShapeTable()
        let needy = prepare(&shapes)
        var free = book.topology.pools.indices.map { book.topology.pools[$0].limit - seats.heldBefore[$0] }
        var demand = [Int](repeating: 0, count: free.count)
        var joiners = 0
        for (index, item) in cases.enumerated() {
            count(item, &free)
            if item.flags.contains(.joiner) && item.wanted != 0 { joiners += 1 }
            if needy.isEmpty { continue }
            let shape = shapes.shapeOfCase[index]
            if shape >= 0 {
                for unit in shapes.shapes[Int(shape)].units where unit.standsInFor == nil {
                    for pool in unit.pools { demand[Int(pool)] += 1 }
                }
            }
        }
        let hasRoom = zip(free, demand).allSatisfy { $1 == 0 || $0 >= $1 }
        if hasRoom && joiners <= settings.limits.invitePace {
            for index in cases.indices {
                cases[index].final = cases[index].wanted
                cases[index].flags.remove(.notCreated)
                if cases[index].flags.contains(.joiner), cases[index].wanted == 0 {
                    cases[index].flags.insert(.notCreated)
                }
            }
        } else {
            SeatLine.run(&self, &shapes, free: &free)
        }
        seats.free = free
        if allowed == .everything { keepPlaces() }
    }

    /// Gives each case what needs no further seat and returns those who need one.
    private mutating func prepare(_ shapes: inout ShapeTable) -> [Int] {
        var needy: [Int] = []
        shapes.shapeOfCase = [Int32](repeating: -1, count: cases.count)
        var joined = [Int32](repeating: -2, count: input.evaluation.desired.count)
        for index in cases.indices {
            let item = cases[index]
            cases[index].final = item.wanted
            cases[index].flags.remove(.notCreated)
            if item.newStatus == .suspended || item.newStatus == .removed || book.topology.pools.isEmpty { continue }
            let isPlainJoiner = item.flags.contains(.joiner) && !item.flags.contains(.withheld)
            var place = isPlainJoiner ? joined[Int(item.grantSet)] : -2
            if place == -2 {
                place = shapes.place(of: item, keeping: present(index)) { shape(of: $0) }
                if isPlainJoiner { joined[Int(item.grantSet)] = place }
            }
            guard place >= 0 else { continue }
            cases[index].final = access(0, of: &shapes.shapes[Int(place)])
            shapes.shapeOfCase[index] = place
            needy.append(index)
        }
        return needy
    }

    /// Takes what a case holds before it competes out of, or back into, what is free.
    private mutating func count(_ item: PersonCase, _ free: inout [Int]) {
        if free.isEmpty || (item.final == item.oldAccess && item.newStatus == item.oldStatus) { return }
        if !item.flags.contains(.joiner) {
            for pool in book.pools(item.oldAccess, item.oldStatus) { free[Int(pool)] += 1 }
        }
        if item.flags.contains(.returner), isIdle(item) {
            for pool in book.pools(item.oldAccess, item.oldStatus) { free[Int(pool)] -= 1 }
            return
        }
        for pool in book.pools(item.final, item.newStatus) { free[Int(pool)] -= 1 }
    }

    /// A returner to whom nothing can be given yet, for want of a seat or of an approval.
    func isIdle(_ item: PersonCase) -> Bool {
        book[item.final].isEmpty && (!book[item.wanted].isEmpty || item.flags.contains(.withheld))
    }

    /// Places of people about whom nothing is decided tonight stay as they are.
    private mutating func keepPlaces() {
        if line.isEmpty { return }
        var frozen = [Bool](repeating: false, count: line.count)
        for (index, item) in cases.enumerated() where item.flags.contains(.frozen) && item.newStatus == item.oldStatus {
            frozen[Int(line.number(of: item))] = item.flags.contains(.unread) || !hasCause(index)
        }
        for person in setAside {
            let user = join.userOfPerson[Int(person)]
            frozen[Int(user != RosterJoin.none ? user : line.number(ofPerson: person))] = true
        }
        let unreadNames = Set(input.unread.map(\.name))
        if let pilot { keepPlacesOutside(pilot, &frozen) }
        let stays = input.roster.waiting.enumerated().map { index, place in
            let holder = line.holders[index]
            return holder != LineIndex.nobody && frozen[Int(holder)]
                || unreadNames.contains(place.person.directory)
                || !input.mirror.directories.contains(place.person.directory)
        }
        if input.hasFrozenGroups { keepPlacesOfFrozenGroups(except: stays) }
        for index in stays.indices where stays[index] { keep(index) }
    }

    /// Whether a user is suspended for something: who is waits for no seat.
    private func hasCause(_ index: Int) -> Bool {
        let item = cases[index]
        guard item.newStatus == .suspended else { return false }
        let details = outcomes[index]?.details ?? input.roster.details[Int(item.user)]
        return details?.causes.isEmpty == false
    }

    /// Nothing is decided about people whom a pilot leaves as they are.
    private func keepPlacesOutside(_ pilot: PilotScope, _ frozen: inout [Bool]) {
        for holder in line.holders where holder != LineIndex.nobody {
            if let user = line.user(holder) {
                if !pilot.contains(input.roster.users[user], join.personOfUser[user]) { frozen[Int(holder)] = true }
            } else if let person = line.person(holder), !isInPilot(person: person) {
                frozen[Int(holder)] = true
            }
        }
    }

    private mutating func keep(_ index: Int) {
        let place = input.roster.waiting[index]
        let pools = book.poolsAwaited(place)
        seats.places.append(
            SeatOutcome.Standing(place: place, kept: UInt32(truncatingIfNeeded: index), pools: pools))
    }

    /// A frozen group does not know who stands in line as a member: no place ends for lack of a rule.
    ///
    /// `kept` says of each place whether it stays already.
    private mutating func keepPlacesOfFrozenGroups(except kept: [Bool]) {
        var caseOf = [UInt32](repeating: UInt32.max, count: line.count)
        for index in cases.indices { caseOf[Int(line.number(of: cases[index]))] = UInt32(truncatingIfNeeded: index) }
        var scopes: [UInt32: [ScopePath]] = [:]
        for standing in seats.places where standing.caseIndex != SeatOutcome.Standing.none {
            scopes[standing.caseIndex, default: []].append(standing.place.scope)
        }
        for (index, place) in input.roster.waiting.enumerated() {
            let holder = line.holders[index]
            guard !kept[index], holder != LineIndex.nobody, let person = person(holder) else { continue }
            let state = input.mirror.people[person].state
            let isGiven = desired(grantSet(of: person)).claims.contains { $0.scope == place.scope }
            // A user who is disabled and not suspended for it is one whose disabling is only reported: nothing is taken.
            guard !isGiven, state.isEnabled || isUser(holder) else { continue }
            if caseOf[Int(holder)] != UInt32.max {
                let item = cases[Int(caseOf[Int(holder)])]
                if scopes[caseOf[Int(holder)]]?.contains(place.scope) == true { continue }
                if place.forPace, item.flags.contains(.joiner) { continue }
                if item.newStatus == .removed || hasCause(Int(caseOf[Int(holder)])) { continue }
            }
            keep(index)
        }
    }

    /// Whether who stands in line is a user, and not a removed one.
    private func isUser(_ holder: UInt32) -> Bool {
        line.user(holder).map { input.roster.users[$0].status != .removed } ?? false
    }

    /// The place in the mirror of who stands in line; nil for somebody who is not in it.
    private func person(_ holder: UInt32) -> Int? {
        guard let user = line.user(holder) else { return line.person(holder) }
        let person = join.personOfUser[user]
        return person == RosterJoin.none ? nil : Int(person)
    }
}

/// The shapes of all moves that need a seat.
struct ShapeTable {
    var shapes: [SeatShape] = []
    private var places: [SeatShape.Move: Int32] = [:]
    /// For each case the place of its shape; -1 when it needs no seat.
    var shapeOfCase: [Int32] = []

    init() {}

    mutating func place(
        of item: PersonCase, keeping kept: UInt32, _ make: (SeatShape.Move) -> SeatShape
    ) -> Int32 {
        let move = SeatShape.Move(
            old: item.oldAccess, kept: kept, oldStatus: item.flags.contains(.joiner) ? .removed : item.oldStatus,
            wanted: item.wanted, newStatus: item.newStatus, grantSet: item.grantSet)
        if let known = places[move] { return known }
        let shape = make(move)
        var place: Int32 = -1
        if !shape.units.isEmpty {
            place = Int32(truncatingIfNeeded: shapes.count)
            shapes.append(shape)
        }
        places[move] = place
        return place
    }
}
