import AccessModel
import DirectoryModel
import MappingLanguage

/// Writes a finished reconciliation down as a plan: subjects in order, changes in order, each with its reason.
struct PlanWriter {
    var planning: Planning
    var plan: TargetPlan
    var reasons: PlanReasons
    /// Numbers in the plan of accesses and group sets; `UInt32.max` where not used yet.
    private var accessNumbers: [UInt32]
    private var groupNumbers: [UInt32]
    /// Numbers in the plan of the roster's directories.
    private var rosterDirectories: [UInt8] = []
    var leaving: [Change] = []
    var staying: [Change] = []
    var coming: [Change] = []
    /// Subjects by case, for guards.
    private(set) var subjectOfCase: [Int: UInt32] = [:]
    private var lines = LineChanges()

    init(_ planning: Planning) {
        self.planning = planning
        plan = TargetPlan(target: planning.settings.name, mode: planning.settings.mode)
        plan.isNightly = true
        reasons = PlanReasons(planning.input)
        accessNumbers = [UInt32](repeating: UInt32.max, count: planning.book.accesses.count)
        groupNumbers = [UInt32](repeating: UInt32.max, count: planning.groupSets.count)
        if !accessNumbers.isEmpty { accessNumbers[0] = 0 }
        if !groupNumbers.isEmpty { groupNumbers[0] = 0 }
    }

    mutating func write() {
        nameDirectories()
        lines = LineChanges(&planning)
        let order = order()
        plan.subjects.reserveCapacity(order.count)
        plan.texts.reserve(order.count * 40)
        coming.reserveCapacity(planning.cases.count { $0.flags.contains(.joiner) })
        let needsPlaces = !planning.counted.isEmpty
        for key in order {
            let index = Int(key.item)
            if index < planning.cases.count {
                if needsPlaces { subjectOfCase[index] = UInt32(truncatingIfNeeded: plan.subjects.count) }
                write(index)
            } else {
                writeLeft(lines.left[index - planning.cases.count])
            }
        }
        plan.changes = leaving
        if plan.changes.isEmpty { plan.changes = staying } else { plan.changes += staying }
        if plan.changes.isEmpty { plan.changes = coming } else { plan.changes += coming }
        plan.reasons = reasons.reasons
        plan.waiting = lines.waiting
        plan.ledger = Ledger.rows(&planning, lines)
        plan.findings = PlanWriter.sorted(planning.findings)
        plan.unread = planning.unreadDirectories().filter { !$0.cause.isEmpty }
        plan.protected = planning.protection.keys.sorted()
        if planning.allowed != .everything { plan.protected = planning.input.roster.protected }
    }

    private mutating func nameDirectories() {
        plan.directories = planning.input.mirror.directories
        for name in planning.input.roster.directories {
            if let place = plan.directories.firstIndex(of: name) {
                rosterDirectories.append(UInt8(truncatingIfNeeded: place))
            } else {
                rosterDirectories.append(UInt8(truncatingIfNeeded: plan.directories.count))
                plan.directories.append(name)
            }
        }
    }

    /// Everybody to write about, in order; places behind the cases are people who only leave the line.
    private func order() -> [SubjectOrder.Key] {
        var keys: [SubjectOrder.Key] = []
        keys.reserveCapacity(planning.cases.count)
        let arena = planning.input.mirror.arena
        let texts = planning.input.roster.texts.bytes
        arena.withUnsafeBufferPointer { arena in
            texts.withUnsafeBufferPointer { texts in
                let bytes = EmailBytes(arena: arena, texts: texts, planning: planning, lines: lines)
                for index in planning.cases.indices where isWritten(index) {
                    let item = UInt32(truncatingIfNeeded: index)
                    keys.append(SubjectOrder.Key(bytes.of(item), item: item))
                }
                for index in lines.left.indices {
                    let item = UInt32(truncatingIfNeeded: planning.cases.count + index)
                    keys.append(SubjectOrder.Key(bytes.of(item), item: item))
                }
                SubjectOrder.sort(&keys) { left, right in bytes.precedes(left, right) }
            }
        }
        return keys
    }

    /// Whether a case has a row to write or a change of place in line.
    private func isWritten(_ index: Int) -> Bool {
        lines.isConcerned(index) || hasRow(index)
    }

    func hasRow(_ index: Int) -> Bool {
        let item = planning.cases[index]
        if item.flags.contains(.joiner) { return item.isCreated }
        if item.newStatus != item.oldStatus || item.final != item.oldAccess { return true }
        if !item.flags.isDisjoint(with: [.emailChanges, .nameChanges, .permissionsEdited]) { return true }
        if planning.endedGrants[index] != nil || planning.movedUsers[item.user] != nil { return true }
        return planning.outcomes[index] != nil || groupSet(of: item) != row(of: item)?.groupSet
    }

