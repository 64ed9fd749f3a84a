/// Who gets which email: who has it keeps it, of several newcomers none gets it, swaps work.
extension ModelDraft {
    /// Sets aside whoever wants an email that somebody keeps, and all of several newcomers, until nothing changes.
    ///
    /// A disabled person contests nothing: they go without.
    mutating func contestEmails() {
        while true {
            let losers = losers()
            if losers.isEmpty { return }
            for person in losers {
                if night.directory.people[person]?.isDisabled == true {
                    cases[person]?.keepsEmail = true
                    continue
                }
                cases[person]?.isSetAside = true
                cases[person]?.isReturning = false
                live(person)
                follow(person)
            }
        }
    }

    /// Whether somebody asks for an email that they do not have.
    func isMoving(_ person: String) -> Bool {
        guard let item = cases[person], night.directory.isThere(person), !item.isSetAside, !item.keepsEmail,
            !item.isOutside,
            let wanted = wantedEmail(person)
        else { return false }
        if item.isJoining { return true }
        guard let user = item.new, user.status != .removed else { return false }
        return wanted != user.email
    }

    private func losers() -> [String] {
        var keepers: Set<String> = []
        var movers: [String: [String]] = [:]
        for (person, item) in cases {
            if isMoving(person), let wanted = wantedEmail(person) {
                movers[wanted.lowercased(), default: []].append(person)
            } else if let user = item.new, user.status != .removed {
                keepers.insert(user.email.lowercased())
            }
        }
        var losers: [String] = []
        for (email, people) in movers {
            let newcomers = people.filter { !had($0, email) }
            let enabled = newcomers.filter { night.directory.people[$0]?.isDisabled == false }
            if keepers.contains(email) || newcomers.count < people.count || newcomers.count > 1 && enabled.isEmpty {
                losers += newcomers
            } else {
                losers += newcomers.filter { !enabled.contains($0) && !enabled.isEmpty }
                if enabled.count > 1 { losers += enabled }
            }
        }
        return losers
    }

    /// Another spelling of the email that somebody has is not a newcomer's.
    private func had(_ person: String, _ email: String) -> Bool {
        cases[person]?.old.map { $0.status != .removed && $0.email.lowercased() == email } ?? false
    }
}
