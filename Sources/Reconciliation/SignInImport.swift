import AccessModel
package import DirectoryModel

/// What `import --update` brings of one user: when they last signed in, and whether they accepted the invitation.
package struct SignInRecord: Sendable, Equatable {
    package enum Who: Sendable, Equatable {
        case email(String)
        case id(ImmutableID)
        /// The platform's own id of the account.
        case account(String)
    }

    /// What tells who it is, the surest first: what finds nobody leaves it to the next.
    package var who: [Who]
    /// Seconds since 1970; nil when not told.
    package var lastSignIn: Int64?
    package var accepted: Bool
    /// Line in the file, for findings.
    package var line: Int

    package init(who: [Who], lastSignIn: Int64?, accepted: Bool, line: Int) {
        self.who = who
        self.lastSignIn = lastSignIn
        self.accepted = accepted
        self.line = line
    }
}

extension Reconciler {
    /// The plan of an import of sign-ins: later sign-ins are recorded, invited users who accepted or signed in become active.
    ///
    /// `accounts` are those of the target's users. A record that matches nobody, or a sign-in in the future, is a finding.
    package func plan(
        signIns records: [SignInRecord], by name: String, roster: TargetRoster, accounts: [KnownAccount] = [],
        now: Int64
    ) -> TargetPlan {
        var plan = TargetPlan(target: settings.name, mode: settings.mode)
        plan.waiting = roster.waiting
        plan.protected = roster.protected
        plan.reasons = [.human(name: name, reason: "imported from the platform")]
        plan.directories = roster.directories
        let news = SignInNews(records, roster: roster, accounts: accounts, now: now)
        plan.findings = PlanWriter.sorted(news.findings)
        var tables = ImportTables(roster: roster)
        let order = news.users.keys.sorted { left, right in
            let (one, other) = (
                Array(roster.texts.slice(roster.users[left].email)),
                Array(roster.texts.slice(roster.users[right].email))
            )
            return one == other ? roster.key(of: left) < roster.key(of: right) : one.lexicographicallyPrecedes(other)
        }
        for place in order {
            guard let told = news.users[place] else { continue }
            tables.write(place, told, into: &plan)
        }
        plan.ledger = ImportTables.ledger(settings, roster, plan)
        return plan
    }
}

/// What records say, by user.
private struct SignInNews {
    struct Told {
        var lastSignIn: Int64?
        var accepted = false
    }

    private(set) var users: [Int: Told] = [:]
    private(set) var findings: [Finding] = []

    init(_ records: [SignInRecord], roster: TargetRoster, accounts: [KnownAccount], now: Int64) {
        let index = UserIndex(roster, accounts)
        for record in records {
            guard let place = record.who.lazy.compactMap({ index.place(of: $0, roster) }).first else {
                findings.append(
                    Finding(
                        code: "import.nobody", weight: .warning, label: "line \(record.line)",
                        message: "line \(record.line) matches no user of this target", hint: ""))
                continue
            }
            var told = users[place] ?? Told()
            if let time = record.lastSignIn {
                if time > now {
                    findings.append(
                        Finding(
                            code: "import.future", weight: .warning, label: "line \(record.line)",
                            message: "line \(record.line) has a sign-in in the future, which is not used", hint: ""))
                } else {
                    told.lastSignIn = max(told.lastSignIn ?? time, time)
                }
            }
            told.accepted = told.accepted || record.accepted || told.lastSignIn != nil
            users[place] = told
        }
    }
}

/// Users by email, by id and by account.
private struct UserIndex {
    private var byHash: [UInt64: [Int]] = [:]
    private var byID: [ImmutableID: Int] = [:]
    private var byAccount: [String: Int] = [:]

    init(_ roster: TargetRoster, _ accounts: [KnownAccount]) {
        if !accounts.isEmpty {
            let account = Dictionary(accounts.map { ($0.user, $0.account) }, uniquingKeysWith: { first, _ in first })
            for (place, row) in roster.users.enumerated() where row.managed && row.status != .removed {
                guard let known = account[row.user], !known.isEmpty else { continue }
                byAccount[known] = byAccount[known] == nil ? place : -1
            }
        }
        roster.texts.bytes.withUnsafeBufferPointer { texts in
            for (place, row) in roster.users.enumerated() where row.managed && row.status != .removed {
                byHash[EmailFold.hash(Planning.slice(texts, row.email)), default: []].append(place)
                byID[row.id] = byID[row.id] == nil ? place : -1
            }
        }
    }

