import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation
import Reports
import SQLiteRoster
import SyncAgent

/// Puts together what roster, mirror and rules know of one person.
struct PersonInquiry {
    private let view: RosterView
    private let files: AgentFiles

    init(_ view: RosterView) throws {
        self.view = view
        files = try view.composition.agent.files()
    }

    func report(on found: FoundPerson, target: String?, whyNot role: String?) throws -> PersonReport {
        let targets = files.targets.filter { target == nil || $0.settings.name == target }
        guard !targets.isEmpty else {
            let names = files.targets.map(\.settings.name)
            throw AgentFailure(
                .usage, "there is no target `\(target ?? "")`",
                hint: NearestName.hint(for: target ?? "", in: names, called: "the targets are") ?? "")
        }
        try check(role, on: targets)
        let users = try view.roster.users(of: found.person)
        let mirror = try view.roster.loadMirror()
        let place = PersonInquiry.place(of: found.person, in: mirror)
        let roster = try view.roster.load(targets: targets.map(\.settings.name))
        let last = try view.roster.runs(limit: 1).first?.record
        let parts = try targets.map { target -> PersonReport.Target in
            let name = target.settings.name
            let recorded = roster.targets.first { $0.target == name }
            let answer = try place.map { try explanation(of: $0, target, mirror, roster) }
            var part = PersonReport.Target(
                name: name, user: users.first { $0.target == name }.map(PersonReport.User.init),
                waiting: try view.roster.waiting(target: name).map(\.place).filter { $0.person == found.person },
                findings: try view.roster.findings(target: name).filter { $0.person == found.person },
                explanation: answer?.rules, pausedBy: recorded?.pausedBy,
                held: last.flatMap { PersonReport.HeldRun($0, target: name) })
            part.isProtected = recorded?.protected.contains(found.person) == true
            part.pilot = answer?.pilot
            return part
        }
        return PersonReport(
            head: PersonReport.Head(found, users, isRead: !mirror.people.isEmpty), targets: parts, whyNot: role)
    }

    /// Refuses a role that no platform knows: a slip of the pen must not read as "no rule gives it".
    private func check(_ role: String?, on targets: [TargetFiles]) throws {
        guard let role else { return }
        let known = targets.flatMap { $0.settings.platform.roles.map(\.name) }
        guard !known.contains(role) else { return }
        throw AgentFailure(
            .usage, "no platform has a role `\(role)`", hint: "there are \(known.joined(separator: ", "))")
    }

    private func explanation(
        of identity: PersonIndex, _ target: TargetFiles, _ separate: Mirror, _ roster: Roster
    ) throws -> (rules: Explanation, pilot: PilotStanding?) {
        let users = roster.targets.first { $0.target == target.settings.name }
        let mirror = target.united(separate, users ?? TargetRoster(target: target.settings.name))
        let other = mirror.standsFor[identity] ?? identity
        let person = other == IdentityLinks.nobody ? identity : other
        let known = roster.pins.filter { $0.target == target.settings.name }.map {
            KnownGroup(reference: $0.reference, key: $0.key, name: $0.name, dn: $0.dn)
        }
        let compiled: CompiledMapping
        do {
            compiled = try CompiledMapping(
                target.mapping, mirror: mirror, trust: target.lock.map { .locked($0) } ?? .pinned(known))
        } catch {
            throw AgentFailure(
                .badData, "the mapping of \(target.settings.name) does not fit the directory as it was last read",
                hint: "`rollcall check --online` says what is missing", causes: error.problems.map(\.message))
        }
        let graph = MembershipGraph(mirror)
        let population = compiled.population(in: graph)
        var input = ReconcileInput(
            mirror: mirror, evaluation: .none, rules: target.ruleLabels,
            roster: users ?? TargetRoster(target: target.settings.name), approvals: files.approvals(notUsedIn: roster),
            now: Clock.now(), run: roster.lastRun + 1)
        let freezes = Reconciler(settings: target.settings).freeze(&input) { frozen in
            compiled.evaluate(mirror, population: population, frozen: frozen)
        }
        let plain = Explainer(compiled, input.evaluation, mirror, graph)
        let explainer = Explainer(plain, frozen: freezes.members, since: users?.baseline?.run ?? 0)
        var explanation = explainer.explain(person)
        for place in explanation.rules.indices {
            let position = explanation.rules[place].rule.position
            explanation.rules[place].rule.position = SourcePosition(
                file: target.mappingName, line: position.line, column: position.column)
        }
        return (explanation, PilotStanding(person, input))
    }

    private static func place(of person: PersonKey, in mirror: Mirror) -> PersonIndex? {
        mirror.people.firstIndex {
            $0.id == person.id && mirror.directories.indices.contains(Int($0.directory))
                && mirror.directories[Int($0.directory)] == person.directory
        }.map { PersonIndex($0) }
    }
}

extension PersonReport.Head {
    /// `isRead`: whether any run has read the directory.
    fileprivate init(_ found: FoundPerson, _ users: [RosterUser], isRead: Bool) {
        let entry = found.entry
        self.init(
            person: found.person, email: entry.text(.email) ?? users.first?.email ?? "",
            name: entry.text(.name) ?? users.first?.name ?? "", login: entry.text(.login) ?? "",
            dn: entry.text(.dn) ?? "", standing: PersonReport.Head.standing(found, isRead))
    }

    private static func standing(_ found: FoundPerson, _ isRead: Bool) -> String {
        if !isRead { return "not known: no run has read the directory yet, since `apply` does not" }
        guard found.inMirror else { return "not in the directory when it was last read" }
        switch found.state {
        case .enabled: return "enabled"
        case .disabledByAttribute: return "disabled by the configured attribute"
        case .lockedPermanently: return "locked for good by the password policy"
        case .disabledByFlag: return "disabled by the directory's own flag"
        case .expired: return "the account has ended"
        }
    }
}

extension PersonReport.HeldRun {
    /// Nil where the run did not hold the target as a whole.
    fileprivate init?(_ run: RunRecord, target name: String) {
        guard let target = run.targets.first(where: { $0.target == name }), target.held else { return nil }
        self.init(run: run.number, messages: target.holds)
    }
}

extension PersonReport.User {
    fileprivate init(_ user: RosterUser) {
        self.init(
            email: user.email, status: user.status, managed: user.managed, access: user.access, reason: user.reason,
            since: user.since, lastSignIn: user.lastSignIn, details: user.details)
    }
}
