import AccessModel
import DirectoryModel
import MappingLanguage

/// Picks out the users about whom there is something to think; the others cost one comparison each.
extension Planning {
    mutating func scanUsers() {
        census = AccessCensus(roster: input.roster, accesses: max(input.roster.accesses.count, 1))
        if let rest = input.rest { census.add(rest.users) }
        guard allowed != .nothing else { return }
        let scan = unsettled()
        for user in scan.picked { addCase(of: user) }
        guard allowed == .everything else { return }
        inactiveHolders = scan.inactive
        for user in scan.reminders { addReminder(user) }
        if pilot != nil { reportPilot(outside: scan.outside) }
        for place in scan.expired { reportExpiredOutside(place) }
    }

    /// What one look at everybody finds.
    private struct UserScan {
        /// Managed users who differ in anything, or have a history.
        var picked: [UInt32] = []
        /// Invited long ago.
        var reminders: [UInt32] = []
        /// Active, and so long without a sign-in that their seats may be taken back.
        var inactive: [UInt32] = []
        /// How many a pilot leaves as they are.
        var outside = 0
        /// Of those, who has a grant by hand that has expired.
        var expired: [Int] = []
    }

    /// Places of users about whom there may be something to do.
    private func unsettled() -> UserScan {
        let roster = input.roster
        var special = [Bool](repeating: false, count: roster.users.count)
        for place in roster.details.keys where place < special.count { special[place] = true }
        for holder in line.holders { if let user = line.user(holder) { special[user] = true } }
        for place in movedUsers.keys { special[Int(place)] = true }
        markOwnCauses(&special)
        let oldest = settings.policy.inactive.afterSeconds
        let inactiveBefore = input.now.subtractingReportingOverflow(oldest).partialValue
        let invitedBefore = input.now.subtractingReportingOverflow(settings.policy.inviteReminderSeconds).partialValue
        let reclaimBefore = reclaimBefore
        var found = UserScan()
        let users = roster.users
        let people = input.mirror.people
        input.mirror.arena.withUnsafeBufferPointer { arena in
            roster.texts.bytes.withUnsafeBufferPointer { texts in
                let scan = PersonScan(arena: arena)
                for place in users.indices {
                    let row = users[place]
                    guard row.managed, row.status != .removed else { continue }
                    let person = join.personOfUser[place]
                    if let pilot, !pilot.contains(row, person) {
                        found.outside += 1
                        if special[place], hasExpiredGrant(place) { found.expired.append(place) }
                        continue
                    }
                    if row.status == .invited, row.since <= invitedBefore {
                        found.reminders.append(UInt32(truncatingIfNeeded: place))
                    }
                    if person != RosterJoin.none, row.status != .suspended {
                        let lastSignIn = max(row.lastSignIn, people[Int(person)].lastSignIn)
                        if lastSignIn <= reclaimBefore, lastSignIn != Int64.min, row.status == .active,
                            row.since <= reclaimBefore, !unread.contains(user: row.directory)
                        {
                            found.inactive.append(UInt32(truncatingIfNeeded: place))
                        }
                        if !special[place], isSettled(row, people[Int(person)], Int(person)),
                            lastSignIn == Int64.min || lastSignIn > inactiveBefore
                        {
                            let email = Planning.slice(texts, row.email)
                            let record = people[Int(person)]
                            if scan.agrees(
                                record.start, record.length, email: email, name: Planning.slice(texts, row.name)),
                                EmailFold.isInside(emailDomains, email)
                            {
                                continue
                            }
                        }
                    }
                    found.picked.append(UInt32(truncatingIfNeeded: place))
                }
            }
        }
        return found
    }

    /// Users for whom an own cause holds.
    private func markOwnCauses(_ special: inout [Bool]) {
        for cause in input.evaluation.causes {
            cause.forEach { person in
                let user = Int(person) < join.userOfPerson.count ? join.userOfPerson[Int(person)] : RosterJoin.none
                if user != RosterJoin.none { special[Int(user)] = true }
            }
        }
    }

    @inline(__always)
    private func isSettled(_ row: UserRow, _ record: PersonRow, _ person: Int) -> Bool {
        guard record.state == .enabled, record.problems.isEmpty, person < input.evaluation.grantSet.count,
            person < input.evaluation.groupSet.count
        else { return false }
        let set = Int(input.evaluation.grantSet[person])
        let groups = Int(input.evaluation.groupSet[person])
        guard set != 0, set < accessOfGrantSet.count, groups < numberOfGroupSet.count else { return false }
        return isPlain[set] && accessOfGrantSet[set] == row.access && numberOfGroupSet[groups] == row.groupSet
            && !isEdited(row.access)
    }

