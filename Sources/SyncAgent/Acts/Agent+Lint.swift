import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation

extension Agent {
    /// Warns of what is odd in view of people and groups as they were last read; adds where they come from.
    ///
    /// Without a roster and a snapshot nothing is known, and nothing is said.
    func lint(_ files: AgentFiles, snapshot path: String?, into report: inout CheckReport) {
        do throws(AgentFailure) {
            guard path != nil || InputFile.exists(files.configuration.rosterPath) else { return }
            let snapshot = try snapshot(path.map { ComparisonRequest.Source.file($0) } ?? .roster, files.configuration)
            report.readBy = snapshot.run
            for target in files.targets {
                let lint = TargetLint(target, snapshot.mirror)
                lint.warn(into: &report.diagnostics)
            }
        } catch {
            // A roster that cannot be read is told by every command that needs it.
            guard path != nil else { return }
            report.failures = [error]
            report.status = error.status
        }
        if path == nil { lintTemplates(files, into: &report) }
    }

    /// Templates that users have and the files no longer know, and retired ones that nobody has any more.
    func lintTemplates(_ files: AgentFiles, into report: inout CheckReport) {
        let configuration = files.configuration
        guard InputFile.exists(configuration.rosterPath),
            let open = try? ports.openRoster(
                RosterLocation(path: configuration.rosterPath, access: .reading, readers: configuration.readers))
        else { return }
        defer { open.close() }
        let rosters = (try? open.store.load(targets: files.targets.map(\.settings.name)).targets) ?? []
        for target in files.targets {
            guard let roster = rosters.first(where: { $0.target == target.settings.name }) else { continue }
            TemplateUse(roster).warn(target, into: &report.diagnostics)
        }
    }
}

/// Who has which template, in a roster.
struct TemplateUse {
    /// Emails of users, by template.
    private var users: [String: [String]] = [:]

    /// Names in one message.
    private static let namedAtMost = 5

    init(_ roster: TargetRoster) {
        let given = roster.accesses.map(\.templates)
        guard given.contains(where: { !$0.isEmpty }) else { return }
        for row in roster.users where row.status != .removed && given.indices.contains(Int(row.access)) {
            for template in given[Int(row.access)] { users[template, default: []].append(roster.texts[row.email]) }
        }
    }

    func warn(_ target: TargetFiles, into diagnostics: inout DiagnosticList) {
        let known = Set(target.settings.templates.map(\.name))
        for (template, emails) in users.sorted(by: { precedes($0.key, $1.key) }) where !known.contains(template) {
            let named = emails.sorted(by: precedes)
            let shown = named.prefix(TemplateUse.namedAtMost).joined(separator: ", ")
            let rest = named.count - TemplateUse.namedAtMost
            let have =
                named.count == 1
                ? "1 user of `\(target.settings.name)` has" : "\(named.count) users of `\(target.settings.name)` have"
            diagnostics.warning(
                "mapping.template-in-use", at: SourcePosition(file: target.mapping.file, line: 1, column: 1),
                "template `\(template)` is gone from the files, and \(have) it: \(shown)"
                    + (rest > 0 ? " and \(rest) more" : ""),
                hint:
                    "write it again with `retired: true` until nobody has it, or move these people to another one first"
            )
        }
        for template in target.mapping.templates where template.retired && users[template.name] == nil {
            diagnostics.warning(
                "mapping.retired-template-unused", at: target.mapping.templatePositions[template.name],
                "template `\(template.name)` is retired, and nobody has it any more", hint: "remove it")
        }
    }
}

/// What is odd about one target in view of a mirror.
struct TargetLint {
    private let target: TargetFiles
    private let mirror: Mirror

    init(_ target: TargetFiles, _ mirror: Mirror) {
        self.target = target
        self.mirror = target.united(mirror, TargetRoster(target: target.settings.name))
    }

