import DirectoryModel

/// Finds whose an account is: by the immutable id, by whom a human named, by the account id, the email or an alias.
///
/// Whatever points at two people, or at another person than something else does, matches nobody.
struct AccountMatching {
    enum Result: Equatable {
        /// Place in the mirror.
        case person(UInt32, AccountOutcome.Match)
        /// Why nobody.
        case nobody(String)
    }

    let mirror: Mirror
    private let index: PeopleIndex

    init(_ mirror: Mirror, for accounts: [PlatformAccount]) {
        self.mirror = mirror
        index = PeopleIndex(mirror, for: accounts)
    }

    func match(_ account: PlatformAccount) -> Result {
        if !account.person.isEmpty { return named(account.person) }
        if let id = account.id {
            return one(index.people(with: id), .id) ?? .nobody("nobody in the directory has the id `\(id)`")
        }
        let mail = byEmail(account)
        guard let own = byAccount(account) else {
            return mail ?? .nobody("nobody in the directory has this email, alias or account id")
        }
        if case .person(let person, _) = own, case .person(let other, let match) = mail, person != other {
            return .nobody(
                "the account id is that of \(label(person)), the \(match.rawValue) that of \(label(other))")
        }
        return own
    }

    /// Whom a human named.
    private func named(_ text: String) -> Result {
        var people = index.people(named: text, in: PeopleIndex.anyName)
        if let id = ImmutableID(text: text) { people += index.people(with: id) }
        return one(Array(Set(people)).sorted(), .person) ?? .nobody("nobody in the directory is `\(text)`")
    }

    private func byAccount(_ account: PlatformAccount) -> Result? {
        guard !account.account.isEmpty else { return nil }
        var people = index.people(named: account.account, in: [.login])
        if let id = ImmutableID(text: account.account) { people += index.people(with: id) }
        return one(Array(Set(people)).sorted(), .account)
    }

    private func byEmail(_ account: PlatformAccount) -> Result? {
        one(index.people(named: account.email, in: [.email]), .email)
            ?? one(index.people(named: account.email, in: [.alias]), .alias)
    }

    private func one(_ people: [UInt32], _ match: AccountOutcome.Match) -> Result? {
        if people.count == 1 { return .person(people[0], match) }
        if people.isEmpty { return nil }
        let names = people.prefix(5).map(label).joined(separator: ", ")
        return .nobody("\(people.count) people of the directory have this \(match.noun): \(names)")
    }

    /// Login or DN, which tell people of one email apart.
    private func label(_ person: UInt32) -> String {
        let record = mirror.record(PersonIndex(person))
        return "`\(record.text(.login) ?? record.text(.dn) ?? mirror.people[Int(person)].id.description)`"
    }
}

extension AccountOutcome.Match {
    /// What several people may have in common.
    var noun: String {
        switch self {
        case .id: "id"
        case .person: "name"
        case .account: "account id"
        case .email: "email"
        case .alias: "alias"
        case .before: "account"
        }
    }
}
