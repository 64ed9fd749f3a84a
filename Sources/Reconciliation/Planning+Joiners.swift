import AccessModel
import DirectoryModel

/// Finds people who are no users and whom rules give something.
extension Planning {
    mutating func findJoiners() {
        let people = input.mirror.people
        let users = input.roster.users
        input.mirror.arena.withUnsafeBufferPointer { arena in
            let scan = PersonScan(arena: arena)
            for person in people.indices {
                let set = grantSet(of: person)
                guard set != 0, isInPilot(person: person) else { continue }
                let user = join.userOfPerson[person]
                if user != RosterJoin.none, users[Int(user)].status != .removed || !users[Int(user)].managed {
                    continue
                }
                addJoiner(person, user, scan)
            }
        }
    }

    private mutating func addJoiner(_ person: Int, _ user: UInt32, _ scan: PersonScan) {
        let record = input.mirror.people[person]
        var item = PersonCase(user: user, person: UInt32(truncatingIfNeeded: person))
        item.grantSet = grantSet(of: person)
        item.flags = [.joiner, .nameChanges]
        guard isMapped(item), record.state.isEnabled || record.problems.contains(.contradictoryState) else { return }
        if ownCauses(of: item.person) != 0 || isBarred(item, record) { return }
        if let quarantine = Quarantine(record.problems) { return setAside(item, quarantine) }
        let nobody = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        switch scan.email(record, current: nobody, domains: emailDomains) {
        case .current, .none: return setAside(item, .noEmail)
        case .foreign: return setAside(item, .foreignEmail)
        case .other(let from, let count): item.take(email: from, count, hash: EmailFold.hash(scan.bytes(from, count)))
        }
        if let name = scan.name(record) { item.take(name: name.from, name.count) }
        if protection.contains(joiner: key(of: item), email: scan.bytes(Int(item.emailStart), Int(item.emailLength))) {
            item.flags.insert(.protected)
        }
        item.newStatus = settings.policy.new == .invite ? .invited : .active
        cases.append(item)
    }

    /// A removed user whose cause does not end by being found and mapped again: suspended by hand, or inactive.
    private mutating func isBarred(_ item: PersonCase, _ record: PersonRow) -> Bool {
        guard item.user != RosterJoin.none, let details = input.roster.details[Int(item.user)] else { return false }
        if details.causes.contains(where: { $0.kind == .manual }) {
            findings.append(
                Finding(
                    code: "user.manual", weight: .note, person: key(of: item), label: label(of: item),
                    message: "was suspended by hand before being removed, so not invited again",
                    hint: "lift it with `rollcall resume`"))
            return true
        }
        let last = max(input.roster.users[Int(item.user)].lastSignIn, record.lastSignIn)
        if let reclaimed = details.causes.first(where: { $0.kind == .reclaimed }) { return last <= reclaimed.since }
        guard details.causes.contains(where: { $0.kind == .inactive }) else { return false }
        let before = input.now.subtractingReportingOverflow(settings.policy.inactive.afterSeconds).partialValue
        return last <= before
    }

    /// A newcomer who cannot be treated: no user, but the place in line stays.
    mutating func setAside(_ item: PersonCase, _ quarantine: Quarantine) {
        setAside.insert(item.person)
        addQuarantine(quarantine, item)
    }
}