    /// `absences`: whether absent and ambiguous groups are told; where a directory was asked they are errors already.
    func warn(absences: Bool = true, into diagnostics: inout DiagnosticList) {
        let told: Set = ["mapping.group-absent", "mapping.group-ambiguous"]
        for finding in MirrorLint.findings(target.mapping, mirror: mirror, lock: target.lock)
        where absences || !told.contains(finding.code) {
            diagnostics.warning(finding.code, at: finding.position, finding.message, hint: finding.hint)
        }
        warnOfRoles(into: &diagnostics)
    }

    /// Roles that everybody who has one must keep: by the floor, or since all of them are protected.
    private func warnOfRoles(into diagnostics: inout DiagnosticList) {
        let proposal = LockProposal([target.mapping], mirror: mirror, current: target.lock, file: "")
        guard
            let compiled = try? CompiledMapping(
                target.mapping, mirror: mirror, trust: .locked(proposal.lock), neverRead: Set(mirror.directories))
        else { return }
        let evaluation = compiled.evaluate(mirror, population: compiled.population(in: MembershipGraph(mirror)))
        let holders = self.holders(evaluation)
        let protected = self.protected
        let settings = target.settings
        for role in settings.platform.roles {
            guard let people = holders[role.name], !people.isEmpty else { continue }
            let floors = (settings.platform.keepAtLeast + settings.policy.keepAtLeast).filter { $0.role == role.name }
            let least = floors.map(\.count).max() ?? 0
            if people.count <= least {
                let given = people.count == 1 ? "1 person" : "\(people.count) people"
                diagnostics.warning(
                    "config.role-nobody-can-lose", at: nil,
                    "target `\(settings.name)`: rules give role `\(role.name)` to \(given), and at least \(least) must keep it: "
                        + "none of them can lose it, not even by leaving",
                    hint: "give it to one more person")
            } else if people.allSatisfy(protected.contains) {
                diagnostics.warning(
                    "config.role-nobody-can-lose", at: nil,
                    "target `\(settings.name)`: everybody to whom rules give role `\(role.name)` is protected: none of them can lose it",
                    hint: "take somebody off `protect`, or give the role to somebody who is not on it")
            }
        }
    }

    private func holders(_ evaluation: Evaluation) -> [String: [PersonIndex]] {
        let roles = evaluation.desired.map { Set($0.access.roles.map(\.role)) }
        var holders: [String: [PersonIndex]] = [:]
        for (place, set) in evaluation.grantSet.enumerated() where mirror.people[place].state.isEnabled {
            guard roles.indices.contains(Int(set)) else { continue }
            for role in roles[Int(set)] { holders[role, default: []].append(PersonIndex(truncatingIfNeeded: place)) }
        }
        return holders
    }

    /// People whom `protect` names.
    private var protected: Set<PersonIndex> {
        var found: Set<PersonIndex> = []
        for reference in target.settings.protect {
            switch reference {
            case .group(let name):
                let groups = mirror.groups.indices.filter { place in
                    let row = mirror.groups[place]
                    let names = [row.name, row.dn, Array("\(mirror.directories[Int(row.directory)]):".utf8) + row.name]
                    return names.contains { FoldedBytes.of($0) == FoldedBytes.of(Array(name.utf8)) }
                }
                for people in MembershipGraph(mirror).effectivePeople(of: groups.map(GroupIndex.init)) {
                    people.forEach { found.insert($0) }
                }
            case .email(let email): found.formUnion(people { $0.values(.email).contains { same($0, email) } })
            case .id(let text):
                guard let id = ImmutableID(written: text) else { continue }
                for place in mirror.people.indices where mirror.people[place].id == id {
                    found.insert(PersonIndex(truncatingIfNeeded: place))
                }
            }
        }
        return found
    }

    private func people(_ matches: (PersonRecord) -> Bool) -> [PersonIndex] {
        mirror.people.indices.map { PersonIndex(truncatingIfNeeded: $0) }.filter { matches(mirror.record($0)) }
    }

    private func same(_ value: ArraySlice<UInt8>, _ text: String) -> Bool {
        FoldedBytes.of(Array(value)) == FoldedBytes.of(Array(text.utf8))
    }
}
