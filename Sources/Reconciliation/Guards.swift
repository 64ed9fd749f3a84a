import AccessModel
import DirectoryModel

/// Counts what a plan would do to people and compares it with the limits; approvals lift them by name, number and day.
struct Guards {
    let settings: TargetSettings
    let input: ReconcileInput
    let full: PlanWriter
    private(set) var tally: [GuardTally] = []
    private(set) var heldKinds: Set<GuardKind> = []
    private(set) var targetHolds: [Hold] = []
    /// Who of the full plan is approved.
    private(set) var approved: ApprovedPeople

    /// Kinds that a plan's changes are counted by.
    static let counted: [GuardKind] = [
        .suspendDisabled, .suspendOther, .loseAccess, .changeEmail, .changePermissions, .privilegedGain,
        .privilegedLoss, .remove, .returns, .seats,
    ]

    /// Losses, whose limits are halved after an edit.
    private static let halved: Set<GuardKind> = [
        .suspendDisabled, .suspendOther, .loseAccess, .privilegedLoss, .remove,
    ]

    /// Whether an edit of a file halves the limit of a kind.
    static func isHalved(_ kind: GuardKind) -> Bool { halved.contains(kind) }

    init(settings: TargetSettings, input: ReconcileInput, full: PlanWriter) {
        self.settings = settings
        self.input = input
        self.full = full
        approved = ApprovedPeople(full, ApprovalLedger(input.approvals, target: settings.name, now: input.now))
    }

    mutating func count() {
        countShrinking()
        let window = GuardWindow(settings.limits.windowSeconds, of: input.roster.recent, before: input.now)
        let week = GuardWindow(GuardWindow.week, of: input.roster.recent, before: input.now)
        for kind in Guards.counted {
            let people = approved.people[kind] ?? []
            if kind == .seats && people.isEmpty { continue }
            let unapproved = people.filter { $0.use == nil }.map(\.key)
            let count = KindCount(kind: kind, people: people.map(\.key), unapproved: unapproved)
            let (limit, text) = limit(kind)
            compare(count, WindowLimit(window: window, limit: limit, text: text, full: self.limit(of: kind)))
            guard let weekly = settings.limits.week[kind] else { continue }
            let most = weekly.value(base: full.planning.census.base)
            compare(count, WindowLimit(window: week, limit: most, text: "\(most)", full: most))
        }
        countEditedGains(window)
        let evenDisabled = heldKinds.contains(.suspendDisabled)
        for place in targetHolds.indices { targetHolds[place].extent = .target(evenDisabled: evenDisabled) }
    }

    /// What a plan does to people of one kind.
    private struct KindCount {
        var kind: GuardKind
        var people: [PersonKey]
        /// Those whom no approval covers.
        var unapproved: [PersonKey]
    }

    /// The limit of a kind in one window.
    private struct WindowLimit {
        var window: GuardWindow
        /// For this plan alone: halved after an edit.
        var limit: Int
        var text: String
        /// For the plan and what earlier runs did in the window together.
        var full: Int
    }

    /// Adds the tally of one kind in one window, and a hold where the limit is exceeded and the kind does not hold yet.
    ///
    /// A plan that does nothing of a kind is not held for what others did.
    private mutating func compare(_ count: KindCount, _ limit: WindowLimit) {
        let (kind, unapproved) = (count.kind, count.unapproved.count)
        let earlier = kind == .seats ? 0 : limit.window.people(kind)
        let approved = count.people.count - unapproved
        let isExceeded = unapproved > 0 && (unapproved > limit.limit || unapproved + earlier > limit.full)
        tally.append(
            GuardTally(
                kind: kind, count: count.people.count, limit: limit.limit, limitText: limit.text, approved: approved,
                earlier: earlier, window: limit.window.name, isExceeded: isExceeded))
        guard isExceeded, kind != .privilegedGain, !heldKinds.contains(kind) else { return }
        heldKinds.insert(kind)
        var message = "\(count.people.count) \(kind.words(count.people.count))"
        if unapproved > limit.limit {
            message += " (limit \(limit.text))"
        } else {
            message += ", \(unapproved + earlier) in \(limit.window.name)"
            message += " (limit \(limit.full); \(limit.window.words(kind)))"
        }
        if approved > 0 { message += ", \(approved) of them approved" }
        hold(kind, message, count: count.people.count, limit: limit.limit, people: count.unapproved)
    }

