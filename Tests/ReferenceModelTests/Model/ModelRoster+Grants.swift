/// Access that humans give and take back beside the directory.
extension ModelRoster {
    /// Gives one part; false when refused.
    ///
    /// Who is no user is invited with it.
    mutating func grant(
        _ grant: ModelGrant, to person: String, directory: ModelDirectory, target: ModelTarget, now: Int64
    ) -> Bool {
        var user = users[person] ?? ModelUser(email: "", status: .removed)
        if user.status == .removed {
            guard user.causes[.manual] == nil, let email = freeEmail(person, directory, target) else { return false }
            user = ModelUser(email: email, status: target.activatesNewUsers ? .active : .invited)
            user.lastSignIn = users[person]?.lastSignIn
            user.since = now
        }
        if grant.isOver(now) { return false }
        if case .template(let name) = grant.part, target.platform.hasOneTemplate {
            let others = user.manual.contains {
                if case .template(let other) = $0.part { other != name } else { false }
            }
            if others { return false }
        }
        let had = users[person].map { target.seats($0.access, $0.status) } ?? []
        user.manual.removeAll { $0.part == grant.part }
        user.manual.append(grant)
        user.access = user.access.with(user.manual.map(\.part), target.platform)
        target.giveBack(&user)
        let needed = target.seats(user.access, user.status).subtracting(had)
        guard needed.allSatisfy({ held($0, target) < limit($0, target) }) else { return false }
        write(user, person, target)
        return true
    }

    /// Writes down what an act made of somebody; what an access permits that somebody has is left to the next run.
    private mutating func write(_ user: ModelUser, _ person: String, _ target: ModelTarget) {
        let isHad = users.values.contains { $0.status != .removed && $0.access == user.access }
        users[person] = user
        if !isHad || permits[user.access] == nil { permits[user.access] = target.talks(user.access) }
        line.removeAll { $0.person == person && user.access.roles[$0.scope] == $0.role }
    }

    /// The email somebody would be invited by; nil for who is not there, disabled, unreadable or without a free one.
    private func freeEmail(_ person: String, _ directory: ModelDirectory, _ target: ModelTarget) -> String? {
        guard directory.isThere(person), let entry = directory.people[person], !entry.isDisabled, !entry.isUnreadable,
            let email = target.usableEmails(entry).first
        else { return nil }
        let isTaken = users.values.contains { $0.status != .removed && $0.email.lowercased() == email.lowercased() }
        return isTaken ? nil : email
    }

    /// Takes one part back; false when refused.
    ///
    /// What rules give in its place stays as far as the person has as much, and the seats, already.
    mutating func revoke(_ part: ModelPart, from person: String, rules: ModelDesire, target: ModelTarget) -> Bool {
        guard let old = users[person], old.status != .removed, old.manual.contains(where: { $0.part == part }) else {
            return false
        }
        var user = old
        user.manual.removeAll { $0.part == part }
        user.access = user.access.without([part])
        let held = target.seats(old.access, old.status)
        for rest in user.manual.map(\.part) + rules.parts(besides: part)
        where target.platform.hasAsMuch(old.access, as: rest) {
            let more = user.access.with([rest], target.platform)
            if target.seats(more, user.status).isSubset(of: held) { user.access = more }
        }
        // An assistant's role has no effect without the role that it goes with.
        user.access = user.access.with([], target.platform)
        target.giveBack(&user)
        for role in old.access.roles.values where !user.access.roles.values.contains(role) {
            let before = holders(role, target)
            if before.contains(person), before.count - 1 < target.floor(role) { return false }
        }
        write(user, person, target)
        return true
    }
}

extension ModelDesire {
    /// What rules give where a part stands: the role in its scope, the templates, the same switch or assistant.
    func parts(besides part: ModelPart) -> [ModelPart] {
        switch part {
        case .role(_, let scope): claims[scope].map { [.role($0.role, scope: scope)] } ?? []
        case .template: templates.sorted().map { .template($0) }
        case .switchOn(let name): switches.contains(name) ? [part] : []
        case .assistant(let path): claims.values.contains { $0.grants.contains(path) } ? [part] : []
        }
    }
}

extension ModelPlatform {
    /// Whether a role is no higher than one that somebody has there, or around it; other parts always are.
    func hasAsMuch(_ access: ModelAccess, as part: ModelPart) -> Bool {
        guard case .role(let role, let scope) = part else { return true }
        if let held = access.roles[scope], rank(held) <= rank(role) { return true }
        return scope != "" && access.roles[""].map { covers($0, role) } ?? false
    }
}

extension ModelTarget {
    /// Who is on leave, or was too long away, gives the seat back, where leaving its scope frees it.
    func giveBack(_ user: inout ModelUser) {
        let gives = leave?.releasesSeat == true && user.causes[.leave] != nil || user.causes[.reclaimed] != nil
        guard user.status == .suspended, gives, platform.isFreedByLeaving else { return }
        for scope in seats(user.access, .suspended) where user.access.roles[scope] != nil {
            user.access.grants.subtract(user.access.grants(in: scope))
            user.access.roles[scope] = nil
        }
        if user.access.roles.isEmpty { user.access = ModelAccess() }
    }

    /// Emails of somebody that could be used, in order.
    func usableEmails(_ person: ModelDirectory.Person) -> [String] {
        person.emails.filter { email in
            guard email.contains("@") else { return false }
            return emailDomain.map { email.lowercased().hasSuffix("@" + $0) } ?? true
        }.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
    }
}
