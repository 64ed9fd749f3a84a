import AccessModel
import Diagnostics
import Reconciliation
import Reports
import SyncAgent

/// What taking over a platform's users did, or would do.
struct AdoptionOutput {
    /// Accounts of one kind shown to people.
    private static let shownAtMost = 50

    private let result: AdoptionResult

    init(_ result: AdoptionResult) { self.result = result }

    func write(_ options: ReportOptions) throws {
        switch options.format {
        case .text: try Output.data(text(options))
        case .json: try Output.data(AdoptionJSON(result).bytes)
        }
    }

    private func text(_ options: ReportOptions) -> [UInt8] {
        var page = TextPage(style: options.style)
        page.line(
            Span("\(result.plan.target): ", .strong),
            "\(Counted.text(result.accounts.count, "account")): \(result.sentence)")
        if let found { page.line("\(found)", indent: 2) }
        if result.hasPulled { page.line("the roster had no mirror, so the directories were read", indent: 2) }
        if result.removed > 0 {
            page.line("\(Counted.text(result.removed, "line")) of removed users left out", indent: 2)
        }
        if !result.ignoredColumns.isEmpty {
            page.line("not looked at: \(result.ignoredColumns.map { "`\($0)`" }.joined(separator: ", "))", indent: 2)
        }
        let most = options.showsAll ? Int.max : AdoptionOutput.shownAtMost
        unmatched(.unmanaged, "Unmanaged: they count in seats, are shown, and are never changed", most, &page)
        unmatched(.setAside, "Set aside: nothing is written about them", most, &page)
        future(most, &page)
        extras(most, &page)
        seats(&page)
        end(&page)
        return page.bytes
    }

    /// `found by account id 2, by email 3`.
    private var found: String? {
        let words = AccountOutcome.Match.allCases.compactMap { match -> String? in
            let count = result.outcomes.count { $0.match == match && !$0.isUnmatched }
            return count > 0 ? "\(match.words) \(Counted.number(count))" : nil
        }
        return words.isEmpty ? nil : "found \(words.joined(separator: ", "))"
    }

    private func unmatched(
        _ standing: AccountOutcome.Standing, _ title: String, _ most: Int, _ page: inout TextPage
    ) {
        let accounts = result.accounts(standing)
        guard !accounts.isEmpty else { return }
        page.blank()
        page.line(Span(title, .strong), indent: 2)
        page.columns(
            accounts.prefix(most).map { account, outcome in
                [Span("line \(account.line)"), Span(account.email), Span(outcome.why)]
            }, indent: 4)
        rest(accounts.count - most, &page)
    }

    private func future(_ most: Int, _ page: inout TextPage) {
        let accounts = result.future
        guard !accounts.isEmpty else { return }
        page.blank()
        page.line(Span("With a sign-in that is still to come, which is not used", .strong), indent: 2)
        page.columns(
            accounts.prefix(most).map { account in
                [
                    Span("line \(account.line)"), Span(account.email),
                    Span(account.lastSignIn.map(Timestamp.text) ?? ""),
                ]
            }, indent: 4)
        rest(accounts.count - most, &page)
    }

    private func extras(_ most: Int, _ page: inout TextPage) {
        let people = zip(result.accounts, result.outcomes).filter { !$1.extras.isEmpty }
        guard !people.isEmpty else { return }
        page.blank()
        page.line(Span("Access that no rule gives, \(result.extras.words)", .strong), indent: 2)
        page.columns(
            people.prefix(most).map { account, outcome in
                [Span(account.email), Span(outcome.extras.map(\.access.sentence).joined(separator: "; "))]
            }, indent: 4)
        rest(people.count - most, &page)
    }

    private func rest(_ count: Int, _ page: inout TextPage) {
        if count > 0 { page.line("… and \(Counted.number(count)) more; --all shows them", indent: 4) }
    }

    private func seats(_ page: inout TextPage) {
        let rows = result.plan.ledger.filter { $0.heldBefore != $0.heldAfter || $0.heldAfter > $0.pool.limit }
        guard !rows.isEmpty else { return }
        page.blank()
        page.line(Span("Seats", .strong), indent: 2)
        for row in rows {
            let over = row.heldAfter > row.pool.limit
            page.line(
                Span(
                    "\(row.pool.name): \(Counted.number(row.heldAfter)) of \(Counted.number(row.pool.limit)) held, "
                        + "\(Counted.number(row.heldBefore)) before"
                        + (over ? "; nobody is thrown out for it" : ""), over ? .alarm : .plain), indent: 4)
        }
    }

    private func end(_ page: inout TextPage) {
        if let path = result.unmatchedPath {
            page.blank()
            page.line("lines without a person: \(path)", indent: 2)
            page.line("fill in `person` (id, login or email) and import that file", indent: 2)
        }
        switch result.ending {
        case .planned: page.line("nothing has been written")
        case .declined: page.line("stopped: nothing has been written")
        case .applied: page.line("run \(result.record.number); `rollcall plan` shows what the next run would change")
        }
    }
}

extension AccountOutcome.Match {
    /// How an account was found to be somebody's.
    fileprivate var words: String {
        switch self {
        case .id: "by immutable id"
        case .person: "as filled in"
        case .account: "by account id"
        case .email: "by email"
        case .alias: "by alias"
        case .before: "by an earlier import"
        }
    }
}

extension ExtraAccess {
    /// What becomes of it.
    fileprivate var words: String {
        switch self {
        case .report: "which stays and is told"
        case .keep: "which stays as given by hand"
        case .takeBack: "which the next run takes back"
        }
    }
}
