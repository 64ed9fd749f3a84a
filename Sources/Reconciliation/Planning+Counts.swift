import AccessModel
import Diagnostics
import MappingLanguage

/// Counts what guards look at, and what concerns the target as a whole.
extension Planning {
    mutating func countForGuards() {
        var losses: [UInt64: Loss] = [:]
        for index in cases.indices { settleIdle(index) }
        for index in cases.indices {
            if cases[index].flags.contains(.gainsPrivilege) { countGain(index) }
            countReturn(index)
            if cases[index].flags.contains(.joiner) { continue }
            countStatus(index)
            let item = cases[index]
            if item.flags.contains(.emailChanges) { counted[.changeEmail, default: []].append(index) }
            guard item.oldStatus != .suspended, item.newStatus == .invited || item.newStatus == .active else {
                continue
            }
            countEdit(index)
            if item.final == item.oldAccess { continue }
            let pair = UInt64(item.oldAccess) << 32 | UInt64(item.final)
            let loss = losses[pair] ?? loss(from: item.oldAccess, to: item.final)
            losses[pair] = loss
            if loss.access {
                cases[index].flags.insert(.losesAccess)
                counted[.loseAccess, default: []].append(index)
            }
            if loss.privilege { counted[.privilegedLoss, default: []].append(index) }
        }
        if settings.policy.whenSeatsRunOut == .hold {
            let short = seats.places.filter { !$0.place.forPace && $0.caseIndex != SeatOutcome.Standing.none }
            if !short.isEmpty { counted[.seats] = Array(Set(short.map { Int($0.caseIndex) })) }
        }
    }

    private struct Loss {
        var access: Bool
        var privilege: Bool
    }

    private mutating func loss(from old: UInt32, to new: UInt32) -> Loss {
        let recorded = recordedBeforeEdit(old)
        let privileges = book.privileges(old).union(recorded.map { book.privileges(recorded: $0) } ?? [])
        let kept = recorded == nil ? book.privileges(new) : book.privileges(new).union(privilegesNow(new))
        return Loss(
            access: book.loses(from: book[old], to: book[new])
                || recorded.map { book.loses(recorded: $0, to: book[new]) } ?? false,
            privilege: !privileges.subtracting(kept).isEmpty)
    }

    /// A returner for whom there is no seat stays suspended, without causes.
    private mutating func settleIdle(_ index: Int) {
        guard cases[index].flags.contains(.returner), isIdle(cases[index]) else { return }
        cases[index].newStatus = .suspended
        cases[index].final = cases[index].oldAccess
        endedGrants[index] = nil
    }

    /// Gains that come about; withheld ones are counted too, so that a report can tell.
    private mutating func countGain(_ index: Int) {
        let item = cases[index]
        if item.flags.contains(.withheld) {
            counted[.privilegedGain, default: []].append(index)
            return
        }
        guard item.isCreated else { return }
        if !book.gained(item.final, beside: item.oldAccess).isEmpty {
            counted[.privilegedGain, default: []].append(index)
        }
    }

    /// Suspended users who come back, or stay only for want of a seat, and removed ones who are invited again.
    ///
    /// Whoever waits counts on the night on which the last cause ends and again on the night of the seat.
    private mutating func countReturn(_ index: Int) {
        let item = cases[index]
        guard item.user != RosterJoin.none, allowed == .everything else { return }
        let comesBack = item.isCreated && (item.newStatus == .invited || item.newStatus == .active)
        switch item.oldStatus {
        case .invited, .active: return
        case .suspended:
            let isFreed = item.flags.contains(.returner) && outcomes[index]?.ended.isEmpty == false
            if comesBack || isFreed { counted[.returns, default: []].append(index) }
        case .removed:
            if comesBack { counted[.returns, default: []].append(index) }
        }
    }

