package import AccessModel
import DirectoryModel
import MappingLanguage
package import Reconciliation

/// A roster of one target that applies plans in memory, the way the store does.
package struct InMemoryRoster: Sendable {
    package private(set) var roster: TargetRoster
    private var nextUser: Int64 = 1

    package init(target: String = "acme") { roster = TargetRoster(target: target) }

    package init(_ roster: TargetRoster) {
        self.roster = roster
        nextUser = (roster.users.map(\.user).max() ?? 0) + 1
    }

    package mutating func edit(_ body: (inout TargetRoster) -> Void) { body(&roster) }

    /// Applies a plan whose holds are already taken out; returns what was wrong with it, nothing when all is well.
    @discardableResult
    package mutating func apply(_ plan: TargetPlan) -> [String] {
        var wrong: [String] = []
        var rows = roster.users.enumerated().map { place, row in
            Row(
                row: row, key: roster.key(place), email: Array(roster.texts.slice(row.email)),
                name: Array(roster.texts.slice(row.name)), details: roster.details[place])
        }
        var places: [PersonKey: Int] = [:]
        for (place, item) in rows.enumerated() where item.row.managed || item.key.directory.isEmpty {
            places[item.key] = place
        }
        for (number, subject) in plan.subjects.enumerated() {
            guard var row = subject.row else { continue }
            let key = PersonKey(directory: plan.directories[Int(subject.directory)], id: subject.id)
            let known = places[key]
            if (known.map { rows[$0].row.version } ?? 0) != subject.version { wrong.append("version of \(key.id)") }
            row.access = access(plan, row.access)
            row.groupSet = groups(plan, row.groupSet)
            if row.user == 0 {
                row.user = nextUser
                nextUser += 1
            }
            let item = Row(
                row: row, key: key, email: Array(plan.texts.slice(row.email)), name: Array(plan.texts.slice(row.name)),
                details: plan.details[number])
            if let known { rows[known] = item } else { rows.append(item) }
        }
        wrong += doubles(rows)
        rebuild(rows)
        roster.waiting = plan.waiting
        roster.protected = plan.protected
        roster.ledger = plan.ledger
        roster.recent += plan.guardCounts
        if let baseline = plan.baseline { roster.baseline = baseline }
        return wrong
    }

    private struct Row {
        var row: UserRow
        var key: PersonKey
        var email: [UInt8]
        var name: [UInt8]
        var details: UserDetails?
    }

    private func doubles(_ rows: [Row]) -> [String] {
        var seen: Set<String> = []
        return rows.filter { $0.row.status != .removed }.map { String(decoding: $0.email, as: UTF8.self).lowercased() }
            .filter { !seen.insert($0).inserted }.map { "two users with email \($0)" }
    }

    private mutating func access(_ plan: TargetPlan, _ number: UInt32) -> UInt32 {
        let (access, effective) = (plan.accesses[Int(number)], plan.effective[Int(number)])
        if let place = roster.accesses.firstIndex(of: access) {
            roster.effective[place] = effective
            return UInt32(place)
        }
        roster.accesses.append(access)
        roster.effective.append(effective)
        return UInt32(roster.accesses.count - 1)
    }

    private mutating func groups(_ plan: TargetPlan, _ number: UInt32) -> UInt32 {
        let groups = plan.groupSets[Int(number)]
        if let place = roster.groupSets.firstIndex(of: groups) { return UInt32(place) }
        roster.groupSets.append(groups)
        return UInt32(roster.groupSets.count - 1)
    }

    private mutating func rebuild(_ rows: [Row]) {
        let managed = rows.filter(\.row.managed).sorted { $0.key < $1.key }
        let others = rows.filter { !$0.row.managed }.sorted { $0.email.lexicographicallyPrecedes($1.email) }
        roster.users = []
        roster.details = [:]
        roster.texts = TextTable()
        for item in managed + others {
            var row = item.row
            if !roster.directories.contains(item.key.directory) { roster.directories.append(item.key.directory) }
            row.directory = UInt8(roster.directories.firstIndex(of: item.key.directory) ?? 0)
            row.email = roster.texts.append(item.email)
            row.name = roster.texts.append(item.name)
            if let details = item.details, !details.isEmpty { roster.details[roster.users.count] = details }
            roster.users.append(row)
        }
    }
}

extension TargetRoster {
    fileprivate func key(_ user: Int) -> PersonKey {
        PersonKey(directory: directories.isEmpty ? "" : directories[Int(users[user].directory)], id: users[user].id)
    }
}

/// What tests ask of a roster.
extension InMemoryRoster {
    package func place(_ id: String) -> Int? {
        roster.users.firstIndex { $0.id == World.id(id) && $0.managed }
    }

    package func status(_ id: String) -> UserStatus? { place(id).map { roster.users[$0].status } }

    package func email(_ id: String) -> String? { place(id).map { roster.texts[roster.users[$0].email] } }

    /// The access on record, in canonical text.
    package func access(_ id: String) -> String? {
        place(id).map { roster.accesses[Int(roster.users[$0].access)].canonicalText }
    }

    package func details(_ id: String) -> UserDetails {
        place(id).flatMap { roster.details[$0] } ?? UserDetails()
    }

    package func causes(_ id: String) -> [CauseKind] { details(id).causes.map(\.kind) }

    /// Seats held in each pool, counted anew.
    package func seatsHeld(_ settings: TargetSettings) -> [Int] {
        var held = [Int](repeating: 0, count: settings.topology.pools.count)
        for row in roster.users {
            let access = roster.accesses[Int(row.access)]
            for pool in settings.platform.seatsHeld(by: access, status: row.status, in: settings.topology) {
                held[pool] += 1
            }
        }
        return held
    }

    /// Everything that matters, as text, for comparing.
    package var dump: String {
        roster.users.indices.map { place in
            let row = roster.users[place]
            let access = roster.accesses[Int(row.access)].canonicalText
            return
                "\(row.id) \(row.status) \(roster.texts[row.email]) \(roster.texts[row.name]) \(access) \(row.managed) \(String(describing: roster.details[place]))"
        }.joined(separator: "\n")
    }
}

/// What tests ask of a plan.
extension TargetPlan {
    /// Changes as text: `invite anna@example.org`, `changeRole anna@example.org support agent>manager`.
    package var lines: [String] {
        changes.map { change in
            let subject = subjects[Int(change.subject)]
            var text = "\(change.kind) \(subject.id)"
            if change.scope != .root { text += " \(change.scope)" }
            switch change.kind {
            case .invite, .suspend, .resume, .remove, .changePermissions: break
            default: text += " \(change.before ?? "")>\(change.after ?? "")"
            }
            return text
        }
    }

    package var codes: [String] { findings.map(\.code) }
}