    @inline(__always)
    static func slice(_ texts: UnsafeBufferPointer<UInt8>, _ span: TextSpan) -> UnsafeBufferPointer<UInt8> {
        let start = min(Int(span.start), texts.count)
        return UnsafeBufferPointer(rebasing: texts[start..<min(start + Int(span.length), texts.count)])
    }

    private mutating func addReminder(_ user: UInt32) {
        let row = input.roster.users[Int(user)]
        let days = (input.now - row.since) / 86_400
        findings.append(
            Finding(
                code: "user.not-accepted", weight: .note, person: input.roster.key(of: Int(user)),
                label: input.roster.email(of: Int(user)), message: "invited \(days) days ago and not accepted yet",
                hint: "send it again with `rollcall resend`, or import the platform's users with `import --update`"))
    }

    /// A managed user about whom there is something to think.
    private mutating func addCase(of user: UInt32) {
        let row = input.roster.users[Int(user)]
        let person = join.personOfUser[Int(user)]
        var item = PersonCase(user: user, person: person)
        item.oldAccess = row.access
        item.wanted = row.access
        item.final = row.access
        item.oldStatus = row.status
        item.newStatus = row.status
        if person != RosterJoin.none { item.grantSet = grantSet(of: Int(person)) }
        if protection.contains(user: user) { item.flags.insert(.protected) }
        let isUnread = unread.contains(user: row.directory)
        if isUnread { item.flags.insert(.unread) }
        let observation = observe(user, &item)
        if allowed == .suspensionsOfDisabled {
            if isUnread { return }
            item.flags.insert(.frozen)
            item.flags.remove([.emailChanges, .nameChanges])
            guard observation.disabled == true else { return }
            observations[cases.count] = Observation(disabled: true)
        } else {
            observations[cases.count] = observation
        }
        caseOfUser[user] = cases.count
        cases.append(item)
    }

    /// Decides nothing about people of directories that were not read; until here they have contested emails, as those whom the
    /// mirror last had, so that nobody else gets what is theirs.
    ///
    /// Newcomers stand behind all users, so the places of users stay.
    mutating func freezeUnread() {
        if unread.isEmpty { return }
        var newcomers: Set<Int> = []
        for index in cases.indices where cases[index].flags.contains(.unread) {
            cases[index].flags.insert(.frozen)
            cases[index].flags.remove([.emailChanges, .nameChanges, .disabled])
            if cases[index].flags.contains(.joiner) { newcomers.insert(index) }
            if observations[index] != nil { observations[index] = .nothing }
        }
        dropCases(newcomers)
    }

    /// What the run saw of a user; sets the email and name to take over, and `frozen`.
    private mutating func observe(_ user: UInt32, _ item: inout PersonCase) -> Observation {
        if item.person != RosterJoin.none { return observePresent(user, &item) }
        item.flags.insert(.frozen)
        switch input.absences[input.roster.key(of: Int(user))] {
        case .gone: return Observation(missing: true)
        case .outOfScope(_, let state):
            if !state.isEnabled { item.flags.insert(.disabled) }
            return Observation(
                disabled: !state.isEnabled, missing: false, outOfScope: state.isEnabled ? true : nil)
        case .unknown:
            reportUnconfirmed(item)
            return .nothing
        case nil: return .nothing
        }
    }

    /// Nothing is done about somebody who may be there after all, but it should not stay so for ever unseen.
    private mutating func reportUnconfirmed(_ item: PersonCase) {
        guard allowed == .everything, item.oldStatus == .invited || item.oldStatus == .active else { return }
        findings.append(
            Finding(
                code: Finding.absenceUnconfirmed, weight: .warning, person: key(of: item), label: label(of: item),
                message:
                    "not in the read, but the directory could not be asked whether the person is gone: nothing is done",
                hint: "a referral, a part that the bind account may not search, or an entry without an id or with a "
                    + "name that is no DN leaves this open"))
    }

    private mutating func observePresent(_ user: UInt32, _ item: inout PersonCase) -> Observation {
        let record = input.mirror.people[Int(item.person)]
        let isContradictory = record.problems.contains(.contradictoryState)
        let isDisabled = !record.state.isEnabled && !isContradictory
        if isDisabled { item.flags.insert(.disabled) }
        var quarantine = Quarantine(record.problems)
        if quarantine == nil { quarantine = takeEmailAndName(user, &item) }
        if let quarantine {
            item.flags.insert(.frozen)
            item.flags.remove([.emailChanges, .nameChanges])
            if !isDisabled { addQuarantine(quarantine, item) }
            return isDisabled ? Observation(disabled: true) : .nothing
        }
        return Observation(
            disabled: isDisabled, missing: false, outOfScope: false, unmapped: !isMapped(item),
            inactive: isInactive(user, record), reclaimed: isReclaimed(user, record), own: ownCauses(of: item.person))
    }

