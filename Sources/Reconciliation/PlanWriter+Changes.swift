import AccessModel
import DirectoryModel
import MappingLanguage

/// The changes of one user, in three groups: what frees seats, what changes for those who stay, returners and joiners.
extension PlanWriter {
    mutating func writeChanges(_ index: Int, _ subject: UInt32, _ row: Subject) {
        let item = planning.cases[index]
        if item.flags.contains(.joiner) {
            coming.append(
                Change(
                    kind: .invite, evidence: .positive, subject: subject,
                    reason: reasons.number(rulesOf: item), after: item.newStatus.rawValue))
            return
        }
        if let before = planning.movedUsers[item.user] {
            let now = planning.key(of: item)
            staying.append(
                Change(
                    kind: .changeID, evidence: .positive, subject: subject,
                    reason: reasons.number(
                        .directory(detail: "the same person, known by another directory from now on")),
                    before: "\(before.directory):\(before.id)", after: "\(now.directory):\(now.id)"))
        }
        writeStatus(index, subject)
        if item.flags.contains(.emailChanges), let old = self.row(of: item) {
            let reason = reasons.number(.directory(detail: "the directory gives another email"))
            staying.append(
                Change(
                    kind: .changeEmail, evidence: .positive, subject: subject, reason: reason,
                    before: planning.input.roster.texts[old.email], after: plan.texts[row.email]))
        }
        if item.flags.contains(.nameChanges), let old = self.row(of: item) {
            let reason = reasons.number(.directory(detail: "the directory gives another name"))
            staying.append(
                Change(
                    kind: .changeName, evidence: .positive, subject: subject, reason: reason,
                    before: planning.input.roster.texts[old.name], after: plan.texts[row.name]))
        }
        if item.final != item.oldAccess { writeAccess(index, subject) }
        writeEndedGrants(index, subject)
        if item.flags.contains(.permissionsEdited) {
            let files = planning.editedFiles.isEmpty ? "a file" : planning.editedFiles.joined(separator: ", ")
            let old = Int(item.oldAccess)
            let before = old < planning.input.roster.effective.count ? planning.input.roster.effective[old] : ""
            staying.append(
                Change(
                    kind: .changePermissions, evidence: .positive, subject: subject,
                    reason: reasons.number(.edited(file: files)), before: before,
                    after: planning.book.effectiveText(item.final)))
        }
    }

    private mutating func writeStatus(_ index: Int, _ subject: UInt32) {
        let item = planning.cases[index]
        let outcome = planning.outcomes[index]
        if item.newStatus == .removed {
            add(
                .remove, item.oldStatus, item.newStatus, subject, standing(index),
                item.flags.contains(.reclaimed)
                    ? CauseKind.reclaimed.beginning : "suspended for longer than `remove_after`")
            return
        }
        if item.newStatus == .suspended, item.oldStatus != .suspended {
            let first = standing(index)
            add(.suspend, item.oldStatus, item.newStatus, subject, first, beginning(first, item))
            for kind in outcome?.begun ?? [] where kind != first {
                writeCause(.setCause, kind, beginning(kind, item), subject)
            }
            return
        }
        if item.oldStatus == .suspended, item.newStatus != .suspended {
            if let ended = outcome?.ended.first {
                add(.resume, item.oldStatus, item.newStatus, subject, ended, ended.end)
            } else if waitedForSeat(item) {
                let reason = reasons.number(.seats(pool: "", detail: "a seat came free, and no cause stands any more"))
                coming.append(
                    Change(
                        kind: .resume, evidence: .positive, subject: subject, reason: reason,
                        before: item.oldStatus.rawValue, after: item.newStatus.rawValue))
            } else {
                add(.resume, item.oldStatus, item.newStatus, subject, .unmapped, CauseKind.unmapped.end)
            }
            return
        }
        for kind in outcome?.begun ?? [] { writeCause(.setCause, kind, beginning(kind, item), subject) }
        for kind in outcome?.ended ?? [] { writeCause(.clearCause, kind, kind.end, subject) }
    }

    /// Whether somebody who returns was kept away by nothing but a seat: in line, or since a human lifted every cause.
    private func waitedForSeat(_ item: PersonCase) -> Bool {
        if !planning.line.places(of: planning.line.number(of: item)).isEmpty { return true }
        let before = planning.input.roster.details[Int(item.user)]
        return before?.lifted.isEmpty == false && before?.pending.contains { $0.kind == .unmapped } == false
    }

    /// Why a cause begins; of the disabled also what in the directory says so.
    func beginning(_ kind: CauseKind, _ item: PersonCase) -> String {
        guard kind == .disabled else { return kind.beginning }
        return disablingState(item)?.disablingWords(
            attribute: planning.input.disabledBy[planning.key(of: item).directory])
            ?? kind.beginning
    }

    /// Nil where the run did not see the person's state.
    private func disablingState(_ item: PersonCase) -> PersonState? {
        let input = planning.input
        if item.person != RosterJoin.none { return input.mirror.people[Int(item.person)].state }
        guard case .outOfScope(_, let seen) = input.absences[planning.key(of: item)] else { return nil }
        return seen
    }

    /// The weightiest cause that stands.
    func standing(_ index: Int) -> CauseKind {
        let details = newDetails(index)
        return details.causes.map(\.kind).min { $0.weight < $1.weight } ?? .manual
    }

    private mutating func add(
        _ kind: ChangeKind, _ before: UserStatus, _ after: UserStatus, _ subject: UInt32, _ cause: CauseKind,
        _ detail: String
    ) {
        let change = Change(
            kind: kind, evidence: kind == .resume ? .positive : cause.evidence, subject: subject,
            reason: reasons.number(.cause(cause, detail: detail)), before: before.rawValue, after: after.rawValue)
        if kind == .resume { coming.append(change) } else { leaving.append(change) }
    }

