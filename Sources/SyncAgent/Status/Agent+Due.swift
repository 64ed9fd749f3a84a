import DirectoryModel
import MappingLanguage
package import Reconciliation

/// What falls due on a target.
package struct DueOnTarget: Sendable {
    package var target: String
    /// In order of time.
    package var items: [DueItem]
}

extension Agent {
    /// What falls due up to a time if nothing changes, target by target in the order of the configuration; nil is every target.
    package func due(target: String? = nil, until: Int64) throws(AgentFailure) -> [DueOnTarget] {
        let configuration = try configuration()
        return try translating { () throws -> [DueOnTarget] in
            let open = try ports.openRoster(
                RosterLocation(path: configuration.rosterPath, access: .reading, readers: configuration.readers))
            defer { open.close() }
            return try due(open, target: target, until: until, context.clock())
        }
    }

    /// The same of a roster that is open.
    func due(_ open: OpenRoster, target: String? = nil, until: Int64, _ now: Int64) throws -> [DueOnTarget] {
        let files = try files()
        let known = Set(try open.targetNames())
        let targets = files.targets.filter { file in
            known.contains(file.settings.name) && (target == nil || file.settings.name == target)
        }
        let missing = try Dictionary(
            targets.map { ($0.settings.name, try notRead($0.settings, open)) }, uniquingKeysWith: { first, _ in first })
        let roster = try load(targets.map(\.settings), open, until: until, now, with: missing.values.flatMap(\.self))
        let counts = missing.values.allSatisfy(\.isEmpty) ? [:] : try open.readCounts()
        let approvals = files.approvals(notUsedIn: roster)
        return try zip(targets, roster.targets).map { file, users in
            var input = ReconcileInput(
                mirror: Mirror(), evaluation: .none, rules: [], roster: users, approvals: approvals, now: now,
                run: roster.lastRun + 1)
            if file.settings.policy.onlyGroup != nil {
                input = try file.lastRead(input, open.lastMirror(), pins: roster.pins)
            }
            let name = file.settings.name
            let asked = (missing[name] ?? []).filter { person in
                let people = counts[person.directory]?.people ?? 0
                return !MissingUsers.isHeldAnyway(file.settings, users, person.directory, people: people)
            }
            if !asked.isEmpty {
                input.absences = RememberedAbsences(asked, of: users, told: try open.findings(name)).findings
            }
            let items = Reconciler(settings: file.settings).due(input, until: until)
            return DueOnTarget(target: name, items: items)
        }
    }

    /// Users whom the next run asks about, where it could suspend them for being gone.
    private func notRead(_ settings: TargetSettings, _ open: OpenRoster) throws -> [PersonKey] {
        settings.policy.missing.deed == .suspend ? try open.usersNotRead(settings.name) : []
    }

    /// More people than this are not looked up one by one.
    private static let lookedUpAtMost = 2_000

    /// The roster with those alone who can have something falling due, where those are few.
    private func load(
        _ targets: [TargetSettings], _ open: OpenRoster, until: Int64, _ now: Int64, with missing: [PersonKey]
    ) throws -> Roster {
        let names = targets.map(\.name)
        var people = Set(missing)
        for settings in targets {
            guard let bounds = Reconciler(settings: settings).dueBounds(now: now, until: until),
                let some = try open.peopleDue(bounds, Agent.lookedUpAtMost)
            else { return try open.store.load(targets: names) }
            people.formUnion(some)
        }
        return try open.store.load(targets: names, people: Array(people))
    }
}
