import AccessModel

/// What the gifts of all instances come to on their platform: worked out once, asked for every set of gifts.
struct GiftBook {
    struct Entry {
        var gift: InstanceGift
        /// Whether the role may be given: it is not privileged, or the rule is.
        var mayGiveRole: Bool
        /// Templates, grants and permissions that may be given.
        var templates: [String]
        var grants: [ScopedRole]
        /// Nil where the gift sets none, or takes a privileged rule that this one is not.
        var permissions: PermissionSet?
        /// In words what the rule, not being privileged, must not give.
        var withheld: [String]
    }

    /// What is needed of an entry for every set it is in: integers only.
    struct Brief {
        /// The same number for all instances with the same gift.
        var kind: UInt32
        /// Place of the scope among all scopes in which something is given, in their order.
        var scopePlace: Int32
        var rank: Int32
        var seatPriority: Int32
        var mayGiveRole: Bool
        var givesTemplate: Bool
        /// Whether a finding could come of it: it has grants, a retired template, or something that is withheld.
        var isRemarkable: Bool
    }

    let platform: Platform
    /// By place of the instance; nil for one that gives nothing.
    let entries: [Entry?]
    let briefs: [Brief?]
    /// Of every role, in the order of the platform.
    private let rolePermissions: [PermissionSet]
    /// For each role those that it covers.
    private let covered: [[Bool]]

    init(_ mapping: Mapping, _ gifts: [InstanceGift?]) {
        let platform = mapping.platform
        self.platform = platform
        rolePermissions = platform.roles.map(platform.effectivePermissions(of:))
        covered = platform.roles.map { outer in platform.roles.map { platform.covers(outer, $0) } }
        let book = TemplateBook(shipped: platform.shippedTemplates, customer: mapping.templates)
        let entries = gifts.map { $0.map { GiftBook.entry($0, platform, book) } }
        self.entries = entries
        let retired = Set(book.templates.filter(\.retired).map(\.name))
        briefs = GiftBook.briefs(entries, retired: retired)
    }

    private static func briefs(_ entries: [Entry?], retired: Set<String>) -> [Brief?] {
        var kinds: [InstanceGift: UInt32] = [:]
        let scopes = Set(entries.compactMap { $0?.gift.scope }).sorted()
        let places = Dictionary(uniqueKeysWithValues: scopes.enumerated().map { ($1, Int32(truncatingIfNeeded: $0)) })
        return entries.map { entry in
            guard let entry else { return nil }
            let gift = entry.gift
            let kind = kinds[gift] ?? UInt32(kinds.count)
            kinds[gift] = kind
            return Brief(
                kind: kind, scopePlace: places[gift.scope] ?? 0, rank: Int32(truncatingIfNeeded: gift.rank),
                seatPriority: Int32(clamping: gift.seatPriority), mayGiveRole: entry.mayGiveRole,
                givesTemplate: !entry.templates.isEmpty,
                isRemarkable: !entry.grants.isEmpty || !entry.withheld.isEmpty
                    || entry.templates.contains(where: retired.contains))
        }
    }

    private static func entry(_ gift: InstanceGift, _ platform: Platform, _ book: TemplateBook) -> Entry {
        let permissions = gift.permissions.isEmpty ? nil : PermissionSet(gift.permissions, on: platform)
        var entry = Entry(
            gift: gift, mayGiveRole: gift.givesRole, templates: gift.templates, grants: gift.grants,
            permissions: permissions,
            withheld: [])
        guard !gift.isPrivileged else { return entry }
        if platform.roles[gift.rank].privileged {
            entry.mayGiveRole = false
            entry.withheld.append("role `\(gift.role)`")
        }
        for grant in gift.grants where platform.role(named: grant.role)?.privileged == true {
            entry.grants.removeAll { $0 == grant }
            entry.withheld.append("grant `\(grant.role)` on `\(grant.scope)`")
        }
        for name in gift.templates {
            guard let template = book.template(named: name) else { continue }
            let set = platform.effectivePermissions(of: template)
            guard !platform.privileges(in: set, from: .template(name)).isEmpty else { continue }
            entry.templates.removeAll { $0 == name }
            entry.withheld.append("template `\(name)`")
        }
        if let permissions, !platform.privileges(in: permissions, from: .direct).isEmpty {
            entry.permissions = nil
            entry.withheld += platform.privileges(in: permissions, from: .direct).map { "permission `\($0)`" }
        }
        return entry
    }

    /// Whether a role in an outer scope contains everything that a role in a narrower one gives.
    func covers(outer: Int, inner: Int) -> Bool { covered[outer][inner] }

    /// What one role would give that the other does not.
    func extra(of role: Int, beyond other: Int) -> [AreaSetting] {
        rolePermissions[role].beyond(rolePermissions[other], on: platform)
    }
}
