import AccessModel
import Reconciliation
import Reports
import SQLiteRoster

/// The rows of an export, one by one.
struct ExportedRows {
    private let roster: SQLiteRoster
    private let target: String?

    init(_ roster: SQLiteRoster, target: String?) {
        self.roster = roster
        self.target = target
    }

    func forEachUser(removed: Bool, _ body: ([Cell]) throws -> Void) throws {
        var accounts: [String: [Int64: String]] = [:]
        for name in try roster.targets() where target == nil || name == target {
            accounts[name] = Dictionary(
                try roster.accounts(target: name).map { ($0.user, $0.account) }, uniquingKeysWith: { first, _ in first }
            )
        }
        let query = UserQuery(target: target, statuses: removed ? Set(UserStatus.allCases) : nil)
        try roster.forEachUser(query) { user in
            try body([
                .text(user.target), .optional(accounts[user.target]?[user.user]), .text(user.email), .text(user.name),
                .text(user.status.rawValue), .time(user.since), .optional(user.details.statusSince),
                .optional(user.lastSignIn), .text(user.access.sentence), .text(user.reason),
                .list(user.details.causes.map(\.kind.rawValue)), .truth(user.managed),
                user.managed ? .text(user.person.directory) : .none, user.managed ? .text("\(user.person.id)") : .none,
            ])
        }
    }

    func forEachAccess(_ body: ([Cell]) throws -> Void) throws {
        try roster.forEachUser(UserQuery(target: target)) { user in
            for part in user.access.manualParts {
                let grant = user.details.manual.first { $0.part == part }
                let (kind, scope, name, value) = ExportedRows.pieces(of: part)
                try body([
                    .text(user.target), .text(user.email), .text(user.status.rawValue), .text(kind), .text(scope),
                    .text(name), .text(value), .text(grant?.by ?? "rules"), .text(grant?.reason ?? user.reason),
                    .optional(grant?.since), .end(optional: grant?.until),
                    user.managed ? .text(user.person.directory) : .none,
                    user.managed ? .text("\(user.person.id)") : .none,
                ])
            }
        }
    }

    func forEachPermission(_ body: ([Cell]) throws -> Void) throws {
        var known: [String: EffectivePermissions] = [:]
        try roster.forEachUser(UserQuery(target: target, statuses: [.invited, .active])) { user in
            let effective = known[user.effective] ?? EffectivePermissions(user.effective)
            known[user.effective] = effective
            for permission in effective.permissions {
                try body([
                    .text(user.target), .text(user.email), .text(permission.scope), .text(permission.area),
                    .text(permission.value), user.managed ? .text(user.person.directory) : .none,
                    user.managed ? .text("\(user.person.id)") : .none,
                ])
            }
        }
    }

    /// As `roster_access` has them.
    private static func pieces(
        of part: ManualGrant.Part
    ) -> (kind: String, scope: String, name: String, value: String) {
        switch part {
        case .role(let role, let scope): ("role", "\(scope)", role, "")
        case .template(let name): ("template", "", name, "")
        case .switchOn(let name): ("switch", "", name, "on")
        case .grant(let role, let scope): ("grant", "\(scope)", role, "")
        case .permission(let area, let values): ("permission", "", area, values.joined(separator: ","))
        }
    }
}
