import AccessModel
import DirectoryModel
import Reconciliation

/// Changes of each kind, found by laying two states of one target's roster side by side: no plan has a part in it.
struct RosterDifference {
    private var counts: [ChangeKind: Int] = [:]
    /// Users whose access is another one; what an edited file gave them besides cannot be told from that.
    private(set) var withOtherAccess = 0
    private let before: TargetRoster
    private let after: TargetRoster

    init(from before: TargetRoster, to after: TargetRoster) {
        self.before = before
        self.after = after
        let old = Dictionary(uniqueKeysWithValues: before.users.enumerated().map { ($1.user, $0) })
        for (place, row) in after.users.enumerated() {
            if let was = old[row.user] { compare(was, place) } else { add(.invite) }
        }
        compareLines()
    }

    func count(_ kind: ChangeKind) -> Int { counts[kind] ?? 0 }

    private mutating func add(_ kind: ChangeKind, _ count: Int = 1) {
        if count > 0 { counts[kind, default: 0] += count }
    }

    private mutating func compare(_ was: Int, _ now: Int) {
        let (old, new) = (before.users[was], after.users[now])
        if old.status == .removed, new.status != .removed { return add(.invite) }
        if before.texts[old.email] != after.texts[new.email] { add(.changeEmail) }
        if before.texts[old.name] != after.texts[new.name] { add(.changeName) }
        if old.id != new.id || before.directories[Int(old.directory)] != after.directories[Int(new.directory)] {
            add(.changeID)
        }
        compareStatus(was, now)
        compareAccess(before.accesses[Int(old.access)], after.accesses[Int(new.access)])
        comparePermissions(was, now)
    }

    private mutating func compareStatus(_ was: Int, _ now: Int) {
        let (old, new) = (before.users[was].status, after.users[now].status)
        let stood = Set(before.details[was]?.causes.map(\.kind) ?? [])
        let stand = Set(after.details[now]?.causes.map(\.kind) ?? [])
        switch (old, new) {
        case (.removed, .removed): break
        case (_, .removed): add(.remove)
        case (.suspended, .suspended), (.invited, .invited), (.active, .active):
            add(.setCause, stand.subtracting(stood).count)
            add(.clearCause, stood.subtracting(stand).count)
        case (_, .suspended):
            add(.suspend)
            add(.setCause, stand.subtracting(stood).count - 1)
        case (.suspended, _): add(.resume)
        case (_, .active): add(.activate)
        default: break
        }
    }

    private mutating func compareAccess(_ old: Access, _ new: Access) {
        if old == new { return }
        withOtherAccess += 1
        let (was, has) = (Set(old.roles.map(\.scope)), Set(new.roles.map(\.scope)))
        add(.joinScope, has.subtracting(was).count)
        add(.leaveScope, was.subtracting(has).count)
        add(.changeRole, was.intersection(has).count { old.role(in: $0) != new.role(in: $0) })
        add(.addTemplate, Set(new.templates).subtracting(old.templates).count)
        add(.removeTemplate, Set(old.templates).subtracting(new.templates).count)
        add(.switchOn, Set(new.switches).subtracting(old.switches).count)
        add(.switchOff, Set(old.switches).subtracting(new.switches).count)
        add(.addGrant, Set(new.grants).subtracting(old.grants).count)
        add(.removeGrant, Set(old.grants).subtracting(new.grants).count)
    }

    /// What the same access permits differs after an edit of a file.
    private mutating func comparePermissions(_ was: Int, _ now: Int) {
        let (old, new) = (before.users[was], after.users[now])
        guard old.managed, old.status != .suspended, new.status == .invited || new.status == .active else { return }
        guard before.accesses[Int(old.access)] == after.accesses[Int(new.access)] else { return }
        if before.effective[Int(old.access)] != after.effective[Int(new.access)] { add(.changePermissions) }
    }

    private struct Place: Hashable {
        var person: PersonKey
        var scope: ScopePath
    }

    /// Who stands in line and did not; who no longer does, and did not get what they waited for.
    private mutating func compareLines() {
        let stood = Dictionary(before.waiting.map { (Place(person: $0.person, scope: $0.scope), $0) }) { first, _ in
            first
        }
        let stand = Set(after.waiting.map { Place(person: $0.person, scope: $0.scope) })
        add(.wait, stand.subtracting(stood.keys).count)
        add(.stopWaiting, stood.count { !stand.contains($0.key) && !wasGranted($0.value) })
    }

    private func wasGranted(_ place: PlaceInLine) -> Bool {
        let now = after.users.first { row in
            row.managed && row.id == place.person.id
                && after.directories[Int(row.directory)] == place.person.directory
        }
        guard let now, now.status == .invited || now.status == .active else { return false }
        let isNew = !before.users.contains { $0.user == now.user && $0.status != .removed }
        return isNew && place.forPace
            || after.accesses[Int(now.access)].role(in: place.scope) == place.role
    }
}
