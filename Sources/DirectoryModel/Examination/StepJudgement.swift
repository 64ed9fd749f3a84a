/// What the facts of a step mean: the one place where it is decided what is worth a human's time.
package enum StepJudgement {
    /// A certificate that ends so soon is one to renew now.
    package static let certificateDays = 30
    /// Kerberos refuses a larger difference between two clocks, in seconds.
    package static let clockSeconds: Int64 = 300

    package static func ailments(_ facts: StepFacts, at now: Int64) -> [Ailment] {
        switch facts {
        case .name(let facts): servers(facts.faults, of: facts.faults.count + facts.hosts.count)
        case .connection(let facts): connection(facts)
        case .tls(let facts): tls(facts, now)
        case .bind(let facts): bind(facts)
        case .identity(let facts): identity(facts)
        case .server(let facts): server(facts)
        case .bases(let facts): bases(facts)
        case .limits(let facts): limits(facts)
        case .reading(let facts): facts.setAside.isEmpty ? [] : [.setAside(facts.setAside.count)]
        case .people(let facts): people(facts)
        case .groups(let facts): groups(facts)
        case .accounts(let facts): accounts(facts)
        case .ranges: []
        case .changes(let facts): changes(facts)
        case .deleted(let facts): deleted(facts)
        case .clock(let facts): clock(facts)
        case .replica(let facts): replica(facts)
        case .rights(let facts): rights(facts)
        }
    }

    /// One that fails is bad where there is no other, or where it is never passed over.
    private static func servers(_ faults: [ServerFault], of all: Int) -> [Ailment] {
        faults.enumerated().map { place, fault in
            fault.stopsRun || place == 0 && faults.count == all
                ? .failed(fault.cause, fault.failure) : .serverFails(fault)
        }
    }

    private static func connection(_ facts: ConnectionFacts) -> [Ailment] {
        let servers = Set(facts.attempts.filter { $0.reason == nil }.map(\.server))
        return self.servers(facts.faults, of: facts.faults.count + servers.count)
    }

    private static func tls(_ facts: TLSFacts, _ now: Int64) -> [Ailment] {
        let accepted = facts.certificates.filter { $0.version != nil }
        let faults = servers(facts.faults, of: facts.faults.count + (facts.mode == .none ? 1 : accepted.count))
        return faults
            + accepted.compactMap { certificate in
                guard let days = certificate.daysLeft(at: now), days < certificateDays else { return nil }
                return .certificateEnds(server: certificate.server, days: days)
            }
    }

    private static func bind(_ facts: BindFacts) -> [Ailment] {
        switch facts.notice {
        case .passwordExpires(let seconds): [.passwordExpires(seconds: seconds)]
        case .graceLogins(let count): [.graceLogins(count)]
        case nil: []
        }
    }

    private static func identity(_ facts: IdentityFacts) -> [Ailment] {
        if facts.asked == .anonymous { return [.isAnonymous(wasAsked: true)] }
        switch facts.identity {
        case nil: return [.identityNotTold]
        case "": return [.isAnonymous(wasAsked: false)]
        default: return []
        }
    }

    private static func server(_ facts: ServerFacts) -> [Ailment] {
        var found: [Ailment] = []
        if let kind = facts.kind {
            if let configured = facts.configuredKind, configured != kind, !(configured == .freeipa && kind == .ds389) {
                found.append(.otherKind(found: kind, configured: configured))
            }
        } else {
            found.append(.unknownKind)
        }
        if facts.isGlobalCatalog { found.append(.isGlobalCatalog) }
        if facts.kind != nil, !facts.capabilities.contains(.paging) { found.append(.noPaging) }
        return found
    }

    private static func bases(_ facts: BaseFacts) -> [Ailment] {
        facts.bases.compactMap { base in
            switch base.standing {
            case .found: nil
            case .missing(let above): .baseMissing(dn: base.dn, branch: base.branch, above: above)
            case .refused(let code, let text): .baseRefused(dn: base.dn, code: code, text: text)
            }
        }
    }

    private static func limits(_ facts: LimitFacts) -> [Ailment] {
        var found: [Ailment] = []
        for count in facts.counts where count.code != 0 {
            found.append(.limited(count, isOwnWay: (count.pageSize != nil) == facts.runsInPages, facts.holder))
        }
        let whole = facts.counts.filter { $0.code == 0 }.map(\.entries)
        if let first = whole.first, let other = whole.first(where: { $0 != first }) {
            found.append(.countsDiffer(first, other))
        }
        return found
    }

    private static func people(_ facts: PeopleFacts) -> [Ailment] {
        var found: [Ailment] = []
        if facts.withoutEmail > 0 { found.append(.withoutEmail(facts.withoutEmail, of: facts.people)) }
        if facts.sharingEmail > 0 { found.append(.sharedEmails(facts.sharingEmail, holders: facts.sharers)) }
        if facts.unclearLogin > 0 { found.append(.unclearLogins(facts.unclearLogin)) }
        if facts.invalidText > 0 { found.append(.invalidTexts(facts.invalidText)) }
        return found
    }

    private static func groups(_ facts: GroupFacts) -> [Ailment] {
        var found: [Ailment] = []
        if facts.groups == 0 { found.append(.noGroupsFound(filter: facts.filter)) }
        if facts.empty > 0 { found.append(.emptyGroups(facts.empty, of: facts.groups)) }
        if facts.inCycles > 0 { found.append(.groupCycles(facts.inCycles)) }
        if facts.unresolved > 0 { found.append(.unresolvedMembers(facts.unresolved)) }
        return found
    }

    private static func accounts(_ facts: AccountFacts) -> [Ailment] {
        var found: [Ailment] = []
        if facts.unclear > 0 { found.append(.unclearStates(facts.unclear, of: facts.people)) }
        if facts.disabled == 0 { found.append(.nobodyDisabled(flags: facts.flags, of: facts.people)) }
        if facts.withLastSignIn == 0 { found.append(.noLastSignIn(attribute: facts.lastSignIn)) }
        return found
    }

    private static func changes(_ facts: ChangeFacts) -> [Ailment] {
        guard let lack = facts.lack else { return facts.method == nil ? [.noIncremental(.unknown)] : [] }
        return [facts.method == nil ? .noIncremental(lack) : .lesserIncremental(lack)]
    }

    private static func deleted(_ facts: DeletedFacts) -> [Ailment] {
        switch facts.sight {
        case .notKept, .seen: []
        case .none: [.deletedNotSeen(facts.kind)]
        case .refused(let code): [.deletedRefused(code: code)]
        }
    }

    private static func clock(_ facts: ClockFacts) -> [Ailment] {
        if let ahead = facts.ahead { return ahead.magnitude > clockSeconds ? [.clockApart(seconds: ahead)] : [] }
        if let newest = facts.newestChange, newest > facts.here, newest - facts.here > clockSeconds {
            return [.changesInFuture(seconds: newest - facts.here)]
        }
        return [.clockNotTold]
    }

    private static func replica(_ facts: ReplicaFacts) -> [Ailment] {
        if facts.isSynchronized == false { return [.notSynchronized] }
        return facts.stamps.isEmpty ? [.noStamps(facts.kind)] : []
    }

    private static func rights(_ facts: RightsFacts) -> [Ailment] {
        var found: [Ailment] = []
        if !facts.passwords.isEmpty { found.append(.readsPasswords(facts.passwords, of: facts.looked)) }
        switch facts.writing {
        case .no: break
        case .may(let what): found.append(.mayWrite(what, about: facts.about))
        case .unknown:
            found.append(.writingUnknown(facts.kind, account: facts.account, about: facts.about.first))
        }
        if facts.readsSettings { found.append(.readsSettings) }
        return found
    }
}
