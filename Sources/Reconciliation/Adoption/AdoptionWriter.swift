import AccessModel
import DirectoryModel
import MappingLanguage

/// Writes decided accounts down as a plan: subjects in the order of emails, one change for each account that is new here.
struct AdoptionWriter {
    private(set) var plan: TargetPlan
    private let input: AdoptionInput
    private let settings: TargetSettings
    private var book: AccessBook
    private var reasons: PlanReasons
    private var tables: AdoptionTables
    private var flow: SeatFlow
    /// Places in the roster of unmanaged users, those removed too.
    private var unmanagedUsers: [ImmutableID: Int] = [:]
    private let knownAccounts: Set<ExactText>

    private var roster: TargetRoster { input.reconcile.roster }
    private var mirror: Mirror { input.reconcile.mirror }
    private var now: Int64 { input.reconcile.now }

    init(settings: TargetSettings, input: AdoptionInput) {
        self.settings = settings
        self.input = input
        let roster = input.reconcile.roster
        book = AccessBook(settings: settings, known: roster.accesses)
        reasons = PlanReasons(input.reconcile)
        tables = AdoptionTables(input.reconcile)
        knownAccounts = Set(input.known.map { ExactText($0.account) })
        flow = SeatFlow(settings.topology)
        plan = TargetPlan(target: settings.name, mode: settings.mode)
        plan.waiting = roster.waiting
        plan.protected = roster.protected
        plan.directories = AdoptionWriter.directories(input.reconcile)
        for (place, row) in roster.users.enumerated() where !row.managed { unmanagedUsers[row.id] = place }
    }

    /// Those of the mirror, those of the roster, and the one without a name that unmanaged users belong to.
    private static func directories(_ input: ReconcileInput) -> [String] {
        var names = input.mirror.directories
        for name in input.roster.directories + [""] where !names.contains(name) { names.append(name) }
        return names
    }

    /// One row to write, by what orders it.
    private struct Entry {
        enum Row {
            case known(user: Int, isNewAccount: Bool)
            case adopted(user: Int?, person: Int)
            case unmanaged(user: Int?)
            /// An unmanaged user whose account is a person's now.
            case given(user: Int)
        }
        var row: Row
        var account: Int
        var email: [UInt8]
        var id: ImmutableID
    }

    mutating func write(_ decisions: [AccountSorting.Decision]) -> [AccountOutcome] {
        var outcomes = decisions.map(\.outcome)
        var entries: [Entry] = []
        for (account, decision) in decisions.enumerated() { add(account, decision, to: &entries) }
        entries.sort { left, right in
            left.email == right.email ? left.id < right.id : left.email.lexicographicallyPrecedes(right.email)
        }
        for entry in entries {
            switch entry.row {
            case .known(let user, let isNew): writeKnown(user, entry, isNewAccount: isNew)
            case .adopted(let user, let person): outcomes[entry.account].extras = writeAdopted(user, person, entry)
            case .unmanaged(let user): writeUnmanaged(user, entry)
            case .given(let user): writeGiven(user)
            }
        }
        plan.findings = PlanWriter.sorted(zip(input.accounts, outcomes).compactMap { $1.finding(about: $0) })
        plan.reasons = reasons.reasons
        plan.accesses = tables.accesses
        plan.effective = tables.effective
        plan.groupSets = tables.groupSets
        plan.ledger = flow.ledger(roster, waiting: plan.waiting, &book)
        return outcomes
    }

