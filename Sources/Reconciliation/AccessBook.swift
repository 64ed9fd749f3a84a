import AccessModel

/// Every access of one reconciliation by number, with what follows from it: seats, privileges, effective permissions.
///
/// The numbers of the roster's accesses stay as they are; new ones come after them. What follows is worked out once, when asked.
struct AccessBook {
    let platform: Platform
    let topology: Topology
    let templates: TemplateBook
    private(set) var accesses: [Access] = []
    private var numbers: [Access: UInt32] = [:]
    private var seats: [[[UInt32]?]] = []
    /// Seats that a role holds by itself.
    private var seatsOfRoles: [Holder: [UInt32]] = [:]
    private let ownersHoldSeats: Bool
    private var privileged: [Set<HeldPrivilege>?] = []
    private var texts: [String?] = []
    /// Pools in which roles take seats, once asked by a place in line.
    var awaited: [ScopedRole: [UInt32]] = [:]

    private struct Holder: Hashable {
        var role: ScopedRole
        var status: UserStatus
    }

    init(settings: TargetSettings, known: [Access]) {
        platform = settings.platform
        topology = settings.topology
        ownersHoldSeats = topology.pools.contains { settings.topology.scope(at: $0.scope)?.ownersHoldSeats == true }
        templates = TemplateBook(shipped: [], customer: settings.templates)
        numbers.reserveCapacity(known.count)
        for access in known { append(access) }
        if accesses.isEmpty { append(.none) }
    }

    subscript(number: UInt32) -> Access {
        Int(number) < accesses.count ? accesses[Int(number)] : .none
    }

    mutating func number(of access: Access) -> UInt32 {
        if let known = numbers[access] { return known }
        return append(access)
    }

    @discardableResult
    private mutating func append(_ access: Access) -> UInt32 {
        let number = UInt32(truncatingIfNeeded: accesses.count)
        accesses.append(access)
        // Of equal ones the first keeps its place.
        if let first = numbers.updateValue(number, forKey: access) { numbers[access] = first }
        seats.append([nil, nil, nil])
        privileged.append(nil)
        texts.append(nil)
        return number
    }

    /// Places in the topology's pools of the seats held; ascending.
    mutating func pools(_ number: UInt32, _ status: UserStatus) -> [UInt32] {
        if topology.pools.isEmpty || Int(number) >= accesses.count { return [] }
        let column =
            switch status {
            case .invited: 0
            case .active: 1
            case .suspended: 2
            case .removed: -1
            }
        if column < 0 { return [] }
        if let known = seats[Int(number)][column] { return known }
        let held = seatsHeld(by: accesses[Int(number)], status)
        seats[Int(number)][column] = held
        return held
    }

    /// Of an access that is made of roles alone, where owners of an outer scope hold no seats, each role holds its own.
    private mutating func seatsHeld(by access: Access, _ status: UserStatus) -> [UInt32] {
        let isPlain = zip(access.roles, access.roles.dropFirst()).allSatisfy { $0.scope != $1.scope }
        guard isPlain, access.grants.isEmpty, !ownersHoldSeats else { return seatsHeld(asked: access, status) }
        var held: [UInt32] = []
        for role in access.roles {
            let holder = Holder(role: role, status: status)
            let pools = seatsOfRoles[holder] ?? seatsHeld(asked: Access(roles: [role]), status)
            seatsOfRoles[holder] = pools
            held += pools
        }
        return held.sorted()
    }

    private func seatsHeld(asked access: Access, _ status: UserStatus) -> [UInt32] {
        platform.seatsHeld(by: access, status: status, in: topology).map { UInt32(truncatingIfNeeded: $0) }
    }

    /// What is privileged in an access.
    mutating func privileges(_ number: UInt32) -> Set<HeldPrivilege> {
        guard Int(number) < accesses.count else { return [] }
        if let known = privileged[Int(number)] { return known }
        let found = privileges(in: accesses[Int(number)])
        privileged[Int(number)] = found
        return found
    }

