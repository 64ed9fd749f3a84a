import AccessModel
import DirectoryModel
import MappingLanguage

/// The rows and changes of an undo on their way into its plan.
struct UndoTables {
    let roster: TargetRoster
    private var accesses: [Access: UInt32] = [.none: 0]
    private var groupSets: [[GroupKey]: UInt32] = [[]: 0]
    private var reasons: [String: UInt32] = [:]
    private var subjects: [PersonKey: UInt32] = [:]
    private var labels: [PersonKey: [UInt8]] = [:]
    /// Users by key, once somebody is looked for who only stands in line.
    private var userPlaces: [PersonKey: Int]?

    init(roster: TargetRoster) { self.roster = roster }

    mutating func write(_ undo: UserUndo, into plan: inout TargetPlan) {
        let wanted = undo.wanted
        var row = roster.users[undo.place]
        let version = row.version
        let number = UInt32(truncatingIfNeeded: plan.subjects.count)
        row.email = plan.texts.append(wanted.email)
        row.name = plan.texts.append(wanted.name)
        row.status = wanted.status
        row.managed = wanted.managed
        row.since = wanted.since
        row.access = access(wanted, &plan)
        row.groupSet = groupSet(wanted.groupSet, &plan)
        row.reason = undo.reason.map { reason($0, &plan) } ?? UserRow.keepsReason
        row.version = version &+ 1
        plan.subjects.append(
            Subject(
                row: row, version: version, id: row.id, email: row.email, name: row.name, directory: row.directory,
                person: nil))
        subjects[roster.key(of: undo.place)] = number
        if !wanted.details.isEmpty { plan.details[Int(number)] = wanted.details }
        plan.changes += UndoTables.changes(from: undo.now, to: wanted, subject: number)
    }

    /// The subject of a place in the roster, where it was written.
    func number(of place: Int) -> UInt32? { subjects[roster.key(of: place)] }

    /// Who stood in line before the run stands there again, who came into it leaves; `left` stays as it is now.
    mutating func writeLine(
        _ images: RunImages, leaving left: Set<RunImages.PlaceKey>, into plan: inout TargetPlan
    ) {
        labels = images.labels
        let given = Set(images.placesGiven).subtracting(left)
        let back = images.placesTaken.filter { !left.contains($0.key) }
        let taken = Set(back.map(\.key))
        var roles: [RunImages.PlaceKey: String] = [:]
        plan.waiting = []
        for place in roster.waiting {
            let key = place.key
            if taken.contains(key) {
                roles[key] = place.role
            } else if given.contains(key) {
                plan.changes.append(
                    Change(
                        kind: .stopWaiting, evidence: .positive, subject: subject(place.person, &plan), reason: 0,
                        scope: place.scope, before: place.role))
            } else {
                plan.waiting.append(place)
            }
        }
        for place in back {
            plan.waiting.append(place)
            guard roles[place.key] != place.role else { continue }
            plan.changes.append(
                Change(
                    kind: .wait, evidence: .positive, subject: subject(place.person, &plan), reason: 0,
                    scope: place.scope, after: place.role))
        }
    }

    private mutating func subject(_ person: PersonKey, _ plan: inout TargetPlan) -> UInt32 {
        if let known = subjects[person] { return known }
        if !plan.directories.contains(person.directory) { plan.directories.append(person.directory) }
        let directory = plan.directories.firstIndex(of: person.directory) ?? 0
        if userPlaces == nil {
            userPlaces = Dictionary(roster.users.indices.map { (roster.key(of: $0), $0) }) { first, _ in first }
        }
        let place = userPlaces?[person]
        let email =
            place.map { plan.texts.append(roster.texts.slice(roster.users[$0].email)) }
            ?? labels[person].map { plan.texts.append($0) } ?? .empty
        let number = UInt32(truncatingIfNeeded: plan.subjects.count)
        plan.subjects.append(
            Subject(
                row: nil, version: place.map { roster.users[$0].version } ?? 0, id: person.id, email: email,
                name: .empty, directory: UInt8(truncatingIfNeeded: directory), person: nil))
        subjects[person] = number
        return number
    }

    private mutating func access(_ state: UserState, _ plan: inout TargetPlan) -> UInt32 {
        if let known = accesses[state.access] { return known }
        let number = UInt32(truncatingIfNeeded: plan.accesses.count)
        plan.accesses.append(state.access)
        plan.effective.append(state.effective)
        accesses[state.access] = number
        return number
    }

    private mutating func groupSet(_ set: [GroupKey], _ plan: inout TargetPlan) -> UInt32 {
        if let known = groupSets[set] { return known }
        let number = UInt32(truncatingIfNeeded: plan.groupSets.count)
        plan.groupSets.append(set)
        groupSets[set] = number
        return number
    }

    private mutating func reason(_ text: String, _ plan: inout TargetPlan) -> UInt32 {
        if let known = reasons[text] { return known }
        let number = UInt32(truncatingIfNeeded: plan.reasons.count)
        plan.reasons.append(.recorded(text))
        reasons[text] = number
        return number
    }

    private static func changes(from now: UserState, to wanted: UserState, subject: UInt32) -> [Change] {
        var changes: [Change] = []
        func add(_ kind: ChangeKind, _ before: String?, _ after: String?, scope: ScopePath = .root) {
            changes.append(
                Change(
                    kind: kind, evidence: .positive, subject: subject, reason: 0, scope: scope, before: before,
                    after: after))
        }
        if let kind = kind(from: now.status, to: wanted.status) {
            add(kind, now.status == .removed ? nil : now.status.rawValue, wanted.status.rawValue)
        } else {
            let (old, new) = (now.details.causes.map(\.kind), wanted.details.causes.map(\.kind))
            for cause in new where !old.contains(cause) { add(.setCause, nil, cause.rawValue) }
            for cause in old where !new.contains(cause) { add(.clearCause, cause.rawValue, nil) }
        }
        func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
        if now.email != wanted.email { add(.changeEmail, text(now.email), text(wanted.email)) }
        if now.name != wanted.name { add(.changeName, text(now.name), text(wanted.name)) }
        if now.status != .removed, wanted.status != .removed {
            for part in AccessDifference.changes(from: now.access, to: wanted.access) {
                add(part.kind, part.before, part.after, scope: part.scope)
            }
        }
        let (old, new) = (now.details.manual, wanted.details.manual)
        for grant in new where !old.contains(grant) { add(.grantByHand, nil, grant.part.words) }
        for grant in old where !new.contains(grant) { add(.revokeByHand, grant.part.words, nil) }
        return changes
    }

    private static func kind(from now: UserStatus, to wanted: UserStatus) -> ChangeKind? {
        if now == wanted { return nil }
        return switch wanted {
        case .removed: .remove
        case .suspended: .suspend
        case .active: now == .suspended ? .resume : .activate
        case .invited: now == .suspended ? .resume : .invite
        }
    }
}
