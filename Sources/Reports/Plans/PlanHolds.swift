import Reconciliation

/// What guards did not let through, with both ways on.
///
/// Withheld privileged grants come first: they wait for somebody.
struct PlanHolds {
    let plan: TargetPlan
    let stage: PlanReport.Stage

    /// Lines about one hold begin here, under `HELD  `.
    private static let indent = 6

    func write(to page: inout TextPage) {
        let grants = plan.holds.filter { if case .grant = $0.extent { true } else { false } }
        withheld(grants, to: &page)
        for hold in plan.holds {
            switch hold.extent {
            case .grant: continue
            case .target(let evenDisabled): target(hold, evenDisabled: evenDisabled, to: &page)
            case .group where plan.isHeld: continue
            case .group: group(hold, to: &page)
            }
        }
        if plan.isHeld { alsoFrozen(to: &page) }
    }

    /// Groups of a target that is held anyway: one line, for nothing is written whatever becomes of them.
    private func alsoFrozen(to page: inout TextPage) {
        let groups = plan.holds.compactMap { hold -> String? in
            guard case .group(_, let name) = hold.extent else { return nil }
            let lost = hold.before.map { "\(Counted.number(hold.count)) of \(Counted.number($0))" }
            return lost.map { "\(name) (lost \($0))" } ?? name
        }
        guard !groups.isEmpty else { return }
        page.line(
            "also frozen: \(Counted.text(groups.count, "group")): \(groups.joined(separator: ", "))",
            indent: PlanHolds.indent)
    }

    private func withheld(_ grants: [Hold], to page: inout TextPage) {
        guard !grants.isEmpty else { return }
        page.blank()
        let limit = grants.first.map(\.limit) ?? 0
        page.line(
            Span("WITHHELD", .alarm),
            "  \(plan.target): \(Counted.text(grants.count, "privileged grant")) beyond the limit of \(limit); the rest goes on"
        )
        let shown = page.style.shown(of: grants.count)
        for hold in grants.prefix(shown) { page.line("\(hold.message)", indent: PlanHolds.indent) }
        page.rest(grants.count - shown, "grant", indent: PlanHolds.indent)
        page.line("mistake?  take the person out of the group; the next run is quiet", indent: PlanHolds.indent)
        page.line("intended? \(approve)", indent: PlanHolds.indent)
    }

    private func target(_ hold: Hold, evenDisabled: Bool, to page: inout TextPage) {
        head(hold, to: &page)
        let frozen =
            evenDisabled || plan.pausedBy != nil
            ? "frozen: nothing of the target is written" : "frozen: everything but suspensions of disabled people"
        page.line("\(frozen)", indent: PlanHolds.indent)
        page.line("\(appliedAnyway)", indent: PlanHolds.indent)
        details(hold, to: &page)
        page.line("mistake?  \(repair(hold.kind)); the next run is quiet", indent: PlanHolds.indent)
        page.line("intended? \(approve)", indent: PlanHolds.indent)
    }

    private func group(_ hold: Hold, to page: inout TextPage) {
        head(hold, to: &page)
        page.line(
            "frozen: its members keep what it gave them, new ones get nothing through it; the rest goes on",
            indent: PlanHolds.indent)
        details(hold, to: &page)
        for line in ways(hold) { page.line("\(line)", indent: PlanHolds.indent) }
    }

    /// The ways on from a frozen group; to approve is to let its members lose what it gave.
    private func ways(_ hold: Hold) -> [String] {
        let quiet = "; the next run is quiet"
        let approved = "intended? \(approve); its members then lose what it gave"
        return switch hold.doubt {
        case .recreated:
            [
                "mistake?  restore the group that was deleted\(quiet)",
                "yours?    if it was made again on purpose, rollcall lock; if the whole directory has new ids, rollcall rekey",
                approved,
            ]
        case .vanished:
            [
                "mistake?  restore the group\(quiet)",
                "renamed?  a new group in its place is another one: change the rule, then rollcall lock", approved,
            ]
        case .notLocked: ["mistake?  rollcall lock, and have the file reviewed\(quiet)", approved]
        case .shrunk, nil: ["mistake?  repair the group\(quiet)", approved]
        }
    }

    private func head(_ hold: Hold, to page: inout TextPage) {
        page.blank()
        page.line(Span("HELD", .alarm), "  \(plan.target): \(hold.message)")
    }

    private func details(_ hold: Hold, to page: inout TextPage) {
        if !hold.wouldHave.isEmpty {
            page.line("would have: \(hold.wouldHave.joined(separator: ", "))", indent: PlanHolds.indent)
        }
        if !hold.note.isEmpty { page.line("besides: \(hold.note)", indent: PlanHolds.indent) }
        for (place, cause) in hold.causes.enumerated() {
            let lead = place == 0 ? "because: " : "         "
            page.line("\(lead)\(Counted.number(cause.people)) \(cause.text)", indent: PlanHolds.indent)
        }
    }

    private var appliedAnyway: String {
        let disabled = plan.pausedBy == nil ? plan.changes.count { $0.kind == .suspend } : 0
        let verb = stage == .applied && plan.mode == .manage ? "applied anyway" : "would be applied anyway"
        return disabled == 0
            ? "\(verb): nothing"
            : "\(verb): \(Counted.text(disabled, "disabled person", plural: "disabled people")) suspended"
    }

    /// A plan is no run, and holds nothing that could be approved.
    private var approve: String {
        let approve = "rollcall approve --last-hold --reason \"…\""
        return stage == .applied ? approve : "once a run has held it: \(approve)"
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