    private mutating func countStatus(_ index: Int) {
        let item = cases[index]
        if item.newStatus == .removed, item.oldStatus != .removed {
            counted[.remove, default: []].append(index)
        }
        guard item.newStatus == .suspended, item.oldStatus != .suspended else { return }
        if item.flags.contains(.reclaimed) {
            counted[.loseAccess, default: []].append(index)
            if !book.privileges(item.oldAccess).isEmpty { counted[.privilegedLoss, default: []].append(index) }
            return
        }
        if outcomes[index]?.details.causes.contains(where: { $0.kind == .disabled }) == true {
            counted[.suspendDisabled, default: []].append(index)
            return
        }
        counted[.suspendOther, default: []].append(index)
        if !book.privileges(item.oldAccess).isEmpty { counted[.privilegedLoss, default: []].append(index) }
    }

    /// Findings that are about no single person.
    mutating func addTargetFindings() {
        guard allowed == .everything else { return }
        for finding in input.evaluation.findings {
            let place = finding.position.map { " (\($0.file):\($0.line))" } ?? ""
            findings.append(
                Finding(
                    code: finding.code, weight: .warning, message: finding.message + place, hint: finding.hint ?? ""))
        }
        if input.roster.deadLetters > 0 {
            let messages = input.roster.deadLetters == 1 ? "1 message" : "\(input.roster.deadLetters) messages"
            findings.append(
                Finding(
                    code: "delivery.given-up", weight: .severe,
                    message: "\(messages) about changes could not be delivered, so the platform does not know of them",
                    hint: "`rollcall outbox` shows them; repair the program, then `rollcall outbox --retry`"))
        }
        for reference in protection.unmatched {
            findings.append(
                Finding(
                    code: "protect.nobody", weight: .severe,
                    message: "`protect` names \(reference.words), which matches nobody",
                    hint: "correct the entry under `protect`"))
        }
        for (index, pool) in settings.topology.pools.enumerated() where seats.heldBefore[index] > pool.limit {
            findings.append(
                Finding(
                    code: "seats.over-limit", weight: .warning,
                    message:
                        "\(seats.heldBefore[index]) seats of `\(pool.name)` are held, \(pool.limit) are allowed; nobody is thrown out for it",
                    hint: "buy seats, or take the role from somebody"))
        }
        for directory in unreadDirectories() { findings.append(Finding(directory)) }
    }

    /// Those that were not read, with the users that are frozen for it; one that is configured no longer is told while it has users.
    func unreadDirectories() -> [UnreadDirectory] {
        if input.unread.isEmpty, !join.wasRead.contains(false) { return [] }
        var counts = [Int](repeating: 0, count: input.roster.directories.count)
        for row in input.roster.users where row.managed && row.status != .removed && Int(row.directory) < counts.count {
            counts[Int(row.directory)] += 1
        }
        var found = input.unread
        for place in found.indices {
            found[place].users = input.roster.directories.firstIndex(of: found[place].name).map { counts[$0] } ?? 0
        }
        for (place, name) in input.roster.directories.enumerated()
        where !join.wasRead[place] && counts[place] > 0 && !found.contains(where: { $0.name == name }) {
            found.append(
                UnreadDirectory(name: name, cause: "", sinceRun: 0, since: 0, users: counts[place]))
        }
        return found
    }
}

extension Finding {
    /// That a directory was not read, since when, how many people are frozen for it, and why.
    fileprivate init(_ directory: UnreadDirectory) {
        let users =
            switch directory.users {
            case 0: "nobody of it comes or goes"
            case 1: "its 1 user stays as they are"
            default: "its \(directory.users) users stay as they are"
            }
        guard !directory.cause.isEmpty else {
            self.init(
                code: UnreadDirectory.code, weight: .severe, label: directory.label,
                message: "the configuration names no directory of this name, so \(users): whoever leaves keeps access",
                hint: "name it in the configuration again: users stay with the name under which they were first read")
            return
        }
        self.init(
            code: UnreadDirectory.code, weight: .severe, label: directory.label,
            message: "could not be read since \(directory.sinceText), so \(users): \(directory.cause)",
            hint: directory.hint)
    }
}

extension ProtectedReference {
    /// `email root@example.org`.
    var words: String {
        switch self {
        case .email(let text): "email `\(text)`"
        case .group(let text): "group `\(text)`"
        case .id(let text): "id `\(text)`"
        }
    }
}