    private func add(_ account: Int, _ decision: AccountSorting.Decision, to entries: inout [Entry]) {
        let email = Array(input.accounts[account].email.utf8)
        func entry(_ row: Entry.Row, _ id: ImmutableID, email: [UInt8]) -> Entry {
            Entry(row: row, account: account, email: email, id: id)
        }
        func stored(_ place: Int) -> [UInt8] { Array(roster.texts.slice(roster.users[place].email)) }
        switch decision.outcome.standing {
        case .setAside: return
        case .known:
            guard let user = decision.user else { return }
            let isNew = decision.outcome.match != .before && !input.accounts[account].account.isEmpty
            entries.append(
                entry(.known(user: user, isNewAccount: isNew), roster.users[user].id, email: stored(user)))
        case .adopted, .linked:
            guard let person = decision.person else { return }
            let row = mirror.people[Int(person)]
            entries.append(entry(.adopted(user: decision.user, person: Int(person)), row.id, email: email))
            if let place = decision.unmanaged {
                entries.append(entry(.given(user: place), roster.users[place].id, email: stored(place)))
            }
        case .unmanaged:
            guard let id = decision.unmanaged.map({ roster.users[$0].id }) ?? unmanagedID(input.accounts[account])
            else { return }
            let user = decision.unmanaged ?? unmanagedUsers[id]
            entries.append(entry(.unmanaged(user: user), id, email: email))
        }
    }

    /// Somebody of no directory has an id that comes from the account: the same for the same account.
    private func unmanagedID(_ account: PlatformAccount) -> ImmutableID? {
        guard account.account.isEmpty else {
            return ImmutableID.ofUnmanaged(account: account.account, target: settings.name)
        }
        return ImmutableID.made(of: "\(settings.name)\u{0}email \(account.email.uppercased().lowercased())")
    }

    private func place(of directory: String) -> UInt8 {
        UInt8(truncatingIfNeeded: plan.directories.firstIndex(of: directory) ?? 0)
    }

    /// Appends a subject and remembers the account with it; the place.
    private mutating func append(_ row: UserRow, _ details: UserDetails, _ account: Int?, _ person: Int? = nil)
        -> UInt32
    {
        let place = UInt32(truncatingIfNeeded: plan.subjects.count)
        plan.subjects.append(
            Subject(
                row: row, version: row.version &- 1, id: row.id, email: row.email, name: row.name,
                directory: row.directory, person: person.map { PersonIndex($0) }))
        if !details.isEmpty { plan.details[Int(place)] = details }
        if let account, !input.accounts[account].account.isEmpty {
            plan.accounts.append(PlannedAccount(account: input.accounts[account].account, subject: place))
        }
        return place
    }

    /// A row of the roster with its texts and tables in the plan.
    private mutating func copy(_ user: Int) -> UserRow {
        var row = roster.users[user]
        row.email = plan.texts.append(roster.texts.slice(row.email))
        row.name = plan.texts.append(roster.texts.slice(row.name))
        row.directory = place(of: roster.key(of: user).directory)
        row.access = tables.access(row.access, &book)
        row.groupSet = tables.groups(ofRoster: row.groupSet)
        row.reason = UserRow.keepsReason
        row.version &+= 1
        return row
    }

    private mutating func writeKnown(_ user: Int, _ entry: Entry, isNewAccount isNew: Bool) {
        let account = input.accounts[entry.account]
        let old = roster.users[user]
        let signIn = account.lastSignIn.map { $0 <= now && $0 > old.lastSignIn } ?? false
        let isAccepted = old.status == .invited && (account.status == .active || signIn)
        guard isNew || signIn || isAccepted else { return }
        var row = copy(user)
        if signIn, let time = account.lastSignIn { row.lastSignIn = time }
        if isAccepted { row.status = .active }
        flow.move(from: (old.access, old.status), to: (old.access, row.status), &book)
        let subject = append(row, roster.details[user] ?? UserDetails(), entry.account)
        guard isAccepted else { return }
        plan.changes.append(
            Change(
                kind: .activate, evidence: .positive, subject: subject, reason: humanReason(),
                before: old.status.rawValue, after: row.status.rawValue))
    }

    private mutating func writeAdopted(_ user: Int?, _ person: Int, _ entry: Entry) -> [ManualGrant.Part] {
        let account = input.accounts[entry.account]
        let old = user.map { roster.users[$0] }
        let access = book.number(of: account.access)
        let set = Int(Planned.grantSet(of: person, input.reconcile))
        let desired =
            input.reconcile.evaluation.desired.indices.contains(set)
            ? input.reconcile.evaluation.desired[set].access : .none
        let extras = book.unexplained(account.access, by: desired)
        let explained = extras.isEmpty && !account.access.isEmpty
        var row = row(of: account, mirror.people[person].id, old, access)
        row.name = plan.texts.append(name(of: person, else: account.name))
        row.directory = mirror.people[person].directory
        row.groupSet = tables.groups(ofPerson: person)
        row.reason = explained ? reasons.number(rulesOf: person, UInt32(set)) : humanReason()
        row.managed = true
        let subject = append(row, input.details(account, extras), entry.account, person)
        flow.move(from: nil, to: (access, row.status), &book)
        plan.changes.append(
            Change(
                kind: .adopt, evidence: .positive, subject: subject, reason: row.reason, before: nil,
                after: row.status.rawValue))
        return extras
    }

