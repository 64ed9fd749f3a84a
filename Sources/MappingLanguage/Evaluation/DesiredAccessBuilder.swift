import AccessModel

/// Works out what sets of rule instances give one person.
///
/// Access depends only on the kinds of gifts in a set, of which there are few, so it is worked out once for each
/// combination of kinds; who won and who lost is a matter of integers.
struct DesiredAccessBuilder {
    private let book: GiftBook
    private var known: [[UInt32]: Known] = [:]
    /// Of roles in one scope, whether the one that loses would give something more; once asked.
    private var exceeding: [Ranks: Bool] = [:]

    private struct Ranks: Hashable {
        var loser: Int32
        var winner: Int32
    }

    private struct Known {
        var access: Access
        var unprivileged: [String]
        var hasConflict: Bool
    }

    private struct Contender {
        var brief: GiftBook.Brief
        var instance: UInt32
    }

    init(_ book: GiftBook) { self.book = book }

    mutating func desired(_ set: [UInt32]) -> DesiredAccess {
        let set = set.filter { book.briefs[Int($0)] != nil }
        guard !set.isEmpty else { return .none }
        let claims = claims(set)
        let outcome = outcome(set, claims)
        return DesiredAccess(
            access: outcome.access, claims: claims, templateConflict: outcome.hasConflict ? templateRivals(set) : [],
            unprivileged: outcome.unprivileged, sources: sources(set, outcome.access))
    }

    /// Who contends in a set, as far as a finding may come of it.
    enum Contention {
        case none
        /// Roles of one scope, of which the one that loses gives something more.
        case roles
        /// Templates as well, or something is remarkable by itself.
        case more
    }

    mutating func contention(_ set: [UInt32]) -> Contention {
        var rivals: [GiftBook.Brief] = []
        var templates = 0
        var contention = Contention.none
        for instance in set {
            guard let brief = book.briefs[Int(instance)] else { continue }
            if brief.givesTemplate { templates += 1 }
            if brief.isRemarkable || templates > 1 { return .more }
            guard brief.mayGiveRole else { continue }
            for rival in rivals where rival.scopePlace == brief.scopePlace {
                let ranks = Ranks(loser: max(rival.rank, brief.rank), winner: min(rival.rank, brief.rank))
                if ranks.loser != ranks.winner, losesMore(ranks) { contention = .roles }
            }
            rivals.append(brief)
        }
        return contention
    }

    private mutating func losesMore(_ ranks: Ranks) -> Bool {
        if let known = exceeding[ranks] { return known }
        let found = !book.extra(of: Int(ranks.loser), beyond: Int(ranks.winner)).isEmpty
        exceeding[ranks] = found
        return found
    }

    private func sources(_ set: [UInt32], _ access: Access) -> [GiftSource] {
        var sources: [GiftSource] = []
        func add(_ part: GiftSource.Part, isAddedUp: Bool = false, _ gives: (GiftBook.Entry) -> Bool) {
            let givers = set.filter { book.entries[Int($0)].map(gives) ?? false }
            if givers.isEmpty { return }
            sources.append(GiftSource(part: part, instances: isAddedUp ? givers : [givers[0]]))
        }
        for name in access.templates { add(.template(name)) { $0.templates.contains(name) } }
        for name in access.switches { add(.switchOn(name)) { $0.gift.switches.contains(name) } }
        for grant in access.grants { add(.grant(grant)) { $0.grants.contains(grant) } }
        for area in access.permissions.map(\.area) {
            add(.permission(area), isAddedUp: true) { entry in
                entry.permissions != nil && entry.gift.permissions.contains { $0.area == area }
            }
        }
        return sources
    }

    private mutating func outcome(_ set: [UInt32], _ claims: [ScopeClaim]) -> Known {
        let kinds = Set(set.compactMap { book.briefs[Int($0)]?.kind }).sorted()
        if let known = known[kinds] { return known }
        let gifts = set.compactMap { book.entries[Int($0)] }
        let templates = templates(gifts)
        var access = Access(
            roles: claims.map { ScopedRole(scope: $0.scope, role: $0.role) }, templates: templates ?? [],
            switches: Array(Set(gifts.flatMap(\.gift.switches))), grants: grants(gifts),
            permissions: permissions(gifts))
        if !access.grants.isEmpty {
            let idle = book.platform.grantsWithoutEffect(in: access)
            access.grants.removeAll(where: idle.contains)
        }
        let outcome = Known(
            access: access, unprivileged: Set(gifts.flatMap(\.withheld)).sorted(by: precedes),
            hasConflict: templates == nil)
        known[kinds] = outcome
        return outcome
    }

