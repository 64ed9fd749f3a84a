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
    private let scene: InquiryScene
    private let found: FoundPerson
    private let assumptions: GroupAssumptions?

    /// `assumed` are groups as typed: `+sales`, `-support`.
    init(_ scene: InquiryScene, about found: FoundPerson, assuming assumed: [String]) throws {
        self.scene = scene
        self.found = found
        assumptions = assumed.isEmpty ? nil : try GroupAssumptions(assumed, scene, found.person)
    }

    /// `asked` is a role, template, switch, workspace or target that somebody has not got.
    func report(whyNot asked: String?) throws -> PersonReport {
        let wanted = try asked.map { try WantedNames(scene.targets).wanted($0) }
        let users = try scene.view.roster.users(of: found.person)
        var groups: [PersonReport.Group] = []
        var parts: [PersonReport.Target] = []
        let last = try scene.view.roster.runs(limit: 1).first?.record
        for target in scene.targets {
            let name = target.settings.name
            if let wanted, wanted[name] == nil { continue }
            let now = try scene.inquiry(target)
            var part = self.part(target, now, users.first { $0.target == name })
            part.held = last.flatMap { PersonReport.HeldRun($0, target: name) }
            part.user?.tell(part.explanation)
            try question(&part, target, now, wanted?[name])
            try add(now, target, to: &groups)
            parts.append(part)
        }
        var head = PersonReport.Head(found, users, isRead: scene.isRead)
        describe(&head)
        var report = PersonReport(head: head, targets: parts, whyNot: asked)
        report.groups = groups.sorted { left, right in
            let (one, other) = (left.membership, right.membership)
            return one.name == other.name ? one.key < other.key : precedes(one.name, other.name)
        }
        report.assumptions = assumptions?.words ?? []
        return report
    }

    /// What there is on one target.
    private func part(_ target: TargetFiles, _ now: TargetInquiry, _ user: RosterUser?) -> PersonReport.Target {
        let answer = now.answer(about: found.person)
        var part = PersonReport.Target(
            name: target.settings.name, user: user.map(PersonReport.User.init),
            findings: answer.roster?.findings ?? [], explanation: answer.explanation)
        part.pausedBy = now.input.roster.pausedBy
        part.isAssumedGone = answer.isAssumedGone
        part.isProtected = now.input.roster.protected.contains(found.person)
        part.pilot = answer.pilot
        part.places = (answer.roster?.places ?? []).map { place in
            PersonReport.Place(place, pools: now.input.roster.ledger.filter { $0.pool.scope == place.line.scope })
        }
        part.next = PersonReport.NextRun(
            changes: answer.roster?.changes ?? [], held: answer.isHeld ? answer.held : [],
            isObserved: target.settings.mode == .observe, withheld: answer.withheld)
        return part
    }

    /// Why not, what if, or what ever was.
    private func question(
        _ part: inout PersonReport.Target, _ target: TargetFiles, _ now: TargetInquiry, _ wanted: [WantedGift]?
    ) throws {
        var then = now
        if let assumptions {
            then = try scene.inquiry(target) { assumptions.apply(to: $0) }
            part.whatIf = WhatIf(now: now.openPlan, then: then.openPlan, assumptions: assumptions.words)
            part.whatIf?.tell(of: found.person, now: now.plan, then: then.plan)
            let other = then.answer(about: found.person).explanation
            let before = part.explanation?.matched ?? []
            let after = other?.matched ?? []
            part.rulesGained = after.filter { rule in !before.contains { $0.isSameRule(as: rule) } }
            part.rulesLost = before.filter { rule in !after.contains { $0.isSameRule(as: rule) } }
        }
        if let wanted { part.whyNot = then.whyNot(wanted, for: found.person) }
        guard wanted == nil, assumptions == nil else { return }
        part.past = try scene.view.roster.history(of: found.person).filter { $0.target == target.settings.name }
            .map(PersonReport.PastChange.init)
    }

    /// Adds the groups that somebody is in, and since when runs saw them in those that rules of the target name.
    private func add(_ now: TargetInquiry, _ target: TargetFiles, to groups: inout [PersonReport.Group]) throws {
        guard let place = now.place(of: found.person) else { return }
        let seen = try scene.view.roster.groupsSince(of: found.person, target: target.settings.name)
        for membership in now.memberships(of: place) {
            let since = seen.first { $0.group == membership.key }.map { ($0.run, $0.time) }
            let targets = membership.isMapped ? [target.settings.name] : []
            guard let known = groups.firstIndex(where: { $0.membership.key == membership.key }) else {
                groups.append(PersonReport.Group(membership, targets: targets, since: since))
                continue
            }
            groups[known].targets += targets
            if let since, groups[known].since.map({ since.0 < $0.run }) ?? true { groups[known].since = since }
        }
    }

    /// Adds what else the directory says of the person.
    private func describe(_ head: inout PersonReport.Head) {
        let entry = found.entry
        func texts(_ field: PersonField) -> [String] { entry.values(field).map { String(decoding: $0, as: UTF8.self) } }
        head.otherEmails = (texts(.email) + texts(.alias)).filter { !$0.utf8.elementsEqual(head.email.utf8) }
        head.ends = entry.values(.expires).first.flatMap { bytes in
            bytes.count == 8 ? Int64(bitPattern: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }) : nil
        }
        head.attributes = scene.mirror.attributes.enumerated().compactMap { place, name in
            let values = UInt8(exactly: place).map { texts(.attribute($0)) } ?? []
            return values.isEmpty ? nil : PersonReport.Attribute(name: name, values: values)
        }
        guard let place = scene.mirror.place(of: found.person) else { return }
        let row = scene.mirror.people[Int(place)]
        head.lastSignIn = row.lastSignIn == Int64.min ? nil : row.lastSignIn
        guard let target = scene.targets.first,
            let users = scene.roster.targets.first(where: { $0.target == target.settings.name })
        else { return }
        let links = target.united(scene.mirror, users).standsFor
        let stands = links[place] ?? place
        head.otherIdentities = links.filter { ($0.value == stands || $0.key == place) && stands != PersonIndex.max }
            .flatMap { [$0.key, $0.value] }.filter { $0 != place }.map { scene.mirror.label(of: $0) }
        head.otherIdentities = Set(head.otherIdentities).sorted(by: precedes)
    }
}

