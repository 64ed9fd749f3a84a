/// Why a user is, or may soon be, suspended.
package enum CauseKind: Sendable, Hashable, Comparable {
    case disabled
    case missing
    case outOfScope
    case unmapped
    case inactive
    case manual
    /// The seat was taken back from somebody inactive.
    case reclaimed
    /// One of the policy's own, by its name.
    case own(String)

    /// Those that every policy has; no cause of one's own has the name of one.
    package static let builtIn: [CauseKind] = [
        .disabled, .missing, .outOfScope, .unmapped, .inactive, .manual, .reclaimed,
    ]

    package static func < (left: CauseKind, right: CauseKind) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }
}

extension CauseKind: RawRepresentable {
    /// Nil for the empty text only.
    package init?(rawValue: String) {
        if rawValue.isEmpty { return nil }
        self = CauseKind.builtIn.first { $0.rawValue == rawValue } ?? .own(rawValue)
    }

    /// The name in the configuration, the roster and reports.
    package var rawValue: String {
        switch self {
        case .disabled: "disabled"
        case .missing: "missing"
        case .outOfScope: "out_of_scope"
        case .unmapped: "unmapped"
        case .inactive: "inactive"
        case .manual: "manual"
        case .reclaimed: "reclaimed"
        case .own(let name): name
        }
    }
}

/// A cause that stands.
package struct Cause: Sendable, Equatable {
    package var kind: CauseKind
    /// Seconds since 1970.
    package var since: Int64
    /// Who set it: `run 812`, or the name of a human.
    package var by: String
    /// What the human said; empty for a run.
    package var reason: String

    package init(kind: CauseKind, since: Int64, by: String, reason: String = "") {
        self.kind = kind
        self.since = since
        self.by = by
        self.reason = reason
    }
}

/// A cause that was seen and is not due yet.
package struct PendingCause: Sendable, Equatable {
    package var kind: CauseKind
    /// Seconds since 1970.
    package var firstSeen: Int64
    /// In how many complete runs it was seen, one after the other.
    package var runs: Int

    package init(kind: CauseKind, firstSeen: Int64, runs: Int) {
        self.kind = kind
        self.firstSeen = firstSeen
        self.runs = runs
    }
}