    /// Own causes that hold for somebody in the mirror, one bit each.
    func ownCauses(of person: UInt32) -> UInt64 { Int(person) < ownCauses.count ? ownCauses[Int(person)] : 0 }

    /// False once somebody whose seat was taken back signed in again, or may keep the one that a human gave back; nil
    /// where nothing can be said.
    private func isReclaimed(_ user: UInt32, _ record: PersonRow) -> Bool? {
        guard let details = input.roster.details[Int(user)] else { return nil }
        let since =
            details.causes.first { $0.kind == .reclaimed }?.since
            ?? details.pending.first { $0.kind == .reclaimed }?.firstSeen
        let last = max(input.roster.users[Int(user)].lastSignIn, record.lastSignIn)
        guard let since else {
            guard details.lifted.contains(.reclaimed) else { return nil }
            guard let seconds = settings.policy.reclaimInactiveSeconds else { return false }
            return input.now.subtractingReportingOverflow(last).partialValue < seconds ? false : nil
        }
        return last > since ? false : nil
    }

    /// The email and name that the directory gives where they differ from the roster's.
    private func takeEmailAndName(_ user: UInt32, _ item: inout PersonCase) -> Quarantine? {
        let row = input.roster.users[Int(user)]
        let record = input.mirror.people[Int(item.person)]
        return input.mirror.arena.withUnsafeBufferPointer { arena in
            input.roster.texts.bytes.withUnsafeBufferPointer { texts in
                let scan = PersonScan(arena: arena)
                switch scan.email(record, current: Planning.slice(texts, row.email), domains: emailDomains) {
                case .current: break
                case .other(let from, let count):
                    item.take(email: from, count, hash: EmailFold.hash(scan.bytes(from, count)))
                case .none: return .noEmail
                case .foreign: return .foreignEmail
                }
                if let name = scan.name(record), !scan.equals(name.from, name.count, Planning.slice(texts, row.name)) {
                    item.take(name: name.from, name.count)
                }
                return nil
            }
        }
    }

    /// Whether the last sign-in is too long ago, for somebody who has been a user for as long; nil when nothing can be said.
    private func isInactive(_ user: UInt32, _ record: PersonRow) -> Bool? {
        let policy = settings.policy.inactive
        let last = max(input.roster.users[Int(user)].lastSignIn, record.lastSignIn)
        if last == Int64.min { return nil }
        let reference = max(last, input.roster.users[Int(user)].since)
        if input.now.subtractingReportingOverflow(reference).partialValue < policy.afterSeconds { return false }
        if let imported = input.roster.signInsImported {
            let age = input.now.subtractingReportingOverflow(imported).partialValue
            if age > policy.feedNotOlderThanSeconds { return nil }
        }
        return true
    }

    mutating func addQuarantine(_ quarantine: Quarantine, _ item: PersonCase) {
        let (message, hint) = quarantine.words
        findings.append(
            Finding(
                code: quarantine.code, weight: .warning, person: key(of: item), label: label(of: item),
                message: message, hint: hint))
    }
}

extension PersonCase {
    /// An email to take over, in the mirror's arena.
    mutating func take(email from: Int, _ count: Int, hash: UInt64) {
        emailStart = UInt32(truncatingIfNeeded: from)
        emailLength = UInt32(truncatingIfNeeded: count)
        emailHash = hash
        flags.insert(.emailChanges)
    }

    /// A name to take over, in the mirror's arena.
    mutating func take(name from: Int, _ count: Int) {
        nameStart = UInt32(truncatingIfNeeded: from)
        nameLength = UInt32(truncatingIfNeeded: count)
        flags.insert(.nameChanges)
    }
}

extension Quarantine {
    /// What a finding says, and what to do about it.
    var words: (message: String, hint: String) {
        switch self {
        case .unreadable:
            (
                "the entry holds values that cannot be used, so the person is set aside",
                "repair the entry in the directory"
            )
        case .unclearState:
            (
                "what says whether the account is disabled is hidden, contradicts itself or means nothing, so the person is set aside",
                "let the bind account read it, or repair the entry in the directory"
            )
        case .noEmail:
            ("there is no usable email, so the person is set aside", "give the entry an email")
        case .foreignEmail:
            (
                "no email is in a domain where invitations may go, so the person is set aside",
                "correct the entry, or add the domain to `email_domains`"
            )
        case .collision:
            (
                "another person has or claims the same email, so the person is set aside",
                "give one of the two another email in the directory"
            )
        }
    }
}
