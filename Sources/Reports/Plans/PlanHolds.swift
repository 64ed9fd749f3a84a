import Reconciliation

/// What guards did not let through, with both ways on.
///
/// Withheld privileged grants come first: they wait for somebody.
struct PlanHolds {
    let plan: TargetPlan
    let stage: PlanReport.Stage

    func write(to page: inout TextPage) {
        for notice in notices {
            page.blank()
            notice.write(to: &page)
        }
    }

    var notices: [HoldNotice] {
        var notices = withheld(plan.holds.filter(\.isGrant))
        for hold in plan.holds {
            switch hold.extent {
            case .grant: continue
            case .target(let evenDisabled): notices.append(target(hold, evenDisabled: evenDisabled))
            case .group where plan.isHeld: continue
            case .group: notices.append(group(hold))
            }
        }
        if let also = alsoFrozen, !notices.isEmpty { notices[notices.count - 1].lines.append(also) }
        return notices
    }

    /// Groups of a target that is held anyway: one line, for nothing is written whatever becomes of them.
    private var alsoFrozen: HoldNotice.Line? {
        guard plan.isHeld else { return nil }
        let groups = plan.holds.compactMap { hold -> String? in
            guard case .group(_, let name) = hold.extent else { return nil }
            let lost = hold.before.map { "\(Counted.number(hold.count)) of \(Counted.number($0))" }
            return lost.map { "\(name) (lost \($0))" } ?? name
        }
        guard !groups.isEmpty else { return nil }
        return .init("also frozen:", "\(Counted.text(groups.count, "group")): \(groups.joined(separator: ", "))")
    }

    private func withheld(_ grants: [Hold]) -> [HoldNotice] {
        guard let limit = grants.first?.limit else { return [] }
        let count = Counted.text(grants.count, "privileged grant")
        let lines: [HoldNotice.Line] = [
            .init("mistake?", "take the person out of the group; the next run is quiet"), intended(),
        ]
        return [
            HoldNotice(
                mark: isObserved ? .wouldWithhold : .withheld, target: plan.target,
                sentence: "\(count) beyond the limit of \(limit); the rest goes on",
                items: grants.map(\.message), lines: lines)
        ]
    }

    private func target(_ hold: Hold, evenDisabled: Bool) -> HoldNotice {
        let isWhole = evenDisabled || plan.pausedBy != nil
        var lines: [HoldNotice.Line] = [.init("frozen:", HoldReach.target(isWhole: isWhole).words), appliedAnyway]
        lines += details(hold)
        lines += [.init("mistake?", "\(repair(hold.kind)); the next run is quiet"), intended()]
        return notice(hold, lines)
    }

    private func group(_ hold: Hold) -> HoldNotice {
        return notice(hold, [.init("frozen:", HoldReach.group.words)] + details(hold) + ways(hold))
    }

    private func notice(_ hold: Hold, _ lines: [HoldNotice.Line]) -> HoldNotice {
        HoldNotice(
            mark: isObserved ? .wouldHold : .held, target: plan.target, sentence: hold.message, items: [], lines: lines)
    }

    private func details(_ hold: Hold) -> [HoldNotice.Line] {
        var lines: [HoldNotice.Line] = []
        if !hold.wouldHave.isEmpty { lines.append(.init("would have:", hold.wouldHave.joined(separator: ", "))) }
        if !hold.note.isEmpty { lines.append(.init("besides:", hold.note)) }
        for (place, cause) in hold.causes.enumerated() {
            lines.append(.init(place == 0 ? "because:" : "", "\(Counted.number(cause.people)) \(cause.text)"))
        }
        return lines
    }

    /// The ways on from a frozen group; to approve is to let its members lose what it gave.
    private func ways(_ hold: Hold) -> [HoldNotice.Line] {
        let quiet = "; the next run is quiet"
        let approved = intended("; its members then lose what it gave")
        switch hold.doubt {
        case .recreated:
            let yours =
                "if it was made again on purpose, rollcall lock; if the whole directory has new ids, rollcall rekey"
            return [
                .init("mistake?", "restore the group that was deleted\(quiet)"), .init("yours?", yours), approved,
            ]
        case .vanished:
            let renamed = "a new group in its place is another one: change the rule, then rollcall lock"
            return [.init("mistake?", "restore the group\(quiet)"), .init("renamed?", renamed), approved]
        case .notLocked:
            return [.init("mistake?", "rollcall lock, and have the file reviewed\(quiet)"), approved]
        case .shrunk, nil: return [.init("mistake?", "repair the group\(quiet)"), approved]
        }
    }

    private var appliedAnyway: HoldNotice.Line {
        let disabled = plan.pausedBy == nil ? plan.changes.count { $0.kind == .suspend } : 0
        let verb = stage == .applied && !isObserved ? "applied anyway" : "would be applied anyway"
        let people = Counted.text(disabled, "disabled person", plural: "disabled people")
        return .init("\(verb):", disabled == 0 ? "nothing" : "\(people) suspended")
    }

    private var isObserved: Bool { plan.mode == .observe }

    private func intended(_ effect: String = "") -> HoldNotice.Line {
        HoldNotice.intended(
            on: plan.target, isObserved: isObserved, isPaused: plan.pausedBy != nil, isHeld: stage == .applied, effect)
    }

    /// What to mend if the hold tells of a mistake.
    private func repair(_ kind: GuardKind) -> String {
        switch kind {
        case .peopleShrink: "repair the directory, its bases or its filter"
        case .groupShrink: "repair the group"
        case .changePermissions: "undo the edit of the file"
        case .returns: "let the bind account see again what suspended them"
        case .seats: "free or buy seats, or set `when_seats_run_out: wait`"
        case .changeEmail: "repair the email attribute in the directory"
        default:
            plan.editedFiles.isEmpty
                ? "repair the directory"
                : "undo the edit of \(plan.editedFiles.joined(separator: ", ")), or repair the directory"
        }
    }
}
