import AccessModel
import DirectoryModel
import MappingLanguage

/// One plan in the making: the tables that its steps share.
///
/// The steps, in order: `scanUsers` and `findJoiners` pick whom to think about, `contestEmails`, `settleCauses`,
/// `chooseAccess`, `withholdPrivileges`, `allocateSeats` (with the floor of admins), `countForGuards`, and `PlanWriter` writes
/// it down.
struct Planning {
    let settings: TargetSettings
    let input: ReconcileInput
    let allowed: AllowedChanges
    let rules: CauseRules
    let join: RosterJoin
    let line: LineIndex
    let unread: UnreadRows
    let emailDomains: [[UInt8]]
    var approvals: ApprovalLedger
    var book: AccessBook

    /// For each grant set the number of its access.
    var accessOfGrantSet: [UInt32] = []
    /// For each grant set whether everybody gets that access, whatever they have.
    var isPlain: [Bool] = []
    /// For each group set of the evaluation its number in `groupSets`.
    var numberOfGroupSet: [UInt32] = []
    /// The roster's sets of groups, then new ones.
    var groupSets: [[GroupKey]]
    /// For each access of the roster whether an edited file gives it other permissions than the last applied run's.
    var isEdited: [Bool] = []
    /// Cases for whom an edit alone brings a privilege; a single one cannot be withheld there.
    var editedGains: [Int] = []
    /// For each edited access of the roster what it brings in privileges, once asked.
    var gainsByEdit: [UInt32: Set<HeldPrivilege>] = [:]
    /// Names of what was edited since the last applied run, sorted.
    let editedFiles: [String]

    var protection = Protection()
    var cases: [PersonCase] = []
    /// Place in `cases` by place in the roster, for those who have one.
    var caseOfUser: [UInt32: Int] = [:]
    var outcomes: [Int: CauseRules.Outcome] = [:]
    var observations: [Int: Observation] = [:]
    var findings: [Finding] = []
    /// Users not removed, by access and status: `4 * access + status`.
    var census = AccessCensus()
    var seats = SeatOutcome()
    /// Cases that guards count, in no order.
    var counted: [GuardKind: [Int]] = [:]
    /// Withheld grants: case and what it would have been.
    var withheld: [(caseIndex: Int, what: [HeldPrivilege])] = []
    /// Gains of privileges that an approval covers, by case, with what each uses of it.
    var approvedGains: [Int: ApprovalUse] = [:]
    /// Newcomers who are set aside and keep their place in line.
    var setAside: Set<UInt32> = []
    /// Whom the plan is about, where it is a pilot.
    let pilot: PilotScope?
    /// For each person of the mirror the own causes that hold, one bit each; empty where none holds for anybody.
    let ownCauses: [UInt64]
    /// Users whose seats `reclaim_seats` may take back, in the roster's order.
    var inactiveHolders: [UInt32] = []
    /// Users whom the roster knew by another identity before this run, by place, with that.
    var movedUsers: [UInt32: PersonKey] = [:]
    /// Cases whose seats are taken back, each as it was before.
    var reclaimed: [(caseIndex: Int, item: PersonCase, outcome: CauseRules.Outcome?)] = []
    /// Grants by hand that have expired and are taken back, by case.
    var endedGrants: [Int: [ManualGrant]] = [:]

    init(settings: TargetSettings, input: ReconcileInput, allowed: AllowedChanges) {
        self.settings = settings
        self.input = input
        self.allowed = allowed
        rules = CauseRules(policy: settings.policy, now: input.now, run: input.run)
        join = RosterJoin(mirror: input.mirror, roster: input.roster)
        line = LineIndex(input, join)
        unread = UnreadRows(input)
        emailDomains = settings.policy.emailDomains.map { Array($0.utf8) }
        approvals = ApprovalLedger(input.approvals, target: settings.name, now: input.now)
        book = AccessBook(settings: settings, known: input.roster.accesses)
        pilot = PilotScope(input)
        ownCauses = OwnCauseMasks.of(input)
        groupSets = input.roster.groupSets.isEmpty ? [[]] : input.roster.groupSets
        editedFiles = input.roster.baseline.map { Fingerprints.changed($0.fingerprints, settings.fingerprints) } ?? []
    }

