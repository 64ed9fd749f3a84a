import AccessModel

/// What edited files do to accesses that people have: seen, counted for everybody concerned, and written only by a plan that is
/// not held.
extension Planning {
    /// Marks the accesses that an edit gives other permissions.
    ///
    /// What an access permits is written once for all who have it. So a held plan leaves every one as it was recorded, and a pilot
    /// those that somebody outside it has too.
    mutating func findEdits() {
        isEdited = [Bool](repeating: false, count: input.roster.accesses.count)
        if allowed != .everything {
            for number in input.roster.effective.indices { keepRecorded(number) }
            return
        }
        guard input.roster.baseline == nil || !editedFiles.isEmpty else { return }
        for number in isEdited.indices where number < input.roster.effective.count {
            let now = book.effectiveText(UInt32(truncatingIfNeeded: number))
            isEdited[number] = !now.utf8.elementsEqual(input.roster.effective[number].utf8)
        }
        if isEdited.contains(true) { leaveEditsOutsidePilot() }
    }

    private mutating func keepRecorded(_ number: Int) {
        book.keepRecorded(input.roster.effective[number], of: UInt32(truncatingIfNeeded: number))
    }

    private mutating func leaveEditsOutsidePilot() {
        guard let pilot else { return }
        var outside = 0
        var kept: Set<Int> = []
        for (place, row) in input.roster.users.enumerated() where row.managed {
            guard row.status == .invited || row.status == .active,
                isEdited(row.access) || kept.contains(Int(row.access)), !pilot.contains(row, join.personOfUser[place])
            else { continue }
            outside += 1
            guard kept.insert(Int(row.access)).inserted else { continue }
            isEdited[Int(row.access)] = false
            keepRecorded(Int(row.access))
        }
        guard outside > 0 else { return }
        let users = outside == 1 ? "1 user outside the pilot has" : "\(outside) users outside the pilot have"
        findings.append(
            Finding(
                code: "pilot.edit-waits", weight: .warning,
                message:
                    "\(users) what an edit of \(editedFiles.joined(separator: ", ")) changes, so it takes effect for nobody "
                    + "who has the same",
                hint: "it takes effect when the pilot is over"))
    }

    /// Whether an access permits other things than it was recorded with, since a file was edited.
    func isEdited(_ access: UInt32) -> Bool { Int(access) < isEdited.count && isEdited[Int(access)] }

    /// What an access permitted when it was recorded; nil for one that no edit changes.
    func recordedBeforeEdit(_ access: UInt32) -> String? {
        isEdited(access) && Int(access) < input.roster.effective.count ? input.roster.effective[Int(access)] : nil
    }

    /// Counts somebody whose permissions an edit changes, whether their access changes too or not.
    mutating func countEdit(_ index: Int) {
        let item = cases[index]
        guard let recorded = recordedBeforeEdit(item.oldAccess) else { return }
        cases[index].flags.insert(.permissionsEdited)
        counted[.changePermissions, default: []].append(index)
        let known = gainsByEdit[item.oldAccess] ?? editGains(item.oldAccess, recorded)
        gainsByEdit[item.oldAccess] = known
        guard !known.isEmpty, !known.isDisjoint(with: privilegesNow(item.final)) else { return }
        editedGains.append(index)
        if item.flags.contains(.gainsPrivilege) { return }
        counted[.privilegedGain, default: []].append(index)
        if let use = approvals.take(key(of: item).id, .privilegedGain) { approvedGains[index] = use }
    }

    /// Privileged permissions of an access that it did not have when it was recorded.
    private mutating func editGains(_ access: UInt32, _ recorded: String) -> Set<HeldPrivilege> {
        privilegesNow(access).subtracting(book.privileges(recorded: recorded))
    }

    /// Privileged permissions of an access by today's files, wherever they come from.
    mutating func privilegesNow(_ access: UInt32) -> Set<HeldPrivilege> {
        book.privileges(recorded: book.effectiveText(access))
    }
}
