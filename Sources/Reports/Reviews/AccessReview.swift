import AccessModel
package import MappingLanguage
package import Reconciliation

/// An access review: everything that managed users have, what is privileged first.
package struct AccessReview: Sendable {
    /// One thing that somebody has.
    package struct Row: Sendable {
        package var item: ReviewedAccess
        /// Since when the person has it, seconds since 1970; when they became a user where nothing earlier is known.
        package var since: Int64

        package init(_ item: ReviewedAccess, since: Int64) {
            self.item = item
            self.since = since
        }

        /// Why the person has it, in one line.
        package var why: String {
            switch item.given {
            case .rules(let rules): rules.map(\.reviewLine).joined(separator: "; ")
            case .byHand(let grant):
                "by hand, by \(grant.by)\(grant.until.map { " until \(Timestamp.end($0))" } ?? ""): \(grant.reason)"
            case .record: "no rule gives it today"
            }
        }

        /// The facts of `Listing.review`, the columns to be signed empty.
        package var cells: [Cell] {
            short + [
                .text(item.given.name), .text(item.key.directory), .text("\(item.key.id)"),
                .text(item.part.canonicalText), .text(item.code), .text(""), .text(""), .text(""), .text(""),
            ]
        }

        /// The facts of `Listing.reviewForPeople`.
        package var short: [Cell] {
            [
                .text(item.target), .text(item.email), .text(item.name), .text(item.part.words),
                .truth(item.isPrivileged), .text(item.use.rawValue), .text(item.status.rawValue), .text(why),
                .time(since), .optional(item.lastSignIn),
            ]
        }
    }

    package private(set) var rows: [Row]
    /// The last run, as of which everything is; nil before the first.
    package var run: Int64?
    /// When the review was written, seconds since 1970.
    package var time: Int64
    /// How long without a sign-in makes access stale: `90d`.
    package var staleAfter: String
    package var version: String

    /// Puts what is privileged first, then sorts by target, email and what it is.
    package init(_ rows: [Row], run: Int64?, time: Int64, staleAfter: String, version: String) {
        self.run = run
        self.time = time
        self.staleAfter = staleAfter
        self.version = version
        self.rows = rows.enumerated().sorted { left, right in
            let (one, other) = (left.element.item, right.element.item)
            if one.isPrivileged != other.isPrivileged { return one.isPrivileged }
            if one.target != other.target { return precedes(one.target, other.target) }
            if one.email != other.email { return precedes(one.email, other.email) }
            return left.offset < right.offset
        }.map(\.element)
    }
}

extension RuleExplanation {
    /// ``rule `Desk` (mappings/vivi.yaml:14), group leads → all``.
    fileprivate var reviewLine: String {
        let ways = condition.ways.map { $0.joined(separator: " → ") }
        let noun = ways.count == 1 ? "group" : "groups"
        return label + (ways.isEmpty ? "" : ", \(noun) \(ways.joined(separator: ", "))")
    }
}

extension ConditionTrace {
    /// The chains of the groups by which the condition is met.
    package var ways: [[String]] {
        guard isMet else { return [] }
        let word = "not "
        let mine = chain.isEmpty || text.utf8.starts(with: word.utf8) ? [] : [chain]
        return mine + parts.flatMap(\.ways)
    }
}

extension Listing {
    private static let reviewed = [
        Column("target", "target"), Column("email", "email"), Column("name", "name"), Column("access", "has"),
        Column("privileged", "privileged"), Column("use", "use"), Column("status", "status"), Column("why", "why"),
        Column("since", "since"), Column("last_sign_in", "last sign-in"),
    ]

    /// For people at a terminal.
    package static let reviewForPeople = Listing(
        format: "rollcall.review/1", noun: "thing to look at", nouns: "things to look at", plural: "review",
        columns: reviewed)

    /// To be signed, and for programs.
    package static let review = Listing(
        format: "rollcall.review/1", noun: "thing to look at", nouns: "things to look at", plural: "review",
        columns: reviewed + [
            Column("given", "given"), Column("directory", "directory"), Column("id", "id"), Column("part", "part"),
            Column("code", "code"), Column("decision", "decision"), Column("reviewer", "reviewer"),
            Column("date", "date"), Column("comment", "comment"),
        ])
}
