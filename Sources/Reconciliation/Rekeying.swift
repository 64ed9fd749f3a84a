import AccessModel
package import DirectoryModel
import MappingLanguage

/// A person or group whom the directory knows by another id now.
package struct IDChange: Sendable, Hashable {
    package var directory: String
    package var old: ImmutableID
    package var new: ImmutableID

    package init(directory: String, old: ImmutableID, new: ImmutableID) {
        self.directory = directory
        self.old = old
        self.new = new
    }
}

/// Who is who after a directory gave everybody new ids: one to one, or not at all.
package struct Rekeying: Sendable, Equatable {
    /// What tells that an old and a new entry are one person.
    package enum Key: Sendable, Equatable {
        case dn, login
        /// The email on the roster; of the new entries all emails.
        case email
        /// A trusted attribute, in lower case.
        case attribute(String)
        /// Old ids and what they are now.
        case map([ImmutableID: ImmutableID])
    }

    /// Sorted by old id.
    package private(set) var people: [IDChange] = []
    package private(set) var groups: [IDChange] = []
    /// People of the last applied run whom the directory no longer has by id.
    ///
    /// Who had left before that is not looked for; removed users are not counted.
    package private(set) var needed = 0
    package private(set) var matched = 0
    /// Why nothing may be done, each a sentence; empty when all is well.
    package private(set) var problems: [String] = []

    /// At least so many of a hundred must be found again.
    package static let leastPercent = 95

    package init(directory: String, by key: Key, old: Mirror, new: Mirror, rosters: [TargetRoster]) {
        let known = RosterIDs(directory, rosters)
        let present = Rekeying.ids(of: directory, in: new)
        let before = Rekeying.ids(of: directory, in: old)
        let lost = known.all.subtracting(present)
        let pairs = RekeyMatching(directory: directory, key: key, old: old, new: new, known: known)
            .pairs(of: lost, present)
        groups = Rekeying.groups(directory, old, new)
        let sought = (before.isEmpty ? known.living : known.living.intersection(before)).subtracting(present)
        needed = sought.count
        matched = pairs.found.keys.count { sought.contains($0) }
        people = pairs.found.map { IDChange(directory: directory, old: $0.key, new: $0.value) }
            .sorted { $0.old < $1.old }
        problems = pairs.problems
        let taken = people.filter { known.all.contains($0.new) }.count
        if taken > 0 { problems.append("\(taken) of the new ids belong to other people of the roster already") }
        if matched * 100 < needed * Rekeying.leastPercent {
            problems.append(
                "only \(matched) of \(needed) people are found again (at least \(Rekeying.leastPercent) % must be)")
        }
    }

    /// Whether there is nothing to do.
    package var isEmpty: Bool { people.isEmpty && groups.isEmpty }

    private static func ids(of directory: String, in mirror: Mirror) -> Set<ImmutableID> {
        guard let place = mirror.directories.firstIndex(of: directory) else { return [] }
        return Set(mirror.people.filter { Int($0.directory) == place }.map(\.id))
    }

    /// Groups with the same DN and another id.
    private static func groups(_ directory: String, _ old: Mirror, _ new: Mirror) -> [IDChange] {
        func byDN(_ mirror: Mirror) -> [String: ImmutableID] {
            guard let place = mirror.directories.firstIndex(of: directory) else { return [:] }
            var found: [String: ImmutableID] = [:]
            for group in mirror.groups where Int(group.directory) == place {
                found[RekeyMatching.folded(group.dn[...])] = group.id
            }
            return found
        }
        let now = byDN(new)
        let present = Set(now.values)
        return byDN(old).compactMap { dn, id in
            guard !present.contains(id), let other = now[dn] else { return nil }
            return IDChange(directory: directory, old: id, new: other)
        }.sorted { $0.old < $1.old }
    }
}

/// The ids of one directory that the rosters know.
private struct RosterIDs {
    var all: Set<ImmutableID> = []
    /// Without those of removed users.
    var living: Set<ImmutableID> = []
    var emails: [ImmutableID: String] = [:]

    init(_ directory: String, _ rosters: [TargetRoster]) {
        for roster in rosters {
            for (place, row) in roster.users.enumerated()
            where row.managed && roster.key(of: place).directory == directory {
                all.insert(row.id)
                if row.status != .removed {
                    living.insert(row.id)
                    emails[row.id] = RekeyMatching.folded(Array(roster.texts.slice(row.email))[...])
                }
            }
            let others = roster.waiting.map(\.person) + roster.protected
            for key in others where key.directory == directory { all.insert(key.id) }
            living.formUnion(roster.waiting.map(\.person).filter { $0.directory == directory }.map(\.id))
        }
    }
}

/// Finds the new id of each old one.
private struct RekeyMatching {
    let directory: String
    let key: Rekeying.Key
    let old: Mirror
    let new: Mirror
    let known: RosterIDs

    func pairs(
        of lost: Set<ImmutableID>, _ present: Set<ImmutableID>
    ) -> (found: [ImmutableID: ImmutableID], problems: [String]) {
        if case .map(let map) = key { return mapped(map, lost, present) }
        var before: [String: [ImmutableID]] = [:]
        if key == .email {
            for (id, email) in known.emails where lost.contains(id) { before[email, default: []].append(id) }
        } else {
            each(of: old) { id, value in if lost.contains(id) { before[value, default: []].append(id) } }
        }
        var after: [String: Set<ImmutableID>] = [:]
        each(of: new) { id, value in after[value, default: []].insert(id) }
        var found: [ImmutableID: ImmutableID] = [:]
        var contradicted: Set<ImmutableID> = []
        var ambiguous = 0
        for (value, ids) in before.sorted(by: { precedes($0.key, $1.key) }) {
            guard let others = after[value] else { continue }
            guard Set(ids).count == 1, others.count == 1, let id = ids.first, let other = others.first else {
                ambiguous += 1
                continue
            }
            if contradicted.contains(id) { continue }
            if let known = found[id], known != other {
                // Two values of one person lead to two people: neither tells who it is.
                found[id] = nil
                contradicted.insert(id)
                ambiguous += 1
                continue
            }
            found[id] = other
        }
        var problems: [String] = []
        if ambiguous > 0 { problems.append("\(ambiguous) values belong to more than one person") }
        if Set(found.values).count < found.count { problems.append("one new id is that of two people") }
        return (found, problems)
    }