    /// Runs every step but the writing.
    mutating func decide() {
        intern()
        findMovedUsers()
        protection = Protection.resolve(
            settings: settings, input: input, edited: editedFiles.contains(where: Fingerprints.isProtect))
        scanUsers()
        if allowed == .everything { findJoiners() }
        contestEmails()
        freezeUnread()
        settleCauses()
        chooseAccess()
        withholdPrivileges()
        allocateSeats()
        countForGuards()
        addTargetFindings()
        reportUnexplained()
    }

    /// Maps the evaluation's accesses and group sets to the roster's numbers, each once.
    private mutating func intern() {
        for desired in input.evaluation.desired {
            accessOfGrantSet.append(book.number(of: desired.access))
            isPlain.append(
                desired.templateConflict.isEmpty
                    && !desired.access.templates.contains { book.templates.template(named: $0)?.retired == true })
        }
        numberOfGroupSet = GroupSetNumbers.map(input.evaluation, into: &groupSets)
        findEdits()
    }

    private mutating func findMovedUsers() {
        if input.moves.isEmpty { return }
        let before = Dictionary(input.moves.map { ($0.to, $0.from) }) { first, _ in first }
        for place in input.roster.users.indices where input.roster.users[place].managed {
            if let key = before[input.roster.key(of: place)] {
                movedUsers[UInt32(truncatingIfNeeded: place)] = key
            }
        }
    }

    func desired(_ grantSet: UInt32) -> DesiredAccess {
        Int(grantSet) < input.evaluation.desired.count ? input.evaluation.desired[Int(grantSet)] : .none
    }

    func grantSet(of person: Int) -> UInt32 {
        person < input.evaluation.grantSet.count ? input.evaluation.grantSet[person] : 0
    }

    func key(of item: PersonCase) -> PersonKey {
        item.user != RosterJoin.none
            ? input.roster.key(of: Int(item.user)) : input.mirror.key(of: Int(item.person))
    }

    /// How a human knows the person of a case.
    func label(of item: PersonCase) -> String {
        if item.user != RosterJoin.none {
            let email = input.roster.email(of: Int(item.user))
            if !email.isEmpty { return email }
        }
        return item.person != RosterJoin.none ? input.mirror.label(of: Int(item.person)) : key(of: item).id.description
    }

    /// Whether rules, or a human's grant that has not expired, give the person of a case anything.
    func isMapped(_ item: PersonCase) -> Bool { isMappedByRules(item) || hasStandingGrant(item) }

    func isMappedByRules(_ item: PersonCase) -> Bool {
        Int(item.grantSet) < accessOfGrantSet.count && !book[accessOfGrantSet[Int(item.grantSet)]].isEmpty
    }
}

/// What differs between two sets of fingerprints.
enum Fingerprints {
    /// How the name of the digest of `protect` ends; it stands behind the name of the configuration.
    static let protect = " (protect)"

    /// Whether a name is that of the list of protected people.
    static func isProtect(_ name: String) -> Bool { name.utf8.reversed().starts(with: protect.utf8.reversed()) }

    /// Names whose digest is another, or that stand on one side only; sorted.
    static func changed(_ before: [String: String], _ now: [String: String]) -> [String] {
        Set(before.keys).union(now.keys).filter { before[$0] != now[$0] }.sorted(by: precedes)
    }
}