    func place(of who: SignInRecord.Who, _ roster: TargetRoster) -> Int? {
        switch who {
        case .id(let id): return byID[id].flatMap { $0 < 0 ? nil : $0 }
        case .account(let account): return byAccount[account].flatMap { $0 < 0 ? nil : $0 }
        case .email(let email):
            return Array(email.utf8).withUnsafeBufferPointer { email in
                roster.texts.bytes.withUnsafeBufferPointer { texts in
                    byHash[EmailFold.hash(email)]?.first {
                        EmailFold.same(email, Planning.slice(texts, roster.users[$0].email))
                    }
                }
            }
        }
    }
}

/// Numbers of accesses and group sets in the plan of an import.
private struct ImportTables {
    let roster: TargetRoster
    private var accesses: [UInt32: UInt32] = [0: 0]
    private var groups: [UInt32: UInt32] = [0: 0]

    init(roster: TargetRoster) { self.roster = roster }

    mutating func write(_ place: Int, _ told: SignInNews.Told, into plan: inout TargetPlan) {
        var row = roster.users[place]
        var details = roster.details[place] ?? UserDetails()
        let old = row
        if let time = told.lastSignIn, time > row.lastSignIn { row.lastSignIn = time }
        if told.accepted, row.status == .invited { row.status = .active }
        if told.accepted, row.status == .suspended, details.statusBefore == .invited { details.statusBefore = .active }
        if row == old && details == roster.details[place] ?? UserDetails() { return }
        let subject = UInt32(truncatingIfNeeded: plan.subjects.count)
        row.email = plan.texts.append(roster.texts.slice(old.email))
        row.name = plan.texts.append(roster.texts.slice(old.name))
        row.access = access(old.access, &plan)
        row.groupSet = groupSet(old.groupSet, &plan)
        row.reason = UserRow.keepsReason
        row.version = old.version &+ 1
        plan.subjects.append(
            Subject(
                row: row, version: old.version, id: row.id, email: row.email, name: row.name,
                directory: row.directory, person: nil))
        if !details.isEmpty { plan.details[Int(subject)] = details }
        if row.status != old.status {
            plan.changes.append(
                Change(
                    kind: .activate, evidence: .positive, subject: subject, reason: 0, before: old.status.rawValue,
                    after: row.status.rawValue))
        }
    }

    private mutating func access(_ number: UInt32, _ plan: inout TargetPlan) -> UInt32 {
        if let known = accesses[number] { return known }
        guard Int(number) < roster.accesses.count else { return 0 }
        let place = UInt32(truncatingIfNeeded: plan.accesses.count)
        plan.accesses.append(roster.accesses[Int(number)])
        plan.effective.append(Int(number) < roster.effective.count ? roster.effective[Int(number)] : "")
        accesses[number] = place
        return place
    }

    private mutating func groupSet(_ number: UInt32, _ plan: inout TargetPlan) -> UInt32 {
        if let known = groups[number] { return known }
        guard Int(number) < roster.groupSets.count else { return 0 }
        let place = UInt32(truncatingIfNeeded: plan.groupSets.count)
        plan.groupSets.append(roster.groupSets[Int(number)])
        groups[number] = place
        return place
    }

    /// Becoming active takes and frees no seat where invited people hold one; elsewhere it is counted as it comes.
    static func ledger(_ settings: TargetSettings, _ roster: TargetRoster, _ plan: TargetPlan) -> [LedgerRow] {
        var book = AccessBook(settings: settings, known: roster.accesses)
        var flow = SeatFlow(settings.topology)
        for change in plan.changes where change.kind == .activate {
            guard let row = plan.subjects[Int(change.subject)].row, Int(row.access) < plan.accesses.count else {
                continue
            }
            let number = book.number(of: plan.accesses[Int(row.access)])
            flow.move(from: (number, .invited), to: (number, row.status), &book)
        }
        return flow.ledger(roster, waiting: plan.waiting, &book)
    }
}
