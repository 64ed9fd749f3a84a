import AccessModel
import DirectoryModel

/// Settles who may have an email that somebody newly claims: whoever has it keeps it, of two newcomers nobody gets it,
/// a disabled person contests none, and whoever moves away from one frees it first.
struct EmailContest {
    /// What became of a claim.
    enum Verdict: UInt8 { case granted, collides, dropped }

    /// Chains of claims by hash: `heads` by bucket, `next` by claim.
    private var heads: [UInt32]
    private var next: [UInt32]
    private let mask: Int
    private let claims: [Claim]
    private(set) var verdicts: [Verdict]
    /// By claim, who is in its way; the first that was found.
    private(set) var rivals: [Int: Rival] = [:]

    /// Somebody who has or claims the same email.
    enum Rival: Equatable {
        /// Place among the claims.
        case claim(Int)
        /// Place in the roster.
        case user(UInt32)
    }

    struct Claim {
        var caseIndex: Int
        var user: UInt32
        var hash: UInt64
        var start: UInt32
        var length: UInt32
        var isDisabled: Bool
        /// Another spelling of the email that the user has.
        var isOwn = false
    }

    init(_ claims: [Claim]) {
        self.claims = claims
        var size = 16
        while size < claims.count * 2 { size *= 2 }
        mask = size - 1
        heads = [UInt32](repeating: UInt32.max, count: size)
        next = [UInt32](repeating: UInt32.max, count: claims.count)
        verdicts = [Verdict](repeating: .granted, count: claims.count)
        for (index, claim) in claims.enumerated() {
            let bucket = Int(truncatingIfNeeded: claim.hash) & mask
            next[index] = heads[bucket]
            heads[bucket] = UInt32(truncatingIfNeeded: index)
        }
    }

    /// `releases` says of a user, by place in the roster, whether they give up their email tonight if their own claim is granted: the claim's place, -1 for always, nil for never.
    mutating func settle(
        arena: UnsafeBufferPointer<UInt8>, roster: TargetRoster, releases: (UInt32) -> Int?
    ) {
        let scan = PersonScan(arena: arena)
        settleRivals(scan)
        var dependents: [Int: [Int]] = [:]
        var failed: [Int] = []
        roster.texts.bytes.withUnsafeBufferPointer { texts in
            for place in roster.users.indices where roster.users[place].status != .removed {
                let email = Planning.slice(texts, roster.users[place].email)
                if email.isEmpty { continue }
                let hash = EmailFold.hash(email)
                var index = heads[Int(truncatingIfNeeded: hash) & mask]
                while index != UInt32.max {
                    let claim = claims[Int(index)]
                    if claim.hash == hash, claim.user != UInt32(truncatingIfNeeded: place),
                        EmailFold.same(scan.bytes(Int(claim.start), Int(claim.length)), email)
                    {
                        let user = UInt32(truncatingIfNeeded: place)
                        switch releases(user) {
                        case .some(let other) where other >= 0 && verdicts[other] == .granted:
                            dependents[other, default: []].append(Int(index))
                            rivals[Int(index)] = rivals[Int(index)] ?? .user(user)
                        case .some(let other) where other < 0: break
                        default:
                            failed.append(Int(index))
                            rivals[Int(index)] = rivals[Int(index)] ?? .user(user)
                        }
                    }
                    index = next[Int(index)]
                }
            }
        }
        for claim in claims.indices where verdicts[claim] != .granted { failed += dependents[claim] ?? [] }
        while let claim = failed.popLast() {
            guard verdicts[claim] == .granted else { continue }
            refuse(claim)
            failed += dependents[claim] ?? []
        }
    }

    /// Of several newcomers nobody gets the email; disabled people do not count, and who has it keeps it.
    ///
    /// Each email is settled once, however many claim it.
    private mutating func settleRivals(_ scan: PersonScan) {
        for bucket in heads.indices where heads[bucket] != UInt32.max && next[Int(heads[bucket])] != UInt32.max {
            for claimants in claimants(in: bucket, scan) where claimants.count > 1 { settle(claimants) }
        }
    }

    /// Claims of one bucket by email, each ascending.
    private func claimants(in bucket: Int, _ scan: PersonScan) -> [[Int]] {
        var found: [[Int]] = []
        var index = heads[bucket]
        while index != UInt32.max {
            let claim = claims[Int(index)]
            let mine = scan.bytes(Int(claim.start), Int(claim.length))
            let known = found.firstIndex { others in
                guard let other = others.first.map({ claims[$0] }), other.hash == claim.hash else { return false }
                return EmailFold.same(scan.bytes(Int(other.start), Int(other.length)), mine)
            }
            if let known { found[known].append(Int(index)) } else { found.append([Int(index)]) }
            index = next[Int(index)]
        }
        return found.map { $0.reversed() }
    }

    /// Refuses everybody with a rival: the first other claimant, for enabled people the first enabled one.
    private mutating func settle(_ claimants: [Int]) {
        let enabled = claimants.filter { !claims[$0].isDisabled }
        for index in claimants where !claims[index].isOwn {
            let others = claims[index].isDisabled ? claimants : enabled
            guard let rival = others.first == index ? others.dropFirst().first : others.first else { continue }
            rivals[index] = .claim(rival)
            refuse(index)
        }
    }

    private mutating func refuse(_ claim: Int) {
        verdicts[claim] = claims[claim].isDisabled ? .dropped : .collides
    }
}

