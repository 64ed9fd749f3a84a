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
                let lint = TargetLint(target, snapshot.mirror, isPseudonymous: snapshot.isPseudonymous)
                lint.warn(into: &report.diagnostics)
            }
            if snapshot.isPseudonymous, files.targets.contains(where: \.namesPeople) {
                report.notes.append(
                    "people are pseudonyms: what rules by a person's `id`, and `protect` by email or id, come to cannot be judged"
                )
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
        for target in files.targets {
            try? TemplateUse(target, open).warn(into: &report.diagnostics)
        }
    }
}

extension TargetFiles {
    /// Whether rules, or what is protected, name single people.
    fileprivate var namesPeople: Bool {
        mapping.rules.contains { $0.condition.namesPeople }
            || settings.protect.contains { if case .group = $0 { false } else { true } }
    }
}

/// Who has which template, in a roster.
private struct TemplateUse {
    private let target: TargetFiles
    private let open: OpenRoster
    /// How many users have each.
    private let users: [String: Int]

    /// Names in one message.
    private static let namedAtMost = 5

    init(_ target: TargetFiles, _ open: OpenRoster) throws {
        self.target = target
        self.open = open
        users = try open.templatesInUse(target.settings.name)
    }

    func warn(into diagnostics: inout DiagnosticList) throws {
        let name = target.settings.name
        let known = Set(target.settings.templates.map(\.name))
        for (template, count) in users.sorted(by: { precedes($0.key, $1.key) }) where !known.contains(template) {
            let shown = try open.emails(name, template, TemplateUse.namedAtMost)
            let rest = count - shown.count
            let have = count == 1 ? "1 user of `\(name)` has" : "\(count) users of `\(name)` have"
            diagnostics.warning(
                "mapping.template-in-use", at: SourcePosition(file: target.mapping.file, line: 1, column: 1),
                "template `\(template)` is gone from the files, and \(have) it: \(shown.joined(separator: ", "))"
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
    /// Whether nobody can be found by an id or an email.
    private let isPseudonymous: Bool

    init(_ target: TargetFiles, _ mirror: Mirror, isPseudonymous: Bool = false) {
        self.target = target
        self.isPseudonymous = isPseudonymous
        self.mirror = target.united(mirror, TargetRoster(target: target.settings.name))
    }

    /// `absences`: whether absent and ambiguous groups are told; where a directory was asked they are errors already.
    func warn(absences: Bool = true, into diagnostics: inout DiagnosticList) {
        let told: Set = ["mapping.group-absent", "mapping.group-ambiguous"]
        let lint = MirrorLint(target.mapping, mirror: mirror, lock: target.lock)
        for finding in lint.findings
        where (absences || !told.contains(finding.code)) && !isBeyondJudging(finding) {
            diagnostics.warning(finding.code, at: finding.position, finding.message, hint: finding.hint)
        }
        if let evaluation = lint.evaluation { warnOfRoles(evaluation, into: &diagnostics) }
    }

    /// Whether a warning rests on nobody being found by id.
    private func isBeyondJudging(_ finding: MappingFinding) -> Bool {
        isPseudonymous && finding.code == "mapping.rule-matches-nobody"
            && target.mapping.rules.contains { $0.position == finding.position && $0.condition.namesPeople }
    }

    /// Roles that rules give to people by id, who are not known here.
    private var rolesBeyondJudging: Set<String> {
        isPseudonymous
            ? Set(target.mapping.rules.filter(\.condition.namesPeople).map(\.gift.role)) : []
    }

    /// Roles that everybody who has one must keep: by the floor, or since all of them are protected.
    private func warnOfRoles(_ evaluation: Evaluation, into diagnostics: inout DiagnosticList) {
        let settings = target.settings
        let floors = settings.platform.keepAtLeast + settings.policy.keepAtLeast
        if floors.isEmpty, settings.protect.isEmpty { return }
        let holders = self.holders(evaluation)
        let unknown = rolesBeyondJudging
        for role in settings.platform.roles where !unknown.contains(role.name) {
            guard let held = holders[role.name], held.people > 0 else { continue }
            let least = floors.filter { $0.role == role.name }.map(\.count).max() ?? 0
            if held.people <= least {
                let given = held.people == 1 ? "1 person" : "\(held.people) people"
                diagnostics.warning(
                    "config.role-nobody-can-lose", at: nil,
                    "target `\(settings.name)`: rules give role `\(role.name)` to \(given), and at least \(least) must keep it: "
                        + "none of them can lose it, not even by leaving",
                    hint: "give it to one more person")
            } else if held.protected == held.people {
                diagnostics.warning(
                    "config.role-nobody-can-lose", at: nil,
                    "target `\(settings.name)`: everybody to whom rules give role `\(role.name)` is protected: none of them can lose it",
                    hint: "take somebody off `protect`, or give the role to somebody who is not on it")
            }
        }
    }

    /// By role, how many enabled people rules give it to, and how many of those are protected.
    private func holders(_ evaluation: Evaluation) -> [String: (people: Int, protected: Int)] {
        var counts = Array(repeating: (people: 0, protected: 0), count: evaluation.desired.count)
        let protected = self.protected
        for (place, set) in evaluation.grantSet.enumerated()
        where mirror.people[place].state.isEnabled && counts.indices.contains(Int(set)) {
            counts[Int(set)].people += 1
            if protected.contains(PersonIndex(truncatingIfNeeded: place)) { counts[Int(set)].protected += 1 }
        }
        var holders: [String: (people: Int, protected: Int)] = [:]
        for (desired, count) in zip(evaluation.desired, counts) {
            for role in Set(desired.access.roles.map(\.role)) {
                holders[role, default: (0, 0)].people += count.people
                holders[role, default: (0, 0)].protected += count.protected
            }
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
