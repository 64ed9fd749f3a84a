import AccessModel

/// Works out what a set of rule instances gives one person.
struct DesiredAccessBuilder {
    private let book: GiftBook

    init(_ book: GiftBook) { self.book = book }

    func desired(_ set: [UInt32]) -> DesiredAccess {
        let gifts = set.compactMap { instance in
            book.entries[Int(instance)].map { (instance: instance, entry: $0) }
        }
        guard !gifts.isEmpty else { return .none }
        let claims = uncovered(claims(gifts))
        var desired = DesiredAccess(access: .none, claims: claims)
        let template = templates(gifts, conflict: &desired.templateConflict)
        var access = Access(
            roles: claims.map { ScopedRole(scope: $0.scope, role: $0.role) }, templates: template,
            switches: Array(Set(gifts.flatMap { $0.entry.gift.switches })), grants: grants(gifts),
            permissions: permissions(gifts))
        if !access.grants.isEmpty {
            let idle = book.platform.grantsWithoutEffect(in: access)
            access.grants.removeAll(where: idle.contains)
        }
        desired.access = access
        desired.unprivileged = Set(gifts.flatMap(\.entry.withheld)).sorted(by: precedes)
        return desired
    }

    private typealias Given = (instance: UInt32, entry: GiftBook.Entry)

    /// The winner in every scope: highest rank, of equals the first in the file.
    private func claims(_ gifts: [Given]) -> [ScopeClaim] {
        var byScope: [ScopePath: [Given]] = [:]
        for given in gifts where given.entry.mayGiveRole { byScope[given.entry.gift.scope, default: []].append(given) }
        return byScope.sorted { $0.key < $1.key }.compactMap { scope, rivals in
            guard let winner = rivals.min(by: { ($0.entry.gift.rank, $0.instance) < ($1.entry.gift.rank, $1.instance) })
            else { return nil }
            let role = winner.entry.gift.role
            let agreeing = rivals.filter { $0.entry.gift.role == role }
            return ScopeClaim(
                scope: scope, role: role, winner: winner.instance, otherwise: winner.entry.gift.otherwise,
                seatPriority: agreeing.map { $0.entry.gift.seatPriority }.max() ?? 0,
                losers: rivals.filter { $0.entry.gift.role != role }.map(\.instance))
        }
    }

    /// Without roles that a role of an outer scope contains.
    private func uncovered(_ claims: [ScopeClaim]) -> [ScopeClaim] {
        guard claims.count > 1 else { return claims }
        return claims.filter { claim in
            !claims.contains { outer in
                guard outer.scope.depth < claim.scope.depth, claim.scope.isInside(outer.scope),
                    let above = book.platform.rank(of: outer.role), let below = book.platform.rank(of: claim.role)
                else { return false }
                return book.covers(outer: above, inner: below)
            }
        }
    }

    /// The highest of several grants on one assistant.
    private func grants(_ gifts: [Given]) -> [ScopedRole] {
        var best: [ScopePath: (rank: Int, role: String)] = [:]
        for grant in gifts.flatMap(\.entry.grants) {
            guard let rank = book.platform.rank(of: grant.role) else { continue }
            if let known = best[grant.scope], known.rank <= rank { continue }
            best[grant.scope] = (rank, grant.role)
        }
        return best.map { ScopedRole(scope: $0.key, role: $0.value.role) }
    }

    private func templates(_ gifts: [Given], conflict: inout [UInt32]) -> [String] {
        let giving = gifts.filter { !$0.entry.templates.isEmpty }
        guard book.platform.templatesPerUser == .one else { return Array(Set(giving.flatMap(\.entry.templates))) }
        let highest = giving.map(\.entry.gift.templatePriority).max()
        let rivals = giving.filter { $0.entry.gift.templatePriority == highest }
        let names = Set(rivals.flatMap(\.entry.templates))
        guard names.count > 1 else { return Array(names) }
        conflict = rivals.map(\.instance)
        return []
    }

    private func permissions(_ gifts: [Given]) -> [AreaSetting] {
        let sets = gifts.compactMap(\.entry.permissions)
        guard var merged = sets.first else { return [] }
        for set in sets.dropFirst() { merged.merge(set, on: book.platform) }
        return merged.settings(on: book.platform)
    }
}

extension AreaSetting {
    /// `conversations: view, edit`.
    package var text: String { "\(area): \(values.joined(separator: ", "))" }
}