/// Numbers sets of groups the way the roster does.
enum GroupSetNumbers {
    /// For each group set of the evaluation its place in `known`, which grows by new ones.
    static func map(_ evaluation: Evaluation, into known: inout [[GroupKey]]) -> [UInt32] {
        var numbers: [GroupKey: UInt32] = [:]
        func number(_ key: GroupKey) -> UInt32 {
            if let found = numbers[key] { return found }
            let next = UInt32(truncatingIfNeeded: numbers.count)
            numbers[key] = next
            return next
        }
        var places: [[UInt32]: UInt32] = [:]
        for (place, set) in known.enumerated() {
            places[set.map(number).sorted()] = UInt32(truncatingIfNeeded: place)
        }
        let groups = evaluation.groups.map { number($0.key) }
        return evaluation.groupSets.map { set in
            let members = set.filter { Int($0) < groups.count }.map { groups[Int($0)] }.sorted()
            if let place = places[members] { return place }
            let place = UInt32(truncatingIfNeeded: known.count)
            known.append(set.filter { Int($0) < groups.count }.map { evaluation.groups[Int($0)].key }.sorted())
            places[members] = place
            return place
        }
    }
}

/// How many users have which access in which status.
struct AccessCensus {
    /// By `4 * access + status`; everybody not removed.
    private(set) var all: [Int] = []
    /// Likewise, managed users only.
    private(set) var managed: [Int] = []
    /// Managed users who are invited or active: what percentages are of.
    private(set) var base = 0

    init() {}

    init(roster: TargetRoster, accesses: Int) {
        all = [Int](repeating: 0, count: 4 * max(accesses, 1))
        managed = all
        if let counts = roster.counts {
            for count in counts { add(count.access, count.status, count.managed, count.users) }
        } else {
            for row in roster.users { add(row.access, row.status, row.managed, 1) }
        }
    }

    @inline(__always)
    private mutating func add(_ access: UInt32, _ status: UserStatus, _ isManaged: Bool, _ count: Int) {
        let place = 4 * Int(access) + AccessCensus.column(status)
        guard status != .removed, place < all.count else { return }
        all[place] += count
        guard isManaged else { return }
        managed[place] += count
        if status != .suspended { base += count }
    }

    /// Counts users who are not in the roster that is decided about.
    mutating func add(_ users: [RosterRest.Users]) {
        for group in users {
            let place = 4 * Int(group.access) + AccessCensus.column(group.status)
            guard group.status != .removed, place < all.count else { continue }
            all[place] += group.count
            managed[place] += group.managed
            if group.status != .suspended { base += group.managed }
        }
    }

    /// Whether any user has an access.
    func has(_ access: UInt32) -> Bool {
        AccessCensus.statuses.contains { status in
            let place = 4 * Int(access) + AccessCensus.column(status)
            return place < all.count && all[place] > 0
        }
    }

    /// Counts a user under another status.
    mutating func move(_ row: UserRow, to status: UserStatus) {
        add(row.access, row.status, row.managed, -1)
        add(row.access, status, row.managed, 1)
    }

    @inline(__always)
    static func column(_ status: UserStatus) -> Int {
        switch status {
        case .invited: 0
        case .active: 1
        case .suspended: 2
        case .removed: 3
        }
    }

    static let statuses: [UserStatus] = [.invited, .active, .suspended]

    func seatsHeld(in book: inout AccessBook) -> [Int] {
        var held = [Int](repeating: 0, count: book.topology.pools.count)
        if held.isEmpty { return held }
        for (place, count) in all.enumerated() where count > 0 && place % 4 < 3 {
            for pool in book.pools(UInt32(truncatingIfNeeded: place / 4), AccessCensus.statuses[place % 4]) {
                held[Int(pool)] += count
            }
        }
        return held
    }

    /// Managed users with a role anywhere, in one status.
    func holders(of role: String, _ status: UserStatus, in book: AccessBook) -> Int {
        var count = 0
        var place = AccessCensus.column(status)
        while place < managed.count {
            if managed[place] > 0,
                book[UInt32(truncatingIfNeeded: place / 4)].roles.contains(where: { $0.role == role })
            {
                count += managed[place]
            }
            place += 4
        }
        return count
    }
}
