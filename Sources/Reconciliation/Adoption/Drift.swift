package import AccessModel

/// What a platform's list of users tells: only that is compared.
package struct ListedFacts: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let status = ListedFacts(rawValue: 1 << 0)
    package static let roles = ListedFacts(rawValue: 1 << 1)
    package static let templates = ListedFacts(rawValue: 1 << 2)
    package static let grants = ListedFacts(rawValue: 1 << 3)
    package static let permissions = ListedFacts(rawValue: 1 << 4)
}

/// One thing that is otherwise on the platform than on the roster.
package struct DriftItem: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// A user of the roster whom the platform's list does not have.
        case missing
        /// An account that the roster does not know.
        case unknown
        case status, email, role, template
        case switched = "switch"
        case grant, permission
    }

    package var kind: Kind
    package var email: String
    package var account: String
    package var managed: Bool
    package var scope: ScopePath
    /// What it is about: a template, a switch, an area; empty otherwise.
    package var name: String
    /// Nil where there is nothing.
    package var roster: String?
    package var platform: String?
    /// Line of the list; 0 where the list has none.
    package var line: Int
}

/// Everything that drift is looked for in.
package struct DriftInput: Sendable {
    package var accounts: [PlatformAccount]
    package var known: [KnownAccount]
    package var roster: TargetRoster
    package var told: ListedFacts
    /// Switches that the list has a column for.
    package var switches: Set<String>

    package init(
        accounts: [PlatformAccount], known: [KnownAccount], roster: TargetRoster, told: ListedFacts,
        switches: Set<String>
    ) {
        self.accounts = accounts
        self.known = known
        self.roster = roster
        self.told = told
        self.switches = switches
    }
}

extension Reconciler {
    /// What somebody changed on the platform without the roster: sorted by email, then kind; nothing is written.
    package func drift(_ input: DriftInput) -> [DriftItem] {
        var comparison = DriftComparison(settings: settings, input: input)
        comparison.compare()
        return comparison.items.sorted { left, right in
            if left.email != right.email { return precedes(left.email, right.email) }
            if left.kind != right.kind { return left.kind.place < right.kind.place }
            return left.scope == right.scope ? precedes(left.name, right.name) : left.scope < right.scope
        }
    }
}

extension DriftItem.Kind {
    fileprivate var place: Int { DriftItem.Kind.allCases.firstIndex(of: self) ?? 0 }
}