    private func mapped(
        _ map: [ImmutableID: ImmutableID], _ lost: Set<ImmutableID>, _ present: Set<ImmutableID>
    ) -> (found: [ImmutableID: ImmutableID], problems: [String]) {
        let found = map.filter { lost.contains($0.key) }
        var problems: [String] = []
        let absent = found.values.count { !present.contains($0) }
        if absent > 0 { problems.append("\(absent) of the new ids are not in the directory") }
        if Set(found.values).count < found.count { problems.append("one new id is that of two people") }
        return (found, problems)
    }

    /// Every person of the directory with each value of the key.
    private func each(of mirror: Mirror, _ body: (ImmutableID, String) -> Void) {
        guard let place = mirror.directories.firstIndex(of: directory), let field = field(in: mirror) else { return }
        for (person, row) in mirror.people.enumerated() where Int(row.directory) == place {
            for value in mirror.record(PersonIndex(person)).values(field) { body(row.id, RekeyMatching.folded(value)) }
        }
    }

    private func field(in mirror: Mirror) -> PersonField? {
        switch key {
        case .dn: .dn
        case .login: .login
        case .email: .email
        case .attribute(let name):
            mirror.attributes.firstIndex(of: name).map { .attribute(UInt8(truncatingIfNeeded: $0)) }
        case .map: nil
        }
    }

    /// Bytes with ASCII letters in lower case, as text that keeps different bytes apart.
    static func folded(_ bytes: ArraySlice<UInt8>) -> String {
        var text = ""
        for byte in bytes {
            text.unicodeScalars.append(Unicode.Scalar((0x41...0x5a).contains(byte) ? byte | 0x20 : byte))
        }
        return text
    }
}

extension Reconciler {
    /// The plan that gives users, places in line, protected people and the baseline their new ids; nothing else changes.
    package func plan(_ rekeying: Rekeying, by name: String, reason: String, roster: TargetRoster) -> TargetPlan {
        let people = Dictionary(
            uniqueKeysWithValues: rekeying.people.map {
                (PersonKey(directory: $0.directory, id: $0.old), $0.new)
            })
        let groups = Dictionary(
            uniqueKeysWithValues: rekeying.groups.map { (GroupKey(directory: $0.directory, id: $0.old), $0.new) })
        func renamed(_ key: PersonKey) -> PersonKey {
            people[key].map { PersonKey(directory: key.directory, id: $0) } ?? key
        }
        func renamed(_ key: GroupKey) -> GroupKey {
            groups[key].map { GroupKey(directory: key.directory, id: $0) } ?? key
        }
        var plan = TargetPlan(target: settings.name, mode: settings.mode)
        plan.directories = roster.directories
        plan.accesses = roster.accesses
        plan.effective = roster.effective
        plan.groupSets = roster.groupSets.map { $0.map(renamed).sorted() }
        plan.reasons = [.human(name: name, reason: reason)]
        plan.waiting = roster.waiting.map { place in
            var place = place
            place.person = renamed(place.person)
            return place
        }
        plan.protected = roster.protected.map(renamed).sorted()
        if var baseline = roster.baseline {
            for place in baseline.mappedGroups.indices {
                baseline.mappedGroups[place].key = renamed(baseline.mappedGroups[place].key)
            }
            baseline.mappedGroups.sort { $0.key < $1.key }
            plan.baseline = baseline
        }
        plan.ledger = ledger(roster)
        let order = roster.users.indices.filter { roster.users[$0].managed && people[roster.key(of: $0)] != nil }
            .sorted { left, right in
                let (one, other) = (roster.email(of: left), roster.email(of: right))
                return one == other ? roster.key(of: left) < roster.key(of: right) : precedes(one, other)
            }
        for user in order { write(user, people[roster.key(of: user)], roster, &plan) }
        return plan
    }

    private func write(_ user: Int, _ id: ImmutableID?, _ roster: TargetRoster, _ plan: inout TargetPlan) {
        var row = roster.users[user]
        guard let id else { return }
        let old = row
        row.id = id
        row.email = plan.texts.append(roster.texts.slice(old.email))
        row.name = plan.texts.append(roster.texts.slice(old.name))
        row.reason = UserRow.keepsReason
        row.version = old.version &+ 1
        let subject = UInt32(truncatingIfNeeded: plan.subjects.count)
        plan.subjects.append(
            Subject(
                row: row, version: old.version, id: id, email: row.email, name: row.name, directory: row.directory,
                person: nil))
        if let details = roster.details[user], !details.isEmpty { plan.details[Int(subject)] = details }
        plan.changes.append(
            Change(
                kind: .changeID, evidence: .positive, subject: subject, reason: 0, before: old.id.description,
                after: id.description))
    }

    private func ledger(_ roster: TargetRoster) -> [LedgerRow] {
        var book = AccessBook(settings: settings, known: roster.accesses)
        return SeatFlow(settings.topology).ledger(roster, waiting: roster.waiting, &book)
    }
}