    /// The winner in every scope: highest rank, of equals the first in the file; without roles that an outer one contains.
    func claims(_ set: [UInt32]) -> [ScopeClaim] {
        var contenders: [Contender] = []
        for instance in set {
            guard let brief = book.briefs[Int(instance)], brief.mayGiveRole else { continue }
            contenders.append(Contender(brief: brief, instance: instance))
        }
        contenders.sort { left, right in
            (left.brief.scopePlace, left.brief.rank, left.instance)
                < (right.brief.scopePlace, right.brief.rank, right.instance)
        }
        var claims: [(claim: ScopeClaim, rank: Int)] = []
        var start = 0
        while start < contenders.count {
            let first = contenders[start].brief
            var end = start + 1
            while end < contenders.count, contenders[end].brief.scopePlace == first.scopePlace { end += 1 }
            if let claim = claim(contenders[start..<end]) { claims.append((claim, Int(first.rank))) }
            start = end
        }
        guard claims.count > 1 else { return claims.map(\.claim) }
        return claims.filter { inner in
            !claims.contains { outer in
                outer.claim.scope.depth < inner.claim.scope.depth && inner.claim.scope.isInside(outer.claim.scope)
                    && book.covers(outer: outer.rank, inner: inner.rank)
            }
        }.map(\.claim)
    }

    /// What the contenders of one scope come to; they stand in the order of rank and file.
    private func claim(_ rivals: ArraySlice<Contender>) -> ScopeClaim? {
        guard let first = rivals.first, let winner = book.entries[Int(first.instance)]?.gift else { return nil }
        let agreeing = rivals.prefix { $0.brief.rank == first.brief.rank }
        let priority = agreeing.reduce(first.brief.seatPriority) { max($0, $1.brief.seatPriority) }
        return ScopeClaim(
            scope: winner.scope, role: winner.role, winner: first.instance, otherwise: winner.otherwise,
            seatPriority: Int(priority), losers: rivals.dropFirst(agreeing.count).map(\.instance).sorted())
    }

    /// The highest of several grants on one assistant.
    private func grants(_ gifts: [GiftBook.Entry]) -> [ScopedRole] {
        var best: [ScopePath: (rank: Int, role: String)] = [:]
        for grant in gifts.flatMap(\.grants) {
            guard let rank = book.platform.rank(of: grant.role) else { continue }
            if let known = best[grant.scope], known.rank <= rank { continue }
            best[grant.scope] = (rank, grant.role)
        }
        return best.map { ScopedRole(scope: $0.key, role: $0.value.role) }
    }

    /// Nil for a conflict: one template is allowed, and the rules of highest priority differ.
    private func templates(_ gifts: [GiftBook.Entry]) -> [String]? {
        let giving = gifts.filter { !$0.templates.isEmpty }
        guard book.platform.templatesPerUser == .one else { return Array(Set(giving.flatMap(\.templates))) }
        let highest = giving.map(\.gift.templatePriority).max()
        let names = Set(giving.filter { $0.gift.templatePriority == highest }.flatMap(\.templates))
        return names.count > 1 ? nil : Array(names)
    }

    /// The instances of highest priority that give a template.
    private func templateRivals(_ set: [UInt32]) -> [UInt32] {
        let giving = set.compactMap { instance -> (instance: UInt32, priority: Int)? in
            guard let entry = book.entries[Int(instance)], !entry.templates.isEmpty else { return nil }
            return (instance, entry.gift.templatePriority)
        }
        let highest = giving.map(\.priority).max()
        return giving.filter { $0.priority == highest }.map(\.instance)
    }

    private func permissions(_ gifts: [GiftBook.Entry]) -> [AreaSetting] {
        let sets = gifts.compactMap(\.permissions)
        guard var merged = sets.first else { return [] }
        for set in sets.dropFirst() { merged.merge(set, on: book.platform) }
        return merged.settings(on: book.platform)
    }
}

extension AreaSetting {
    /// `conversations: view, edit`.
    package var text: String { "\(area): \(values.joined(separator: ", "))" }
}
