import AccessModel
import MappingLanguage

/// The least numbers of users per role that a plan must leave.
struct FloorOfAdmins {
    struct Floor {
        var role: String
        var least: Int
        /// Nobody who could be active has the role yet, so the invited count.
        var countsInvited: Bool
        var before: Int

        func counts(_ status: UserStatus) -> Bool {
            status == .active || (countsInvited && status == .invited)
        }
    }

    private(set) var floors: [Floor] = []

    init(settings: TargetSettings, census: AccessCensus, book: AccessBook) {
        var least: [String: Int] = [:]
        for floor in settings.platform.keepAtLeast + settings.policy.keepAtLeast {
            least[floor.role] = max(least[floor.role] ?? 0, floor.count)
        }
        for (role, count) in least.sorted(by: { precedes($0.key, $1.key) }) where count > 0 {
            let active = census.holders(of: role, .active, in: book)
            let invited = census.holders(of: role, .invited, in: book)
            floors.append(
                Floor(role: role, least: count, countsInvited: active == 0, before: active == 0 ? invited : active))
        }
    }
}

extension Planning {
    /// Withholds what would leave too few; true when seats have to be given anew because of it.
    mutating func keepFloors(_ floors: FloorOfAdmins, round: Int) -> Bool {
        var again = false
        for floor in floors.floors {
            let moves = movements(floor)
            let after = floor.before + moves.gained - moves.losers.count
            let needed = min(floor.before, floor.least) - after
            if needed > 0 && round <= 64 {
                for index in moves.losers.prefix(needed) { keep(index, floor) }
                again = again || !moves.losers.isEmpty
            }
        }
        if again { return true }
        for floor in floors.floors where allowed == .everything { reportFloor(floor) }
        return false
    }

    private func movements(_ floor: FloorOfAdmins.Floor) -> (gained: Int, losers: [Int]) {
        var holds = [Bool](repeating: false, count: book.accesses.count)
        for (number, access) in book.accesses.enumerated() {
            holds[number] = access.roles.contains { $0.role == floor.role }
        }
        var gained = 0
        var losers: [Int] = []
        for (index, item) in cases.enumerated() {
            let had =
                !item.flags.contains(.joiner) && floor.counts(item.oldStatus) && holds[Int(item.oldAccess)]
            let status = item.flags.contains(.returner) && isIdle(item) ? item.oldStatus : item.newStatus
            let has = item.isCreated && floor.counts(status) && holds[Int(item.final)]
            if has && !had { gained += 1 }
            if had && !has { losers.append(index) }
        }
        losers.sort { left, right in
            let (one, other) = (evidenceWeight(left), evidenceWeight(right))
            return one == other ? key(of: cases[left]) < key(of: cases[right]) : one < other
        }
        return (gained, losers)
    }

    /// How strong the reason is for which somebody would lose a role; the weakest is withheld first.
    private func evidenceWeight(_ index: Int) -> Int {
        guard let outcome = outcomes[index], cases[index].newStatus == .suspended else { return 0 }
        return 10 - (outcome.details.causes.map(\.kind.weight).min() ?? 9)
    }

    private mutating func keep(_ index: Int, _ floor: FloorOfAdmins.Floor) {
        let why =
            cases[index].newStatus == .suspended
            ? "not suspended, although \(outcomes[index]?.details.causes.first?.kind.beginning ?? "a cause stands")"
            : "keeps `\(floor.role)`, although rules no longer give it"
        findings.append(
            Finding(
                code: "admins.kept", weight: .severe, person: key(of: cases[index]), label: label(of: cases[index]),
                message: "\(why), since fewer than \(floor.least) active `\(floor.role)` would be left",
                hint: "give `\(floor.role)` to somebody else first"))
        cases[index].flags.insert(.keptForFloor)
        cases[index].flags.remove(.reclaimed)
        cases[index].newStatus = cases[index].oldStatus
        cases[index].wanted = cases[index].oldAccess
        cases[index].final = cases[index].oldAccess
        outcomes[index] = nil
        endedGrants[index] = nil
    }

    private mutating func reportFloor(_ floor: FloorOfAdmins.Floor) {
        let moves = movements(floor)
        let after = floor.before + moves.gained - moves.losers.count
        if after >= floor.least { return }
        let status = floor.countsInvited ? "active or invited" : "active"
        findings.append(
            Finding(
                code: "admins.below", weight: .severe,
                message: "\(after) \(status) `\(floor.role)`, fewer than the least of \(floor.least)",
                hint: remedy(floor)))
    }

    /// What leads to more of them: what keeps those whom rules name for it from getting it comes first.
    private func remedy(_ floor: FloorOfAdmins.Floor) -> String {
        if withheld.contains(where: { $0.what.contains { $0.right == .role(floor.role) } }) {
            return "approve it for those from whom it is withheld: once a run has held it, "
                + "`rollcall approve --last-hold`"
        }
        let isPrivileged = settings.platform.role(named: floor.role)?.privileged ?? false
        if isPrivileged, input.evaluation.findings.contains(where: { $0.code == MappingFinding.needsLock }) {
            return "run `rollcall lock`: privileged rules give nothing before there is a lock file"
        }
        return "give `\(floor.role)` to more people"
    }
}
