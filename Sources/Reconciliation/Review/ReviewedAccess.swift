package import AccessModel
import Diagnostics
import DirectoryModel
package import MappingLanguage

/// One part of what somebody has, as a reviewer looks at it: what, why, since when, and whether it is used.
package struct ReviewedAccess: Sendable {
    /// What gives it.
    package enum Given: Sendable {
        case rules([RuleExplanation])
        case byHand(ManualGrant)
        /// Neither a rule nor a grant by hand of today.
        case record

        /// The word for programs.
        package var name: String {
            switch self {
            case .rules: "rules"
            case .byHand: "hand"
            case .record: "record"
            }
        }
    }

    /// Whether the person makes use of it, as far as anybody can tell.
    package enum Use: String, Sendable, CaseIterable {
        case used
        /// Not signed in for longer than asked for.
        case stale
        /// Invited, and never came.
        case neverAccepted = "never-accepted"
        /// No sign-in is known.
        case unknown
    }

    package var target: String
    package var key: PersonKey
    /// The roster's own number of the user.
    package var user: Int64
    package var email: String
    package var name: String
    package var status: UserStatus
    package var part: ManualGrant.Part
    package var isPrivileged: Bool
    package var given: Given
    /// When the person became a user, seconds since 1970.
    package var userSince: Int64
    /// The latest sign-in that platform or directory know of, seconds since 1970.
    package var lastSignIn: Int64?
    package var use: Use

    package init(
        target: String, key: PersonKey, user: Int64, email: String, name: String, status: UserStatus,
        part: ManualGrant.Part, isPrivileged: Bool, given: Given, userSince: Int64, lastSignIn: Int64?, use: Use
    ) {
        self.target = target
        self.key = key
        self.user = user
        self.email = email
        self.name = name
        self.status = status
        self.part = part
        self.isPrivileged = isPrivileged
        self.given = given
        self.userSince = userSince
        self.lastSignIn = lastSignIn
        self.use = use
    }

    /// What tells this line of a review from one about something else: another user, another part, or the same given in another way.
    ///
    /// A `c`, so that no spreadsheet takes it for a number, and the first 16 hexadecimal digits of a SHA-256.
    package var code: String {
        var pieces = [target, key.directory, "\(key.id)", part.canonicalText, given.name]
        switch given {
        case .rules(let rules): pieces += rules.map { "\($0.rule.name) \($0.captured ?? "")" }
        case .byHand(let grant): pieces += [grant.by, "\(grant.since)"]
        case .record: break
        }
        let bytes = Array(pieces.joined(separator: "\u{0}").utf8)
        return "c" + Hexadecimal.text(SHA256.digest(bytes).prefix(8))
    }
}

extension TargetInquiry {
    /// Hands over everything that managed users have, user by user in the roster's order; of suspended ones what is on record.
    ///
    /// Who has not signed in for `staleSeconds` makes no use of it.
    package func forEachReviewed(staleSeconds: Int64, _ body: (ReviewedAccess) throws -> Void) rethrows {
        let roster = input.roster
        let templates = TemplateBook(shipped: [], customer: settings.templates)
        let parts = roster.accesses.map(\.manualParts)
        let privileged = parts.map { parts in
            parts.map { !settings.platform.privileges(in: $0.access, templates: templates).isEmpty }
        }
        let explainer = explainer
        let join = RosterJoin(mirror: mirror, roster: roster)
        for (place, row) in roster.users.enumerated() where row.managed && row.status != .removed {
            guard parts.indices.contains(Int(row.access)), !parts[Int(row.access)].isEmpty else { continue }
            let person = join.personOfUser[place]
            let rules = person == RosterJoin.none ? [] : explainer.matches(person)
            let signIn = lastSignIn(row, person)
            for (number, part) in parts[Int(row.access)].enumerated() {
                try body(
                    ReviewedAccess(
                        target: settings.name, key: roster.key(of: place), user: row.user,
                        email: roster.email(of: place), name: roster.texts[row.name], status: row.status, part: part,
                        isPrivileged: privileged[Int(row.access)][number], given: given(part, place, rules),
                        userSince: row.since, lastSignIn: signIn, use: use(row, signIn, staleSeconds)))
            }
        }
    }

    private func lastSignIn(_ row: UserRow, _ person: UInt32) -> Int64? {
        let directory = person == RosterJoin.none ? Int64.min : mirror.people[Int(person)].lastSignIn
        let last = max(row.lastSignIn, directory)
        return last == Int64.min ? nil : last
    }

    private func use(_ row: UserRow, _ signIn: Int64?, _ staleSeconds: Int64) -> ReviewedAccess.Use {
        let before = input.now.subtractingReportingOverflow(staleSeconds).partialValue
        if let signIn { return signIn <= before ? .stale : .used }
        if row.status == .invited { return row.since <= before ? .neverAccepted : .unknown }
        return .unknown
    }

    private func given(_ part: ManualGrant.Part, _ place: Int, _ rules: [RuleExplanation]) -> ReviewedAccess.Given {
        if let grant = input.roster.details[place]?.manual.first(where: { $0.part == part }) { return .byHand(grant) }
        let giving = rules.filter { $0.givesPart(part) }
        return giving.isEmpty ? .record : .rules(giving)
    }
}

extension RuleExplanation {
    /// Whether the rule gives this part, or would if no other gave as much.
    func givesPart(_ part: ManualGrant.Part) -> Bool {
        switch part {
        case .role(let role, let scope), .grant(let role, let scope):
            gives.contains(.role(role)) && gives.workspaces.first == scope.components.first
        case .template(let name): gives.contains(.template(name))
        case .switchOn(let name): gives.contains(.switchOn(name))
        case .permission(let area, _): rule.gift.permissions.contains { $0.area == area }
        }
    }
}
