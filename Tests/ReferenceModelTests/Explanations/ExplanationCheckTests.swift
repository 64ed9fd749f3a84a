import AccessModel
import DirectoryModel
import MappingLanguage
import Reconciliation
import TestSupport
import Testing

/// Explanations of random worlds in the middle of their histories, checked by a plain reading of groups and rules: everything that is given has
/// a way that can be walked, everything that is not has its failing condition, or something that is truly in the way.
///
/// `ROLLCALL_SEEDS=2000..<12000` chooses other histories than the first ones.
struct ExplanationCheckTests {
    @Test func everyGrantHasAWitnessAndEveryLackItsReason() throws {
        let seeds = Figures.seeds(Figures.of(1_000, soak: 20_000))
        var tally: [String: Int] = [:]
        for seed in seeds {
            var generator = HistoryGenerator(seed: seed)
            var history = generator.history()
            var random = SeededNumbers(seed: seed &+ 77)
            // Somewhere in the history: what happens before the next night has happened, and no run has seen it.
            let night = Int.random(in: 0..<max(1, history.nights.count), using: &random)
            let coming = history.nights.indices.contains(night) ? history.nights[night] : []
            history.nights.removeSubrange(night...)
            let run = HistoryRun(history)
            var state = run.state
            for event in coming { state.happen(event) }
            guard run.differences.isEmpty, let inquiry = try? run.engine.inquiry(state) else {
                tally["mapping does not fit", default: 0] += 1
                continue
            }
            var check = ExplanationCheck(state, inquiry, run.engine.roster)
            for person in state.directory.people.keys.sorted() + state.directory.gone.keys.sorted() {
                check.check(person)
            }
            for fault in check.faults.prefix(5) { Issue.record("seed \(seed), night \(night): \(fault)") }
            tally.merge(check.tally) { $0 + $1 }
        }
        if seeds.count >= 1_000, Figures.hasAllSeeds {
            for sort in ExplanationCheck.sorts { #expect((tally[sort] ?? 0) > 0, "no case of: \(sort)") }
        }
        let text = tally.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        Figures.note("explanations: \(seeds) worlds; \(text)")
    }
}

/// The answers about one world, held against a plain reading of it.
private struct ExplanationCheck {
    private let state: HistoryState
    private let inquiry: TargetInquiry
    private let roster: InMemoryRoster
    private let plain: PlainWitness
    /// Groups that do not count as the directory has them.
    private let frozen: Set<String>
    private(set) var faults: [String] = []
    private(set) var tally: [String: Int] = [:]

    /// What must have come up.
    static let sorts: [String] =
        [
            "given with a way", "given through nesting", "why not: one condition", "why not: alternatives",
            "why not: under a not", "why not: beaten", "why not: something in the way", "verdict has", "verdict next",
            "verdict waits", "verdict suspended", "verdict held", "verdict no",
        ]
        + [
            "absent", "disabled", "cause", "suspended", "finding", "pilot", "held", "privileged", "seat", "pace",
            "more", "by_hand",
        ].map {
            "in the way: \($0)"
        }

    init(_ state: HistoryState, _ inquiry: TargetInquiry, _ roster: InMemoryRoster) {
        self.state = state
        self.inquiry = inquiry
        self.roster = roster
        plain = PlainWitness(
            directory: state.directory, direct: state.direct, platform: state.target.platform)
        let held = inquiry.plan.holds.compactMap { hold -> String? in
            if case .group(_, let name) = hold.extent { name } else { nil }
        }
        let doubted = inquiry.compiled.groups.filter { $0.standing != .found }.map(\.name)
        // Where there are several directories, groups are named with theirs.
        frozen = Set((held + doubted).map { $0.split(separator: ":").last.map(String.init) ?? $0 })
    }

    private mutating func note(_ sort: String) { tally[sort, default: 0] += 1 }

    private mutating func expect(_ isTrue: Bool, _ what: @autoclosure () -> String) {
        if !isTrue { faults.append(what()) }
    }

    mutating func check(_ person: String) {
        let key = PersonKey(directory: state.home(of: person), id: World.id(person))
        if let explanation = inquiry.answer(about: key).explanation { given(explanation, person) }
        let target = state.target.platform
        var wanted = target.roles.map { ($0.name, WantedGift.role($0.name)) } + [("", WantedGift.anything)]
        if target.hasOneTemplate {
            wanted +=
                ["sales", "support"].map { ($0, WantedGift.template($0)) } + [("crm", WantedGift.switchOn("crm"))]
        }
        for (name, gift) in wanted { lacking(name, gift, key, person) }
    }