    private mutating func writeUnmanaged(_ user: Int?, _ entry: Entry) {
        let account = input.accounts[entry.account]
        let old = user.map { roster.users[$0] }
        let access = book.number(of: account.access)
        if let old, isNoted(account, old, access) { return }
        var row = row(of: account, entry.id, old, access)
        row.name = plan.texts.append(Array(account.name.utf8))
        row.directory = place(of: "")
        row.managed = false
        row.reason = humanReason()
        let before = old.flatMap { $0.status == .removed ? nil : ($0.access, $0.status) }
        flow.move(from: before, to: (access, row.status), &book)
        let isNew = before == nil
        let subject = append(row, UserDetails(), entry.account)
        guard isNew || old?.status != row.status else { return }
        plan.changes.append(
            Change(
                kind: .note, evidence: .positive, subject: subject, reason: row.reason,
                before: isNew ? nil : old?.status.rawValue, after: row.status.rawValue))
    }

    /// Whether the roster has an unmanaged account just as the list shows it.
    private func isNoted(_ account: PlatformAccount, _ old: UserRow, _ access: UInt32) -> Bool {
        old.status == account.status && old.access == access
            && (account.lastSignIn ?? Int64.min) <= old.lastSignIn
            && roster.texts.slice(old.email).elementsEqual(account.email.utf8)
            && roster.texts.slice(old.name).elementsEqual(account.name.utf8)
            && (account.account.isEmpty || knownAccounts.contains(ExactText(account.account)))
    }

    /// The account is a person's now: the row without a person goes, and leaves email and seat to the other.
    private mutating func writeGiven(_ user: Int) {
        var row = copy(user)
        flow.move(from: (roster.users[user].access, row.status), to: nil, &book)
        row.status = .removed
        var details = UserDetails()
        details.statusSince = now
        _ = append(row, details, nil)
    }

    /// The row of an account as the list shows it; a sign-in in the future is not used.
    private mutating func row(
        of account: PlatformAccount, _ id: ImmutableID, _ old: UserRow?, _ access: UInt32
    ) -> UserRow {
        let signIn = account.lastSignIn.flatMap { $0 <= now ? $0 : nil } ?? Int64.min
        let before = old.flatMap { $0.status == .removed ? nil : $0.since }
        return UserRow(
            user: old?.user ?? 0, id: id, email: plan.texts.append(Array(account.email.utf8)), name: .empty,
            lastSignIn: max(signIn, old?.lastSignIn ?? Int64.min), since: min(account.since ?? before ?? now, now),
            access: tables.access(access, &book), groupSet: 0, reason: UserRow.keepsReason,
            version: (old?.version ?? 0) &+ 1, directory: 0, status: account.status, managed: true)
    }

    /// The directory's name where it has one.
    private func name(of person: Int, else told: String) -> ArraySlice<UInt8> {
        let found = mirror.arena.withUnsafeBufferPointer { PersonScan(arena: $0).name(mirror.people[person]) }
        guard let found else { return Array(told.utf8)[...] }
        return mirror.arena[found.from..<(found.from + found.count)]
    }

    private mutating func humanReason() -> UInt32 {
        reasons.number(.human(name: input.by, reason: "imported from the platform"))
    }
}

/// What an evaluation gives to a person, where it has the person.
enum Planned {
    static func grantSet(of person: Int, _ input: ReconcileInput) -> UInt32 {
        input.evaluation.grantSet.indices.contains(person) ? input.evaluation.grantSet[person] : 0
    }
}