    func row(of item: PersonCase) -> UserRow? {
        item.user == RosterJoin.none ? nil : planning.input.roster.users[Int(item.user)]
    }

    /// The set of mapped groups to record; who is frozen keeps the recorded one.
    func groupSet(of item: PersonCase) -> UInt32 {
        let isKept = item.flags.contains(.frozen) || item.person == RosterJoin.none
        if isKept, let row = row(of: item) { return row.groupSet }
        guard item.person != RosterJoin.none, Int(item.person) < planning.input.evaluation.groupSet.count else {
            return 0
        }
        let set = Int(planning.input.evaluation.groupSet[Int(item.person)])
        return set < planning.numberOfGroupSet.count ? planning.numberOfGroupSet[set] : 0
    }

    mutating func access(_ number: UInt32) -> UInt32 {
        guard Int(number) < planning.book.accesses.count else { return 0 }
        while accessNumbers.count <= Int(number) { accessNumbers.append(UInt32.max) }
        if accessNumbers[Int(number)] == UInt32.max {
            accessNumbers[Int(number)] = UInt32(truncatingIfNeeded: plan.accesses.count)
            plan.accesses.append(planning.book[number])
            plan.effective.append(planning.book.effectiveText(number))
        }
        return accessNumbers[Int(number)]
    }

    mutating func groups(_ number: UInt32) -> UInt32 {
        guard Int(number) < groupNumbers.count, !planning.groupSets[Int(number)].isEmpty else { return 0 }
        if groupNumbers[Int(number)] == UInt32.max {
            groupNumbers[Int(number)] = UInt32(truncatingIfNeeded: plan.groupSets.count)
            plan.groupSets.append(planning.groupSets[Int(number)])
        }
        return groupNumbers[Int(number)]
    }

    func directory(_ item: PersonCase) -> UInt8 {
        if item.person != RosterJoin.none { return planning.input.mirror.people[Int(item.person)].directory }
        guard let row = row(of: item), Int(row.directory) < rosterDirectories.count else { return 0 }
        return rosterDirectories[Int(row.directory)]
    }

    private mutating func write(_ index: Int) {
        let item = planning.cases[index]
        let number = UInt32(truncatingIfNeeded: plan.subjects.count)
        let arena = planning.input.mirror.arena
        let old = row(of: item)
        let email =
            item.flags.contains(.emailChanges)
            ? plan.texts.append(PlanWriter.slice(arena, item.emailStart, item.emailLength))
            : plan.texts.append(planning.input.roster.texts.slice(old?.email ?? .empty))
        let name =
            item.flags.contains(.nameChanges)
            ? plan.texts.append(PlanWriter.slice(arena, item.nameStart, item.nameLength))
            : plan.texts.append(planning.input.roster.texts.slice(old?.name ?? .empty))
        let id = old?.id ?? planning.input.mirror.people[Int(item.person)].id
        var subject = Subject(
            row: nil, version: old?.version ?? 0, id: id, email: email, name: name, directory: directory(item),
            person: item.person == RosterJoin.none ? nil : item.person)
        if hasRow(index) {
            subject.row = newRow(index, subject, old)
            let details = newDetails(index)
            if !details.isEmpty { plan.details[Int(number)] = details }
            writeChanges(index, number, subject)
        }
        plan.subjects.append(subject)
        for line in lines.newPlaces(of: index) { writeWait(line, number) }
        for line in lines.endedPlaces(of: index) { writeStop(line, number, whyStopped(line.place, index)) }
    }

    private mutating func newRow(_ index: Int, _ subject: Subject, _ old: UserRow?) -> UserRow {
        let item = planning.cases[index]
        let isNew = item.flags.contains(.joiner)
        let isGiven = item.final != item.oldAccess || isNew
        let reason = isGiven ? accessReason(item) : UserRow.keepsReason
        return UserRow(
            user: old?.user ?? 0, id: subject.id, email: subject.email, name: subject.name,
            lastSignIn: old?.lastSignIn ?? Int64.min,
            since: isNew ? planning.input.now : old?.since ?? planning.input.now,
            access: access(item.final), groupSet: groups(groupSet(of: item)),
            reason: reason,
            version: (old?.version ?? 0) &+ 1, directory: subject.directory, status: item.newStatus, managed: true)
    }

    func newDetails(_ index: Int) -> UserDetails {
        let item = planning.cases[index]
        if item.flags.contains(.joiner) { return UserDetails() }
        var details =
            planning.outcomes[index]?.details ?? planning.input.roster.details[Int(item.user)] ?? UserDetails()
        if item.newStatus == .invited || item.newStatus == .active {
            details.statusBefore = nil
            details.statusSince = nil
        }
        if let ended = planning.endedGrants[index] { details.manual.removeAll(where: ended.contains) }
        if item.newStatus == .removed { details.manual = [] }
        return details
    }

