import AccessModel
import DirectoryModel

extension Reconciler {
    /// The plan of adopting the accounts of a platform: those that are surely somebody's become users as they are,
    /// the others are noted as unmanaged.
    ///
    /// Nobody is invited, suspended or changed by it: what differs from the rules is the next run's, under its guards.
    package func adopt(_ input: AdoptionInput) -> Adoption {
        let sorting = AccountSorting(input)
        var writer = AdoptionWriter(settings: settings, input: input)
        let outcomes = writer.write(sorting.decisions)
        return Adoption(plan: writer.plan, outcomes: outcomes)
    }

    /// Joins an unmanaged user of the roster with the person whom a human names.
    ///
    /// `account` is the account id or the email of the unmanaged user; nil where the roster has none of them.
    package func link(account: String, person: String, _ input: AdoptionInput) -> Adoption? {
        let roster = input.reconcile.roster
        guard let place = AccountSorting.unmanaged(account, input) else { return nil }
        let row = roster.users[place]
        let known = input.known.first { $0.user == row.user }?.account ?? ""
        let access = Int(row.access) < roster.accesses.count ? roster.accesses[Int(row.access)] : .none
        var found = PlatformAccount(
            line: 0, account: known, email: roster.email(of: place), status: row.status, access: access)
        found.person = person
        found.since = row.since
        found.lastSignIn = row.lastSignIn == Int64.min ? nil : row.lastSignIn
        var input = input
        input.accounts = [found]
        return adopt(input)
    }
}

extension AccountSorting {
    /// The place in the roster of the unmanaged user with this account id or email.
    static func unmanaged(_ text: String, _ input: AdoptionInput) -> Int? {
        let roster = input.reconcile.roster
        let numbers = input.known.filter { ExactText($0.account) == ExactText(text) }.map(\.user)
        let places = roster.users.indices.filter { !roster.users[$0].managed && roster.users[$0].status != .removed }
        if let place = places.first(where: { numbers.contains(roster.users[$0].user) }) { return place }
        return Array(text.utf8).withUnsafeBufferPointer { text in
            roster.texts.bytes.withUnsafeBufferPointer { texts in
                places.first { EmailFold.same(text, Planning.slice(texts, roster.users[$0].email)) }
            }
        }
    }
}