    func privileges(in access: Access) -> Set<HeldPrivilege> {
        Set(platform.privileges(in: access, templates: templates).map(HeldPrivilege.init))
    }

    /// Effective permissions in canonical text: `support:agents=full;+crm_access`, scopes in order, areas as the platform has them.
    mutating func effectiveText(_ number: UInt32) -> String {
        guard Int(number) < accesses.count else { return "" }
        if let known = texts[Int(number)] { return known }
        let text = effectiveText(of: accesses[Int(number)])
        texts[Int(number)] = text
        return text
    }

    /// Keeps what an access on record permits as it was recorded, whatever today's files say.
    mutating func keepRecorded(_ text: String, of number: UInt32) {
        if Int(number) < texts.count { texts[Int(number)] = text }
    }

    /// Whether an access permits less, by today's files, than another one did when it was recorded.
    func loses(recorded text: String, to new: Access) -> Bool {
        !RecordedPermissions(text, on: platform).isCovered(by: new, templates: templates)
    }

    /// Privileged permissions in a canonical text.
    func privileges(recorded text: String) -> Set<HeldPrivilege> { RecordedPermissions(text, on: platform).privileges }

    private func effectiveText(of access: Access) -> String {
        var parts: [String] = []
        for scope in AccessBook.scopes(of: access) {
            let permissions = platform.effectivePermissions(of: access, templates: templates, in: scope)
            for (index, area) in platform.areas.enumerated() {
                let names = permissions.names(in: index, on: platform)
                if !names.isEmpty { parts.append("\(scope):\(area.path)=\(names.joined(separator: "+"))") }
            }
        }
        parts += platform.effectiveSwitches(of: access).map { "+" + $0 }
        return parts.joined(separator: ";")
    }

    /// Whether the first access permits, everywhere, whatever the second does.
    func covers(_ new: Access, _ old: Access) -> Bool {
        for scope in AccessBook.scopes(of: old) {
            let before = platform.effectivePermissions(of: old, templates: templates, in: scope)
            let after = platform.effectivePermissions(of: new, templates: templates, in: scope)
            if !after.contains(before, on: platform) { return false }
        }
        let switches = platform.effectiveSwitches(of: new)
        return platform.effectiveSwitches(of: old).allSatisfy(switches.contains)
    }

    /// Whether somebody who had the old access has less of anything with the new one: a role gone or lowered, a permission, a switch.
    func loses(from old: Access, to new: Access) -> Bool {
        for held in old.roles {
            if let role = new.role(in: held.scope) {
                if let before = platform.rank(of: held.role), let after = platform.rank(of: role), after > before {
                    return true
                }
            } else if !new.roles.contains(where: {
                held.scope != $0.scope && held.scope.isInside($0.scope) && platform.covers($0.role, held.role)
            }) {
                return true
            }
        }
        return !covers(new, old)
    }

    private static func scopes(of access: Access) -> [ScopePath] {
        var scopes: Set<ScopePath> = [.root]
        for held in access.roles { scopes.insert(held.scope) }
        for held in access.grants { scopes.insert(held.scope) }
        return scopes.sorted()
    }
}

/// A privilege wherever it comes from: having it by another way is no gain.
struct HeldPrivilege: Hashable {
    var right: Privilege.Right
    var scope: ScopePath
    var text: String

    init(_ privilege: Privilege) {
        right = privilege.right
        scope = privilege.scope
        text =
            switch privilege.right {
            case .role(let name): "`\(name)`"
            case .permission(let area, let value): "`\(area): \(value)`"
            }
        if scope != .root { text += " in `\(scope)`" }
    }

    static func == (left: HeldPrivilege, right: HeldPrivilege) -> Bool {
        left.right == right.right && left.scope == right.scope
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(right)
        hasher.combine(scope)
    }
}
