import AccessModel

/// Collects what a human should know about how rules met people: one finding for each pair of rules, with the number of people.
struct FindingCollector {
    private let compiled: CompiledMapping
    private let book: GiftBook
    private let retiredTemplates: Set<String>
    private(set) var findings: [MappingFinding] = []
    private var losing: [Rivals: Int] = [:]
    private var conflicting: [[UInt32]: Int] = [:]
    private var idle: [Idle: Int] = [:]
    private var retired: [Idle: Int] = [:]
    private var withheld: [Idle: Int] = [:]

    private struct Rivals: Hashable {
        var loser: UInt32
        var winner: UInt32
    }

    private struct Idle: Hashable {
        var instance: UInt32
        var what: String
    }

    init(_ compiled: CompiledMapping, _ book: GiftBook) {
        self.compiled = compiled
        self.book = book
        let given = Set(compiled.mapping.rules.flatMap(\.gift.templates))
        retiredTemplates = given.filter { compiled.mapping.template(named: $0)?.retired == true }
    }

    /// Takes a set of instances that people match; of most sets it is enough to know who contends in them.
    mutating func collect(_ match: MatchCount, _ builder: inout DesiredAccessBuilder) {
        let contention = builder.contention(match.instances)
        guard contention != .none else { return }
        for claim in builder.claims(match.instances) {
            for loser in claim.losers {
                losing[Rivals(loser: loser, winner: claim.winner), default: 0] += match.people
            }
        }
        guard contention == .more else { return }
        let access = builder.desired(match.instances)
        if !access.templateConflict.isEmpty { conflicting[access.templateConflict, default: 0] += match.people }
        for instance in match.instances where book.briefs[Int(instance)]?.isRemarkable == true {
            collect(instance, access, match.people)
        }
    }

    /// Rules that could give something and match nobody; a captured name only where none of its groups does, and no rule
    /// of which another finding tells that a group gives nothing.
    mutating func collectUnmatched(_ isMatched: [Bool]) {
        var canMatch: Set<Int> = []
        var matched: Set<Int> = []
        for (place, instance) in compiled.instances.enumerated() {
            let gives = instance.groups.allSatisfy { compiled.groups[$0].gives } && !compiled.isWaiting[place]
            if compiled.gifts[place] != nil, gives { canMatch.insert(instance.rule) }
            if isMatched[place] { matched.insert(instance.rule) }
        }
        for rule in canMatch.subtracting(matched) { findings.append(.matchesNobody(compiled.mapping.rules[rule])) }
    }

    private mutating func collect(_ instance: UInt32, _ access: DesiredAccess, _ people: Int) {
        guard let entry = book.entries[Int(instance)] else { return }
        for grant in entry.grants where !access.access.grants.contains(where: { $0.scope == grant.scope }) {
            idle[Idle(instance: instance, what: grant.scope.description), default: 0] += people
        }
        for template in entry.templates where retiredTemplates.contains(template) {
            retired[Idle(instance: instance, what: template), default: 0] += people
        }
        for what in entry.withheld { withheld[Idle(instance: instance, what: what), default: 0] += people }
    }

    mutating func report() {
        for (rivals, people) in losing {
            guard let loser = book.entries[Int(rivals.loser)], let winner = book.entries[Int(rivals.winner)] else {
                continue
            }
            let extra = book.extra(of: loser.gift.rank, beyond: winner.gift.rank)
            if extra.isEmpty { continue }
            findings.append(
                .losesPermissions(rule(rivals.loser), to: rule(rivals.winner), winner.gift, extra, people))
        }
        for (instances, people) in conflicting {
            let givers = instances.map { (rule($0), book.entries[Int($0)]?.templates.first ?? "") }
            findings.append(.templateConflict(givers, people))
        }
        for (grant, people) in idle { findings.append(.grantWithoutEffect(rule(grant.instance), grant.what, people)) }
        for (use, people) in retired { findings.append(.retiredTemplate(rule(use.instance), use.what, people)) }
        for (use, people) in withheld { findings.append(.unprivileged(rule(use.instance), use.what, people)) }
    }

    private func rule(_ instance: UInt32) -> Rule {
        compiled.mapping.rules[compiled.instances[Int(instance)].rule]
    }
}