extension Planning {
    /// Grants or refuses every newly claimed email.
    mutating func contestEmails() {
        let leaving = usersToRemove()
        let claims = emailClaims(leaving)
        if claims.isEmpty { return }
        var claimOfUser: [UInt32: Int] = [:]
        for (index, claim) in claims.enumerated() where claim.user != RosterJoin.none && !isJoiner(claim) {
            // Another spelling of one's own email gives it up to nobody.
            // Nor does somebody about whom nothing is decided.
            let isUnread = cases[claim.caseIndex].flags.contains(.unread)
            if !claim.isOwn, !isUnread { claimOfUser[claim.user] = index }
        }
        var contest = EmailContest(claims)
        input.mirror.arena.withUnsafeBufferPointer { arena in
            contest.settle(arena: arena, roster: input.roster) { user in
                leaving.contains(user) ? -1 : claimOfUser[user]
            }
        }
        let others = contest.rivals.mapValues { name(of: $0, among: claims) }
        var refused: Set<Int> = []
        for (index, verdict) in contest.verdicts.enumerated() where verdict != .granted {
            let place = claims[index].caseIndex
            cases[place].flags.remove(.emailChanges)
            if verdict == .dropped { continue }
            cases[place].flags.insert(.collides)
            if cases[place].flags.contains(.joiner) {
                refused.insert(place)
                setAside.insert(cases[place].person)
                addCollision(cases[place], with: others[index])
            } else {
                freeze(place, for: others[index])
            }
        }
        dropCases(refused)
    }

    /// Both have the same email, so logins or DNs tell them apart.
    private mutating func addCollision(_ item: PersonCase, with other: String?) {
        let (message, hint) = Quarantine.collision.words
        let mine = distinction(of: item.person)
        findings.append(
            Finding(
                code: Quarantine.collision.code, weight: .warning, person: key(of: item),
                label: mine.map { "\(label(of: item)) (\($0))" } ?? label(of: item),
                message: other.map { "\($0) has or claims the same email, so the person is set aside" } ?? message,
                hint: other.flatMap(Planning.hintForCollision) ?? hint))
    }

    /// What to do where the email is not the directory's to change.
    private static func hintForCollision(with other: String) -> String? {
        switch other {
        case unmanagedAccount: "say whose it is with `rollcall link`"
        case absentUser:
            "if it is the same person under a new id, `rollcall rekey --map`; if not, `remove_after` frees the email of who has left"
        default: nil
        }
    }

    private static let absentUser = "a user who is not in the directory"
    private static let unmanagedAccount = "an unmanaged account of the platform"

    private func name(of rival: EmailContest.Rival, among claims: [EmailContest.Claim]) -> String {
        let person: UInt32
        switch rival {
        case .claim(let place): person = cases[claims[place].caseIndex].person
        case .user(let user):
            if !input.roster.users[Int(user)].managed { return Planning.unmanagedAccount }
            person = join.personOfUser[Int(user)]
        }
        return distinction(of: person) ?? Planning.absentUser
    }

    /// Login, else DN; nil for somebody who is not in the mirror.
    private func distinction(of person: UInt32) -> String? {
        guard person != RosterJoin.none else { return nil }
        let record = input.mirror.record(PersonIndex(person))
        return record.text(.login) ?? record.text(.dn)
    }

    private func isJoiner(_ claim: EmailContest.Claim) -> Bool { cases[claim.caseIndex].flags.contains(.joiner) }

    /// Whether somebody only spells their email anew.
    private func isOwn(_ item: PersonCase) -> Bool {
        if item.flags.contains(.joiner) { return false }
        return input.mirror.arena.withUnsafeBufferPointer { arena in
            input.roster.texts.bytes.withUnsafeBufferPointer { texts in
                let email = Planning.slice(texts, input.roster.users[Int(item.user)].email)
                let claim = PersonScan(arena: arena).bytes(Int(item.emailStart), Int(item.emailLength))
                return EmailFold.same(claim, email)
            }
        }
    }

    /// Who is removed tonight claims no email any more.
    private func emailClaims(_ leaving: Set<UInt32>) -> [EmailContest.Claim] {
        var claims: [EmailContest.Claim] = []
        for (index, item) in cases.enumerated() where item.flags.contains(.emailChanges) {
            if !item.flags.contains(.joiner), leaving.contains(item.user) { continue }
            claims.append(
                EmailContest.Claim(
                    caseIndex: index, user: item.user, hash: item.emailHash, start: item.emailStart,
                    length: item.emailLength, isDisabled: item.flags.contains(.disabled), isOwn: isOwn(item)))
        }
        return claims
    }

    /// Somebody who already is a user: stays as is, but for an explicit disabled flag.
    private mutating func freeze(_ place: Int, for other: String?) {
        cases[place].flags.insert(.frozen)
        cases[place].flags.remove([.emailChanges, .nameChanges])
        let isDisabled = cases[place].flags.contains(.disabled)
        observations[place] = isDisabled ? Observation(disabled: true) : .nothing
        addCollision(cases[place], with: other)
    }

    /// Takes cases of newcomers out; they stand behind all users, so the places of users stay.
    mutating func dropCases(_ refused: Set<Int>) {
        if refused.isEmpty { return }
        var kept: [PersonCase] = []
        kept.reserveCapacity(cases.count - refused.count)
        for (index, item) in cases.enumerated() where !refused.contains(index) { kept.append(item) }
        cases = kept
    }
}