    /// Why somebody has their access: rules, else the first grant by hand.
    private mutating func accessReason(_ item: PersonCase) -> UInt32 {
        if planning.isMappedByRules(item) { return reasons.number(rulesOf: item) }
        guard let grant = planning.manualGrants(of: item).first(where: { !$0.isExpired(at: planning.input.now) })
        else { return UserRow.keepsReason }
        return reasons.number(grant.given)
    }

    /// Somebody without a case who no longer stands in line.
    private mutating func writeLeft(_ left: LineChanges.Left) {
        let number = UInt32(truncatingIfNeeded: plan.subjects.count)
        if !plan.directories.contains(left.key.directory) { plan.directories.append(left.key.directory) }
        let directory = plan.directories.firstIndex(of: left.key.directory) ?? 0
        let email = plan.texts.append(left.email)
        plan.subjects.append(
            Subject(
                row: nil, version: left.version, id: left.key.id, email: email, name: .empty,
                directory: UInt8(truncatingIfNeeded: directory), person: left.person))
        for line in left.places { writeStop(line, number, whyStopped(line.place, left)) }
    }

    private mutating func writeWait(_ line: LineChanges.Line, _ subject: UInt32) {
        let reason = line.place.forPace ? .pace : Reason.seats(pool: line.pool, detail: "no seat is free")
        coming.append(
            Change(
                kind: .wait, evidence: .positive, subject: subject, reason: reasons.number(reason),
                scope: line.place.scope, after: line.place.role))
    }

    private mutating func writeStop(_ line: LineChanges.Line, _ subject: UInt32, _ reason: Reason) {
        coming.append(
            Change(
                kind: .stopWaiting, evidence: reason.stopEvidence, subject: subject, reason: reasons.number(reason),
                scope: line.place.scope, before: line.place.role))
    }

    static func slice(_ arena: [UInt8], _ start: UInt32, _ length: UInt32) -> ArraySlice<UInt8> {
        let from = min(Int(start), arena.count)
        return arena[from..<min(from + Int(length), arena.count)]
    }

    static func sorted(_ findings: [Finding]) -> [Finding] {
        Array(Set(findings)).sorted { left, right in
            if left.weight != right.weight { return left.weight > right.weight }
            if left.code != right.code { return precedes(left.code, right.code) }
            if left.label != right.label { return precedes(left.label, right.label) }
            if left.message != right.message { return precedes(left.message, right.message) }
            guard let one = left.person, let other = right.person else {
                return left.person == nil && right.person != nil
            }
            return one < other
        }
    }
}

extension UserRow {
    /// In a plan: the reason that the roster has for the access stays.
    package static let keepsReason = UInt32.max
}

/// The emails by which subjects are ordered.
private struct EmailBytes {
    let arena: UnsafeBufferPointer<UInt8>
    let texts: UnsafeBufferPointer<UInt8>
    let planning: Planning
    let lines: LineChanges

    func of(_ item: UInt32) -> UnsafeBufferPointer<UInt8> {
        guard Int(item) < planning.cases.count else { return UnsafeBufferPointer(start: nil, count: 0) }
        let found = planning.cases[Int(item)]
        if found.flags.contains(.emailChanges) {
            return PersonScan(arena: arena).bytes(Int(found.emailStart), Int(found.emailLength))
        }
        guard found.user != RosterJoin.none else { return UnsafeBufferPointer(start: nil, count: 0) }
        return Planning.slice(texts, planning.input.roster.users[Int(found.user)].email)
    }

    func precedes(_ left: UInt32, _ right: UInt32) -> Bool {
        let (one, other) = (email(left), email(right))
        if one != other { return one.lexicographicallyPrecedes(other) }
        return key(left) < key(right)
    }

    private func email(_ item: UInt32) -> [UInt8] {
        Int(item) < planning.cases.count ? Array(of(item)) : lines.left[Int(item) - planning.cases.count].email
    }

    private func key(_ item: UInt32) -> PersonKey {
        Int(item) < planning.cases.count
            ? planning.key(of: planning.cases[Int(item)]) : lines.left[Int(item) - planning.cases.count].key
    }
}

extension TargetPlan {
    /// Adds a finding that is not the reconciler's own, in its place among the others.
    package mutating func add(_ finding: Finding) { findings = TargetPlan.sorted(findings + [finding]) }

    /// Findings in the order of a plan, each once.
    package static func sorted(_ findings: [Finding]) -> [Finding] { PlanWriter.sorted(findings) }
}

extension Finding {
    /// So many users are not in the read, and were not asked about, since a run asks about `most` people.
    package static func absenceNotAsked(_ count: Int, most: Int) -> Finding {
        let users = count == 1 ? "1 user is" : "\(count) users are"
        let them = count == 1 ? "them" : "any of them"
        return Finding(
            code: "user.absence-not-asked", weight: .warning,
            message: "\(users) not in the read, and the directory was not asked about \(them): nothing is done",
            hint: "a run asks about \(most) people at most; the next runs take the others")
    }
}
