import AccessModel
import DirectoryModel

/// Compares accounts with users, one by one.
struct DriftComparison {
    private let settings: TargetSettings
    private let input: DriftInput
    private(set) var items: [DriftItem] = []
    private var placeOfAccount: [ExactText: Int] = [:]
    private var accountOfPlace: [Int: String] = [:]
    private var emails: [UInt64: [Int]] = [:]
    private var ids: [ImmutableID: Int] = [:]

    private var roster: TargetRoster { input.roster }

    init(settings: TargetSettings, input: DriftInput) {
        self.settings = settings
        self.input = input
        var places: [Int64: Int] = [:]
        input.roster.texts.bytes.withUnsafeBufferPointer { texts in
            for (place, row) in input.roster.users.enumerated() where row.status != .removed {
                places[row.user] = place
                if row.managed { ids[row.id] = place }
                emails[EmailFold.hash(Planning.slice(texts, row.email)), default: []].append(place)
            }
        }
        for known in input.known {
            guard let place = places[known.user] else { continue }
            placeOfAccount[ExactText(known.account)] = place
            accountOfPlace[place] = known.account
        }
    }

    mutating func compare() {
        var seen: Set<Int> = []
        for account in input.accounts {
            guard let place = place(of: account) else {
                items.append(item(.unknown, account, platform: account.status.rawValue))
                continue
            }
            seen.insert(place)
            compare(account, place)
        }
        for (place, row) in roster.users.enumerated() where row.status != .removed && !seen.contains(place) {
            // Where the platform knows no suspension, a suspended user's membership is withdrawn.
            if row.status == .suspended, !knowsSuspension { continue }
            items.append(
                DriftItem(
                    kind: .missing, email: roster.email(of: place), account: accountOfPlace[place] ?? "",
                    managed: row.managed, scope: .root, name: "", roster: row.status.rawValue, platform: nil, line: 0))
        }
    }

    private var knowsSuspension: Bool { settings.platform.statuses.contains(.suspended) }

    /// By the account id that the roster holds, else by the immutable id, else by the email.
    private func place(of account: PlatformAccount) -> Int? {
        if !account.account.isEmpty, let place = placeOfAccount[ExactText(account.account)] { return place }
        if let id = account.id, let place = ids[id] { return place }
        return Array(account.email.utf8).withUnsafeBufferPointer { email in
            roster.texts.bytes.withUnsafeBufferPointer { texts in
                (emails[EmailFold.hash(email)] ?? []).first {
                    EmailFold.same(email, Planning.slice(texts, roster.users[$0].email))
                        && (account.account.isEmpty || accountOfPlace[$0] == nil)
                }
            }
        }
    }

    private func item(
        _ kind: DriftItem.Kind, _ account: PlatformAccount, _ scope: ScopePath = .root, _ name: String = "",
        roster: String? = nil, platform: String? = nil, managed: Bool = true
    ) -> DriftItem {
        DriftItem(
            kind: kind, email: account.email, account: account.account, managed: managed, scope: scope, name: name,
            roster: roster, platform: platform, line: account.line)
    }

    private mutating func compare(_ account: PlatformAccount, _ place: Int) {
        let row = roster.users[place]
        let email = roster.email(of: place)
        var found: [DriftItem] = []
        let isSame = Array(email.utf8).withUnsafeBufferPointer { mine in
            Array(account.email.utf8).withUnsafeBufferPointer { EmailFold.same(mine, $0) }
        }
        if !isSame { found.append(item(.email, account, roster: email, platform: account.email)) }
        if input.told.contains(.status), row.status != account.status {
            found.append(
                item(.status, account, roster: row.status.rawValue, platform: account.status.rawValue))
        }
        let access = Int(row.access) < roster.accesses.count ? roster.accesses[Int(row.access)] : .none
        let isWithdrawn = row.status == .suspended && !knowsSuspension
        if !isWithdrawn { found += differences(access, account) }
        for index in found.indices {
            found[index].email = email
            found[index].managed = row.managed
        }
        items += found
    }

    private func differences(_ access: Access, _ account: PlatformAccount) -> [DriftItem] {
        var found: [DriftItem] = []
        if input.told.contains(.roles) { found += roles(access.roles, account.access.roles, .role, account) }
        if input.told.contains(.templates) {
            found += names(access.templates, account.access.templates, .template, account)
        }
        let mine = access.switches.filter(isComparable(access))
        let theirs = account.access.switches.filter(isComparable(access))
        found += names(mine, theirs, .switched, account)
        if input.told.contains(.grants) { found += grants(access.grants, account.access.grants, account) }
        if input.told.contains(.permissions) {
            found += permissions(access.permissions, account.access.permissions, account)
        }
        return found
    }

    /// A switch that the list tells and that no role of the user forces on anyway.
    private func isComparable(_ access: Access) -> (String) -> Bool {
        let byRole = settings.platform.effectiveSwitches(of: Access(roles: access.roles))
        return { [switches = input.switches] in switches.contains($0) && !byRole.contains($0) }
    }

    private func roles(
        _ mine: [ScopedRole], _ theirs: [ScopedRole], _ kind: DriftItem.Kind, _ account: PlatformAccount
    ) -> [DriftItem] {
        let scopes = Set(mine.map(\.scope)).union(theirs.map(\.scope)).sorted()
        return scopes.compactMap { scope in
            let (one, other) = (
                mine.first { $0.scope == scope }?.role, theirs.first { $0.scope == scope }?.role
            )
            return one == other ? nil : item(kind, account, scope, roster: one, platform: other)
        }
    }

    private func grants(_ mine: [ScopedRole], _ theirs: [ScopedRole], _ account: PlatformAccount) -> [DriftItem] {
        mine.filter { !theirs.contains($0) }.map { item(.grant, account, $0.scope, $0.role, roster: $0.role) }
            + theirs.filter { !mine.contains($0) }.map { item(.grant, account, $0.scope, $0.role, platform: $0.role) }
    }

    private func names(
        _ mine: [String], _ theirs: [String], _ kind: DriftItem.Kind, _ account: PlatformAccount
    ) -> [DriftItem] {
        mine.filter { !theirs.contains($0) }.map { item(kind, account, .root, $0, roster: "on") }
            + theirs.filter { !mine.contains($0) }.map { item(kind, account, .root, $0, platform: "on") }
    }

    private func permissions(
        _ mine: [AreaSetting], _ theirs: [AreaSetting], _ account: PlatformAccount
    ) -> [DriftItem] {
        let areas = Set(mine.map(\.area)).union(theirs.map(\.area)).sorted(by: precedes)
        return areas.compactMap { area in
            let one = mine.first { $0.area == area }?.values.joined(separator: "+")
            let other = theirs.first { $0.area == area }?.values.joined(separator: "+")
            return one == other ? nil : item(.permission, account, .root, area, roster: one, platform: other)
        }
    }
}