    // MARK: What is given

    /// Everything that rules give has a rule that matches and gives it, and each group of it a way.
    private mutating func given(_ explanation: Explanation, _ person: String) {
        for rule in explanation.matched {
            guard let mine = self.rule(rule.rule.name), isPlain(mine.condition) else {
                continue
            }
            expect(plain.isMet(mine.condition, by: person), "\(person): \(rule.rule.name) does not match")
            ways(rule.condition, person)
        }
        for rule in explanation.rules where !rule.isMatched {
            guard let mine = self.rule(rule.rule.name), isPlain(mine.condition) else {
                continue
            }
            expect(!plain.isMet(mine.condition, by: person), "\(person): \(rule.rule.name) matches, and is said not to")
        }
        let access = explanation.desired.access
        let names = access.roles.map(\.role) + access.grants.map(\.role) + access.templates + access.switches
        for name in names where frozen.isEmpty {
            let isGiven = explanation.matched.contains { rule in
                state.presentRules.contains { $0.name == rule.rule.name && plain.couldGive($0, name) }
            }
            expect(isGiven, "\(person) gets \(name) by no rule")
            note("given with a way")
        }
    }

    private mutating func ways(_ trace: ConditionTrace, _ person: String) {
        for part in trace.parts { ways(part, person) }
        guard trace.parts.isEmpty, trace.isMet else { return }
        guard let claim = PlainWitness.Claim(bare(trace.text)) else {
            return expect(false, "\(person): what is `\(trace.text)`?")
        }
        if frozen.contains(claim.group) { return }
        expect(plain.isTrue(claim, of: person), "\(person): `\(trace.text)` is not so")
        guard !claim.isNegated else { return }
        let chain = trace.chain
        expect(plain.isWay(chain, from: person, to: claim.group), "\(person): \(chain) is no way to \(claim.group)")
        if chain.count > 1 { note("given through nesting") }
    }

    // MARK: What is not

    private mutating func lacking(_ name: String, _ gift: WantedGift, _ key: PersonKey, _ person: String) {
        let answer = inquiry.whyNot([gift], for: key)
        note("verdict \(answer.verdict.rawValue)")
        let status = roster.status(person)
        let isIn = status == .invited || status == .active
        let access = roster.place(person).map { roster.roster.accesses[Int(roster.roster.users[$0].access)] } ?? .none
        expect((answer.verdict == .has) == (isIn && access.has(gift)), "\(person), \(name): \(answer.verdict)")
        if answer.verdict == .has { return }
        complete(answer, name, person)
        for rule in answer.rules { failing(rule, person) }
        for obstacle in answer.obstacles { inTheWay(obstacle, name, key, person) }
        reasons(answer, gift, name, key, person)
    }

    /// Every rule that could give it is told of.
    private mutating func complete(_ answer: WhyNot, _ name: String, _ person: String) {
        let told = Set(answer.rules.map(\.rule.rule.name))
        for rule in state.presentRules where name.isEmpty || plain.couldGive(rule, name) {
            expect(told.contains(rule.name), "\(person), \(name): nothing is said of \(rule.name)")
        }
    }

    /// Each condition that is said to have failed did fail, and together they are enough for the rule to fail.
    private mutating func failing(_ rule: WhyNot.Rule, _ person: String) {
        guard let mine = self.rule(rule.rule.rule.name), isPlain(mine.condition),
            state.directory.isThere(person)
        else { return }
        if rule.rule.isMatched { return expect(rule.failures.isEmpty, "\(person): \(mine.name) matches and fails") }
        let claims = rule.failures.compactMap { PlainWitness.Claim(bare($0.text)) }
        expect(claims.count == rule.failures.count && !claims.isEmpty, "\(person): \(mine.name) fails by nothing")
        for claim in claims { expect(!plain.isTrue(claim, of: person), "\(person), \(mine.name): \(claim) is so") }
        expect(plain.fails(mine.condition, for: Set(claims)), "\(person), \(mine.name): \(claims) do not make it fail")
        note(claims.count == 1 ? "why not: one condition" : "why not: alternatives")
        if claims.contains(where: \.isNegated) { note("why not: under a not") }
    }