    /// Holds the target where an edit alone brings privileges: they cannot be withheld one by one.
    private mutating func countEditedGains(_ window: GuardWindow) {
        let planning = full.planning
        if planning.editedGains.isEmpty { return }
        let edited = Set(planning.editedGains.map { planning.key(of: planning.cases[$0]) })
        let gains = (approved.people[.privilegedGain] ?? []).filter { $0.use == nil && !$0.isWithheld }
        let unapproved = gains.map(\.key).filter(edited.contains)
        let limit = limit(of: .privilegedGain)
        guard !unapproved.isEmpty, gains.count + window.people(.privilegedGain) > limit else { return }
        heldKinds.insert(.privilegedGain)
        let message =
            "\(edited.count) \(GuardKind.privilegedGain.words(edited.count)), because a file was edited (limit \(limit))"
        hold(.privilegedGain, message, count: edited.count, limit: limit, people: unapproved)
    }

    private mutating func hold(_ kind: GuardKind, _ message: String, count: Int, limit: Int, people: [PersonKey]) {
        targetHolds.append(
            Hold(
                kind: kind, extent: .target(evenDisabled: false), message: message, count: count, limit: limit,
                people: people, wouldHave: HoldWords.wouldHave(full), causes: HoldWords.causes(kind, full)))
    }

    /// The limit of a kind, not halved.
    private func limit(of kind: GuardKind) -> Int {
        let limits = settings.limits
        let limit = kind == .seats ? Limit(count: 0, percent: nil, floor: 0) : limits.limit(of: kind)
        return limit.value(base: full.planning.census.base)
    }

    /// The limit of a kind, halved after an edit, and in words.
    private func limit(_ kind: GuardKind) -> (Int, String) {
        let value = limit(of: kind)
        let files = full.planning.editedFiles
        guard Guards.halved.contains(kind), !files.isEmpty, let run = input.roster.baseline?.run else {
            return (value, "\(value)")
        }
        let half = max(settings.limits.limit(of: kind).floor, value / 2 + value % 2)
        if half == value { return (value, "\(value)") }
        return (half, "\(half) (\(value), halved: \(files.joined(separator: ", ")) changed since run \(run))")
    }

    /// What one directory has fewer of than in the last applied run.
    private struct Shrinking {
        var directory: String
        /// `people` or `groups`.
        var what: String
        var before: Int
        var now: Int
        var limit: Int
        var approved = 0
        var isHeld = false

        var lost: Int { before - now }
        /// How far beyond its limit; what is held comes before everything else.
        var excess: (Int, Int) { (isHeld ? 1 : 0, lost - approved - limit) }
    }

    /// Fewer people or groups than in the last applied run, or none where there were some.
    ///
    /// An approval that is not enough for all leaves the rest to the limit.
    private mutating func countShrinking() {
        guard let baseline = input.roster.baseline else { return }
        var approvals = ApprovalLedger(input.approvals, target: settings.name, now: input.now)
        var worst: Shrinking?
        for (place, name) in input.mirror.directories.enumerated()
        where !input.unread.contains(where: { $0.name == name }) {
            let people = input.people(ofDirectory: place)
            let groups = input.groups(ofDirectory: place)
            for (what, before, now) in [
                ("people", baseline.people[name] ?? 0, people), ("groups", baseline.groups[name] ?? 0, groups),
            ] where before > now {
                let limit = settings.limits.peopleShrink.value(base: before)
                var found = Shrinking(directory: name, what: what, before: before, now: now, limit: limit)
                if found.lost > limit || now == 0 {
                    let covered = approvals.cover(losing: found.lost, beyond: now == 0 ? 0 : limit)
                    found.approved = covered ?? 0
                    found.isHeld = covered == nil
                }
                if found.isHeld { hold(found, since: baseline.run) }
                if worst.map({ found.excess > $0.excess }) ?? true { worst = found }
            }
        }
        let most = worst?.limit ?? settings.limits.peopleShrink.floor
        tally.append(
            GuardTally(
                kind: .peopleShrink, count: worst?.lost ?? 0, limit: most, limitText: "\(most)",
                approved: worst?.approved ?? 0, isExceeded: worst?.isHeld ?? false))
        shrinkUses = approvals.uses
    }