    private mutating func writeCause(_ kind: ChangeKind, _ cause: CauseKind, _ detail: String, _ subject: UInt32) {
        staying.append(
            Change(
                kind: kind, evidence: kind == .setCause ? cause.evidence : .positive, subject: subject,
                reason: reasons.number(.cause(cause, detail: detail)),
                before: kind == .clearCause ? cause.rawValue : nil, after: kind == .setCause ? cause.rawValue : nil))
    }

    private mutating func writeAccess(_ index: Int, _ subject: UInt32) {
        let item = planning.cases[index]
        let old = planning.book[item.oldAccess]
        let new = planning.book[item.final]
        for change in AccessDifference.changes(from: old, to: new) {
            let reason = reasonByHand(for: change, index) ?? reason(for: change, item, old, new)
            let written = Change(
                kind: change.kind, evidence: change.after == nil ? .absence : .positive, subject: subject,
                reason: reason, scope: change.scope, before: change.before, after: change.after)
            switch change.kind {
            case .leaveScope: leaving.append(written)
            case .joinScope: coming.append(written)
            default: staying.append(written)
            }
        }
    }

    private mutating func reason(
        for change: AccessDifference.Part, _ item: PersonCase, _ old: Access, _ new: Access
    ) -> UInt32 {
        if let after = change.after, change.kind == .joinScope || change.kind == .changeRole {
            if let rule = reasons.number(rulesOf: item, scope: change.scope, role: after) { return rule }
            if planning.seats.isWaiting(index(of: item)) {
                return reasons.number(.seats(pool: "", detail: "stands in while no seat is free"))
            }
        }
        if change.after == nil || change.kind == .changeRole, let kind = releasingCause(item) {
            let beginning = kind == .reclaimed ? "" : "the seat is given back: "
            return reasons.number(.cause(kind, detail: beginning + kind.beginning))
        }
        if change.kind == .leaveScope {
            let cover = new.roles.first { outer in
                outer.scope != change.scope && change.scope.isInside(outer.scope)
                    && planning.settings.platform.covers(outer.role, change.before ?? "")
            }
            if let cover,
                let rule = reasons.number(rulesOf: item, scope: cover.scope, role: cover.role)
            {
                return rule
            }
        }
        if change.after == nil { return reasons.number(.noRule(before: change.before.map { "`\($0)`" } ?? "")) }
        if let part = change.part, let rules = reasons.number(rulesOf: item, part: part) { return rules }
        return reasons.number(rulesOf: item)
    }

    /// Why a seat is given back; nil for everybody else.
    private func releasingCause(_ item: PersonCase) -> CauseKind? {
        let index = index(of: item)
        guard index >= 0 else { return nil }
        if item.flags.contains(.reclaimed) { return .reclaimed }
        return item.newStatus == .suspended ? planning.releasingCause(index) : nil
    }

    private func index(of item: PersonCase) -> Int { planning.caseOfUser[item.user] ?? -1 }
}

/// What differs between two accesses, part by part, in the order of a plan.
enum AccessDifference {
    struct Part: Equatable {
        var kind: ChangeKind
        var scope: ScopePath
        var before: String?
        var after: String?
        /// Path of the area, where permissions given directly change.
        var area = ""

        /// What is given; nil for a role and for what is taken away.
        var part: GiftSource.Part? {
            guard let after else { return nil }
            return switch kind {
            case .addTemplate: .template(after)
            case .switchOn: .switchOn(after)
            case .addGrant: .grant(ScopedRole(scope: scope, role: after))
            case .changePermissions: .permission(area)
            default: nil
            }
        }
    }

    static func changes(from old: Access, to new: Access) -> [Part] {
        var parts: [Part] = []
        let scopes = Set(old.roles.map(\.scope)).union(new.roles.map(\.scope)).sorted()
        for scope in scopes {
            let (before, after) = (old.role(in: scope), new.role(in: scope))
            if before == after { continue }
            let kind: ChangeKind = before == nil ? .joinScope : after == nil ? .leaveScope : .changeRole
            parts.append(Part(kind: kind, scope: scope, before: before, after: after))
        }
        parts += names(old.templates, new.templates, .removeTemplate, .addTemplate)
        parts += names(old.switches, new.switches, .switchOff, .switchOn)
        for grant in old.grants where !new.grants.contains(grant) {
            parts.append(Part(kind: .removeGrant, scope: grant.scope, before: grant.role, after: nil))
        }
        for grant in new.grants where !old.grants.contains(grant) {
            parts.append(Part(kind: .addGrant, scope: grant.scope, before: nil, after: grant.role))
        }
        let areas = Set(old.permissions.map(\.area)).union(new.permissions.map(\.area)).sorted(by: precedes)
        for area in areas {
            let before = text(area, old)
            let after = text(area, new)
            if before != after {
                parts.append(Part(kind: .changePermissions, scope: .root, before: before, after: after, area: area))
            }
        }
        return parts.sorted { left, right in
            left.kind == right.kind ? left.scope < right.scope : left.kind.rawValue < right.kind.rawValue
        }
    }

    private static func names(_ old: [String], _ new: [String], _ gone: ChangeKind, _ come: ChangeKind) -> [Part] {
        old.filter { !new.contains($0) }.map { Part(kind: gone, scope: .root, before: $0, after: nil) }
            + new.filter { !old.contains($0) }.map { Part(kind: come, scope: .root, before: nil, after: $0) }
    }

    /// `conversations: view+edit`, as given directly.
    private static func text(_ area: String, _ access: Access) -> String? {
        access.permissions.first { $0.area == area }.map { "\(area): \($0.values.joined(separator: "+"))" }
    }
}
