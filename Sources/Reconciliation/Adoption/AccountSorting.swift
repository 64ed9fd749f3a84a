import AccessModel
import DirectoryModel

/// Decides what becomes of each account: whose it is, whether the roster has that user already, and what stands in the way.
struct AccountSorting {
    /// What there is to do about an account.
    struct Decision {
        var outcome: AccountOutcome
        /// Place in the mirror of the person found.
        var person: UInt32?
        /// Place in the roster of the user: the managed one, or the row of somebody removed who comes back.
        var user: Int?
        /// Place in the roster of the unmanaged user that the account was so far.
        var unmanaged: Int?
    }

    private let input: AdoptionInput
    private let join: RosterJoin
    private(set) var decisions: [Decision] = []
    private var placeOfAccount: [ExactText: Int] = [:]
    private var accountOfPlace: [Int: String] = [:]
    /// Users not removed by the hash of their email.
    private var emails: [UInt64: [Int]] = [:]

    private var roster: TargetRoster { input.reconcile.roster }
    private var mirror: Mirror { input.reconcile.mirror }

    init(_ input: AdoptionInput) {
        self.input = input
        join = RosterJoin(mirror: input.reconcile.mirror, roster: input.reconcile.roster)
        indexRoster()
        let matching = AccountMatching(mirror, for: input.accounts)
        for account in input.accounts { decisions.append(decide(account, matching)) }
        refuseSharedPeople()
        refuseTakenEmails()
    }

    private mutating func indexRoster() {
        var places: [Int64: Int] = [:]
        roster.texts.bytes.withUnsafeBufferPointer { texts in
            for (place, row) in roster.users.enumerated() {
                places[row.user] = place
                if row.status == .removed { continue }
                emails[EmailFold.hash(Planning.slice(texts, row.email)), default: []].append(place)
            }
        }
        for known in input.known {
            guard let place = places[known.user] else { continue }
            placeOfAccount[ExactText(known.account)] = place
            accountOfPlace[place] = known.account
        }
    }

    private func decide(_ account: PlatformAccount, _ matching: AccountMatching) -> Decision {
        let before = account.account.isEmpty ? nil : placeOfAccount[ExactText(account.account)]
        if let before, roster.users[before].managed, roster.users[before].status != .removed {
            var outcome = AccountOutcome(.known, match: .before, person: roster.key(of: before))
            outcome.label = roster.email(of: before)
            return Decision(outcome: outcome, user: before)
        }
        let unmanaged = before.flatMap { roster.users[$0].managed ? nil : $0 } ?? unmanagedUser(account)
        switch matching.match(account) {
        case .nobody(let why):
            return Decision(outcome: .refused(.unmanaged, why), unmanaged: unmanaged)
        case .person(let person, let match):
            return decide(account, person, match, unmanaged)
        }
    }

    private func decide(
        _ account: PlatformAccount, _ person: UInt32, _ match: AccountOutcome.Match, _ unmanaged: Int?
    ) -> Decision {
        let place = join.userOfPerson[Int(person)]
        let user = place == RosterJoin.none ? nil : Int(place)
        var outcome = AccountOutcome(unmanaged == nil ? .adopted : .linked, match: match)
        outcome.person = mirror.key(of: Int(person))
        outcome.label = mirror.label(of: Int(person))
        if let user, roster.users[user].status != .removed {
            if let other = accountOfPlace[user], !account.account.isEmpty {
                let why = "\(outcome.label) has the account `\(other)` on this target already"
                return Decision(outcome: .refused(.unmanaged, why), unmanaged: unmanaged)
            }
            if unmanaged != nil {
                let why = "\(outcome.label) is a user of this target already, by another account"
                return Decision(outcome: .refused(.unmanaged, why), unmanaged: unmanaged)
            }
            outcome.standing = .known
        }
        return Decision(outcome: outcome, person: person, user: user, unmanaged: unmanaged)
    }

    /// The unmanaged user with the account's email; accounts of another id do not count.
    private func unmanagedUser(_ account: PlatformAccount) -> Int? {
        holders(of: account.email).first { place in
            guard !roster.users[place].managed else { return false }
            return account.account.isEmpty || accountOfPlace[place] == nil
        }
    }

    /// Two accounts of one person: nobody can tell which of them to keep in step.
    private mutating func refuseSharedPeople() {
        var accounts: [UInt32: [Int]] = [:]
        for (place, decision) in decisions.enumerated() {
            guard let person = decision.person ?? decision.user.map({ join.personOfUser[$0] }) else { continue }
            if person != RosterJoin.none { accounts[person, default: []].append(place) }
        }
        for places in accounts.values where places.count > 1 {
            for place in places where decisions[place].outcome.match != .before {
                let others = places.filter { $0 != place }.map { "\(input.accounts[$0].line)" }.joined(separator: ", ")
                let why = "\(decisions[place].outcome.label) is found for line \(others) too"
                decisions[place] = Decision(
                    outcome: .refused(.unmanaged, why), unmanaged: decisions[place].unmanaged)
            }
        }
    }

    /// An email is one user's: whoever has it on the roster keeps it.
    private mutating func refuseTakenEmails() {
        for (place, decision) in decisions.enumerated() where decision.outcome.standing != .known {
            let others = holders(of: input.accounts[place].email).filter {
                $0 != decision.unmanaged && $0 != decision.user
            }
            guard let other = others.first else { continue }
            let who = roster.users[other].managed ? "another user" : "another unmanaged user"
            decisions[place] = Decision(outcome: .refused(.setAside, "\(who) of this target has this email"))
        }
    }

    private func holders(of email: String) -> [Int] {
        Array(email.utf8).withUnsafeBufferPointer { email in
            roster.texts.bytes.withUnsafeBufferPointer { texts in
                (emails[EmailFold.hash(email)] ?? []).filter {
                    EmailFold.same(email, Planning.slice(texts, roster.users[$0].email))
                }
            }
        }
    }
}