    private mutating func hold(_ found: Shrinking, since run: Int64) {
        heldKinds.insert(.peopleShrink)
        let percent = settings.limits.peopleShrink.percent.map { "limit \($0) %" } ?? "limit \(found.limit)"
        let message =
            found.now == 0
            ? "directory \(found.directory) gave no \(found.what), where run \(run) had \(found.before)"
            : "directory \(found.directory) lost \(found.lost) of \(found.before) \(found.what) since run \(run) (\(percent))"
        hold(.peopleShrink, message, count: found.lost, limit: found.limit, people: [])
        targetHolds[targetHolds.count - 1].note = notAsked(about: found.directory)
    }

    private var shrinkUses: [ApprovalUse] = []

    /// Users of a directory who are missing and were not asked about, so that no figure of the plan counts them.
    private func notAsked(about directory: String) -> String {
        let roster = input.roster
        let join = full.planning.join
        let count = roster.users.indices.count { place in
            let row = roster.users[place]
            guard row.managed, row.status != .removed, join.personOfUser[place] == RosterJoin.none else { return false }
            let key = roster.key(of: place)
            return key.directory == directory && input.absences[key] == nil
        }
        guard count > 0 else { return "" }
        let missing = count == 1 ? "1 user is missing, and is" : "\(count) users are missing, and are"
        return "\(missing) not asked about while the target is held; an approval may meet a second hold"
    }

    /// Approvals that a plan that is applied uses up.
    func spent(by writer: PlanWriter, _ approved: ApprovedPeople) -> [ApprovalUse] {
        var uses: [ApprovalUse] = []
        for kind in Guards.counted {
            for person in approved.people[kind] ?? [] { if let use = person.use { uses.add(use) } }
        }
        return uses + (writer.planning.allowed == .everything ? shrinkUses : [])
    }

    /// What a plan that is applied does without an approval.
    func unapproved(_ approved: ApprovedPeople) -> [GuardCount] {
        Guards.counted.filter { $0 != .seats }.compactMap { kind in
            let people = approved.people[kind]?.count { $0.use == nil && !$0.isWithheld } ?? 0
            return people == 0 ? nil : GuardCount(run: input.run, time: input.now, kind: kind, people: people)
        }
    }

    /// Who of a plan is approved.
    func approved(in writer: PlanWriter) -> ApprovedPeople {
        ApprovedPeople(writer, ApprovalLedger(input.approvals, target: settings.name, now: input.now))
    }

    /// One hold for each privileged grant that is withheld.
    var grantHolds: [Hold] {
        let planning = full.planning
        let limit = settings.limits.privilegedGain.value(base: planning.census.base)
        var reasons = PlanReasons(input)
        return planning.withheld.map { index, what in
            let item = planning.cases[index]
            let key = planning.key(of: item)
            let text = what.map(\.text).joined(separator: ", ")
            let reason = reasons.number(rulesOf: item)
            return Hold(
                kind: .privilegedGain, extent: .grant(key, what: text),
                message:
                    "\(planning.label(of: item)) would gain \(text), which takes an approval by name (limit \(limit))",
                count: planning.withheld.count, limit: limit, people: [key], wouldHave: [],
                causes: [HoldCause(text: reasons.reasons[Int(reason)].summary, people: 1)])
        }
    }
}

extension GuardKind {
    /// What so many people would be: `31 users would be suspended`.
    func words(_ count: Int) -> String {
        let users = count == 1 ? "user" : "users"
        return switch self {
        case .suspendDisabled: "disabled \(users) would be suspended"
        case .suspendOther: "\(users) would be suspended"
        case .loseAccess: "\(users) would lose access"
        case .changeEmail: "\(users) would get another email"
        case .changePermissions: "\(users) would get other permissions, because a file was edited"
        case .privilegedGain: "\(users) would gain a privilege"
        case .privilegedLoss: "\(users) would lose a privilege"
        case .remove: "\(users) would be removed"
        case .returns: "\(users) would come back"
        case .peopleShrink: "people fewer than before"
        case .groupShrink: "members fewer than before"
        case .seats: count == 1 ? "person finds no free seat" : "people find no free seat"
        }
    }
}