    /// What rules give and the person has not got has something in its way; what rules do not give is beaten, or no rule matches.
    private mutating func reasons(
        _ answer: WhyNot, _ gift: WantedGift, _ name: String, _ key: PersonKey, _ person: String
    ) {
        let desired = inquiry.answer(about: key).explanation?.desired.access ?? .none
        if desired.has(gift) {
            guard answer.verdict != .next else { return }
            expect(
                !answer.obstacles.isEmpty,
                "\(person): nothing keeps \(name.isEmpty ? "everything" : name) away, \(answer.verdict)")
            return note("why not: something in the way")
        }
        guard frozen.isEmpty, case .role = gift else { return }
        let matching = answer.rules.filter(\.rule.isMatched).compactMap { self.rule($0.rule.rule.name) }
        let all = state.presentRules.filter { plain.isMet($0.condition, by: person) && state.directory.isThere(person) }
        for rule in matching where rule.role == name {
            expect(
                plain.isBeaten(rule, among: all), "\(person): \(rule.name) matches, is not beaten, and gives no \(name)"
            )
            note("why not: beaten")
        }
    }

    private mutating func inTheWay(
        _ obstacle: WhyNot.Obstacle, _ name: String, _ key: PersonKey, _ person: String
    ) {
        note("in the way: \(obstacle.kind.rawValue)")
        let entry = state.directory.people[person]
        let status = roster.status(person)
        let isSo =
            switch obstacle.kind {
            case .absent: !state.directory.isThere(person)
            case .disabled: entry?.isDisabled == true
            case .cause:
                state.target.leave.map { leave in
                    !isPlain(leave.condition) || plain.isMet(leave.condition, by: person)
                } ?? false
            case .suspended: status == .suspended
            case .removed: status == .removed
            case .pilot: state.target.only.map { frozen.contains($0) || !plain.isMember(person, of: $0) } ?? false
            case .seat, .pace:
                inquiry.openPlan.waiting.contains { $0.person == key && $0.forPace == (obstacle.kind == .pace) }
            case .privileged:
                inquiry.plan.holds.contains { hold in
                    if case .grant(key, _) = hold.extent { true } else { false }
                }
            case .held: inquiry.plan.heldBack != nil
            case .finding: inquiry.openPlan.findings.contains { $0.person == key && $0.message == obstacle.message }
            case .more: isMore(obstacle.message, than: name, key)
            case .byHand: isByHand(obstacle.message, key)
            case .observed, .paused, .otherIdentity: false
            }
        expect(isSo, "\(person): \(obstacle.kind) is not so: \(obstacle.message)")
    }

    /// Whether somebody really has the role that is said to be as much, and it ranks as high.
    private func isMore(_ message: String, than name: String, _ key: PersonKey) -> Bool {
        guard let found = message.firstMatch(of: /^has `([^`]+)`/) else { return false }
        let held = String(found.output.1)
        let after = inquiry.standing(of: key, after: inquiry.openPlan)?.access ?? .none
        let platform = state.target.platform
        return after.roles.contains { $0.role == held } && (name.isEmpty || platform.rank(held) <= platform.rank(name))
    }

    /// Whether somebody really has a template by hand that is another than the one asked for.
    private func isByHand(_ message: String, _ key: PersonKey) -> Bool {
        guard let found = message.firstMatch(of: /^has template `([^`]+)` by hand/) else { return false }
        let held = String(found.output.1)
        let manual = roster.roster.explanation(of: key)?.details.manual ?? []
        return state.target.platform.hasOneTemplate && manual.contains { $0.part == .template(held) }
    }

    /// The rule of a name; nil where a history gave it to two, which no file can.
    private func rule(_ name: String) -> ModelRule? {
        let rules = state.presentRules.filter { $0.name == name }
        return rules.count == 1 ? rules[0] : nil
    }

    /// Whether a condition names no group that is frozen.
    private func isPlain(_ condition: ModelCondition) -> Bool {
        condition.groups.allSatisfy { !frozen.contains($0.name) && state.directory.wasRead(group: $0.name) }
    }

    /// The words without the directory in front of the group.
    private func bare(_ text: String) -> String { text.replacing(/`(corp|labs):/) { _ in "`" } }
}
