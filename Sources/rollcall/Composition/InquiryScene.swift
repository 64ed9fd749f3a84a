import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation
import Reports
import SQLiteRoster
import SyncAgent

/// Files, roster and the directory as it was last read: what questions about people are answered from.
///
/// No directory is asked.
struct InquiryScene {
    let view: RosterView
    let files: AgentFiles
    let targets: [TargetFiles]
    let roster: Roster
    let mirror: Mirror
    /// Whether any run has kept what it read of the directory.
    let isRead: Bool
    let now: Int64
    /// Targets that were asked about with part of the people.
    private var answered: [String: TargetInquiry] = [:]

    /// Every configured target, or the one named.
    ///
    /// `person` reads what concerns this one alone, where that is enough.
    init(_ view: RosterView, target: String?, person: PersonKey? = nil) throws {
        self.view = view
        files = try view.composition.agent.files()
        targets = files.targets.filter { target == nil || $0.settings.name == target }
        guard !targets.isEmpty else {
            let names = files.targets.map(\.settings.name)
            throw AgentFailure.noTarget(target ?? "", of: names)
        }
        now = Clock.now()
        if let person, let part = try InquiryScene.part(view, files, targets, person, now) {
            roster = part.part.roster
            mirror = part.part.after
            isRead = true
            answered = part.inquiries
            return
        }
        roster = try view.roster.load(targets: targets.map(\.settings.name))
        mirror = try view.roster.loadMirror()
        isRead = !mirror.people.isEmpty
    }

    /// What concerns one person, with the answers of each target; nil where that takes a look at everybody.
    private static func part(
        _ view: RosterView, _ files: AgentFiles, _ targets: [TargetFiles], _ person: PersonKey, _ now: Int64
    ) throws -> (part: RosterPart, inquiries: [String: TargetInquiry])? {
        guard files.configuration.samePerson == nil, !files.approvals.contains(where: { now < $0.validUntil }),
            targets.allSatisfy({ EverybodyReason.of($0.settings) == nil })
        else { return nil }
        var question = PartQuestion(targets: targets.map(\.settings), changes: [:], now: now)
        question.people = [person]
        guard case .part(let part) = try view.roster.part(question) else { return nil }
        let runs = try view.roster.runHeads(limit: 100)
        guard let baseline = part.roster.targets.first?.baseline,
            EverybodyReason.of(runs, targets: targets.map(\.settings.name), since: baseline.run) == nil
        else { return nil }
        var inquiries: [String: TargetInquiry] = [:]
        for (place, target) in targets.enumerated() {
            let input = ReconcileInput(
                mirror: part.after, evaluation: .none, rules: target.ruleLabels, roster: part.roster.targets[place],
                disabledBy: files.configuration.disabledBy, now: now, run: part.roster.lastRun + 1)
            do {
                inquiries[target.settings.name] = try target.inquiry(
                    part: input, others: part.others[place], pins: part.roster.pins,
                    told: try view.roster.findings(target: target.settings.name))
            } catch {
                return nil
            }
        }
        return (part, inquiries)
    }

    /// A target as the next run would decide about it; `edit` changes what is known of the directory.
    func inquiry(_ target: TargetFiles, edit: (Mirror) -> Mirror = { $0 }) throws -> TargetInquiry {
        let name = target.settings.name
        if let known = answered[name] { return known }
        let users = roster.targets.first { $0.target == name } ?? TargetRoster(target: name)
        let input = ReconcileInput(
            mirror: mirror, evaluation: .none, rules: target.ruleLabels, roster: users,
            approvals: files.approvals(notUsedIn: roster), disabledBy: files.configuration.disabledBy, now: now,
            run: roster.lastRun + 1)
        return try target.inquiry(
            input, edit(mirror), pins: roster.pins, told: try view.roster.findings(target: name))
    }

    /// The one group that somebody means: by `cn`, `directory:cn`, DN or immutable id.
    func group(_ text: String) throws -> GroupIndex {
        let found = mirror.groups(named: text)
        if found.count == 1 { return found[0] }
        guard found.isEmpty else {
            throw AgentFailure(
                .usage, "the directory has \(found.count) groups `\(text)`",
                hint: "give the DN: "
                    + found.prefix(5).map { "`\(String(decoding: mirror.groups[Int($0)].dn, as: UTF8.self))`" }
                    .joined(separator: ", "))
        }
        let names = Set(mirror.groups.map { String(decoding: $0.name, as: UTF8.self) }).sorted()
        let few = names.count > 20 ? nil : "the groups are"
        throw AgentFailure(
            .usage, "the directory had no group `\(text)` when it was last read",
            hint: NearestName.hint(
                for: text, in: names, called: few ?? "`rollcall groups` lists those that rules name;",
                otherwise: "`rollcall groups` lists those that rules name"))
    }
}