extension RuleExplanation {
    fileprivate func isSameRule(as other: RuleExplanation) -> Bool {
        rule == other.rule && captured == other.captured
    }
}

extension Mirror {
    /// The place of somebody; nil for who is not in it.
    func place(of person: PersonKey) -> PersonIndex? {
        guard let directory = directories.firstIndex(of: person.directory) else { return nil }
        return place(of: person.id, directory: UInt8(truncatingIfNeeded: directory))
    }

    /// Directory and id of somebody, as a human may name an identity.
    fileprivate func label(of person: PersonIndex) -> String {
        let row = people[Int(person)]
        let directory = directories.indices.contains(Int(row.directory)) ? directories[Int(row.directory)] : ""
        return "\(record(person).text(.dn) ?? "") (\(directory), id \(row.id))"
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
    /// Nil where the run held nothing of the target.
    fileprivate init?(_ run: RunRecord, target name: String) {
        guard let target = run.targets.first(where: { $0.target == name }), target.mode == .manage,
            target.held || !target.holds.isEmpty
        else { return nil }
        let (holds, withheld) = target.holdsApart
        self.init(run: run.number, messages: Array(holds), withheld: Array(withheld), isWhole: target.held)
    }
}

extension PersonReport.User {
    fileprivate init(_ user: RosterUser) {
        self.init(
            email: user.email, status: user.status, managed: user.managed, access: user.access, reason: user.reason,
            since: user.since, lastSignIn: user.lastSignIn, details: user.details)
    }

    /// Tells what humans gave, and whether rules give anything beside it, or as well.
    fileprivate mutating func tell(_ explanation: Explanation?) {
        let (rest, parts) = access.apart(details.manual)
        byHand = details.manual.filter { parts.contains($0.part) }
        let given = explanation?.desired.access.manualParts ?? []
        isByRules = rest != .none || parts.contains(where: given.contains)
    }
}

extension PersonReport.PastChange {
    fileprivate init(_ entry: AuditEntry) {
        self.init(
            run: entry.run, time: entry.time, actor: entry.actor,
            change: Change(
                kind: entry.kind, evidence: entry.evidence, subject: 0, reason: 0, scope: entry.scope,
                before: entry.before, after: entry.after),
            reason: entry.reason)
    }
}
