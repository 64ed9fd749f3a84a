import DirectoryModel

/// People, groups and accounts.
extension StepWords {
    mutating func take(_ facts: ReadingFacts) {
        headline =
            "complete: \(Counted.text(facts.people, "person", plural: "people")), \(Counted.text(facts.groups, "group")), "
            + "\(Counted.text(facts.memberships, "direct membership")) in \(facts.milliseconds) ms"
        let most = 20
        add(
            "set aside",
            facts.setAside.prefix(most).map { "\($0.dn): \($0.reason.sentence)" }
                + (facts.setAside.count > most ? ["… and \(Counted.number(facts.setAside.count - most)) more"] : []))
    }

    mutating func take(_ facts: PeopleFacts) {
        headline =
            "\(Counted.text(facts.people, "person", plural: "people")) by `\(facts.filter)`; "
            + (facts.withoutEmail == 0 ? "all with an email" : "\(Counted.number(facts.withoutEmail)) without an email")
        add("under", facts.branches.map { "\($0.name): \(Counted.number($0.count))" })
        add("email of", facts.domains.map { "\($0.name): \(Counted.number($0.count))" })
    }

    mutating func take(_ facts: GroupFacts) {
        headline = Counted.text(facts.groups, "group")
        if facts.nesting > 0 {
            headline +=
                ", \(Counted.number(facts.nesting)) of them with groups as members, \(Counted.text(facts.depth, "level")) deep"
        } else if facts.groups > 0 {
            headline += ", none in another"
        }
        if let largest = facts.largest {
            add("largest", "\(largest.name): \(Counted.text(largest.count, "direct member"))")
        }
        let all = facts.sample
        add(
            "classes",
            facts.classes.map { "\($0.name): \(Counted.number($0.count)) of \(Counted.number(all)) looked at" })
        add(
            "members by",
            facts.memberAttributes.map { "\($0.name): on \(Counted.number($0.count)) of \(Counted.number(all))" })
    }

    mutating func take(_ facts: AccountFacts) {
        headline =
            "\(Counted.number(facts.disabled)) of \(Counted.text(facts.people, "person", plural: "people")) may not come in"
        add("flags", facts.flags.isEmpty ? "(none)" : facts.flags.joined(separator: ", "))
        let counts = [
            ("by the flag", facts.disabledByFlag), ("by `attributes.disabled`", facts.disabledByAttribute),
            ("locked for good", facts.locked), ("ended", facts.expired),
        ]
        add("of them", counts.filter { $0.1 > 0 }.map { "\($0.0): \(Counted.number($0.1))" })
        add("ends by", facts.expires ?? "(none)")
        guard let attribute = facts.lastSignIn else { return add("sign-in", "(no attribute)") }
        let newest = facts.newestSignIn.map { ", the newest \(Timestamp.text($0))" } ?? ""
        add(
            "sign-in",
            "`\(attribute)`: on \(Counted.number(facts.withLastSignIn)) of \(Counted.number(facts.people))\(newest)")
    }

    mutating func take(_ facts: RangeFacts) {
        guard let group = facts.group else {
            headline = "no group to look at"
            return
        }
        let members = Counted.text(group.count, "member")
        headline =
            facts.partSize.map {
                "`\(facts.attribute)` comes in parts of \(Counted.number($0)); the largest group has \(members)"
            }
            ?? "`\(facts.attribute)` comes whole; the largest group has \(members)"
        add("group", group.name)
    }

    mutating func take(_ facts: ChangeFacts) {
        headline =
            switch facts.method {
            case "sync": "by content synchronization (RFC 4533)"
            case "changelog": "by the change log of the server"
            case "dirsync": "by DirSync"
            case "usn": "by `uSNChanged`"
            case "times": "by `modifyTimestamp`; who is gone waits for the next full read"
            case .some(let other): "by `\(other)`"
            case nil: "not told; every run reads everything"
            }
    }

    mutating func take(_ facts: DeletedFacts) {
        headline =
            switch facts.sight {
            case .notKept: "not needed: who is missing is looked for by id"
            case .seen(let count): "visible: \(Counted.text(count, "deleted entry", plural: "deleted entries")) seen"
            case .none: "none seen"
            case .refused: "hidden"
            }
    }

    mutating func take(_ facts: ClockFacts) {
        if let ahead = facts.ahead {
            let length = Timestamp.length(Int64(clamping: ahead.magnitude))
            headline =
                ahead == 0
                ? "the server's is the same to the second"
                : "the server's is \(length) \(ahead > 0 ? "ahead" : "behind")"
            add("told by", facts.source ?? "")
        } else {
            headline = "not told"
        }
        add("newest", facts.newestChange.map { "its newest change is of \(Timestamp.text($0))" } ?? "")
    }

    mutating func take(_ facts: ReplicaFacts) {
        headline =
            facts.newestChange.map { "newest change \(Timestamp.text($0))" }
            ?? (facts.stamps.isEmpty ? "no marks" : Counted.text(facts.stamps.count, "mark"))
        if facts.isSynchronized == true { headline += ", has caught up" }
        add("marks", facts.stamps)
    }

    mutating func take(_ facts: RightsFacts) {
        let people = Counted.text(facts.looked, "person", plural: "people")
        // Of several attributes nobody knows whether they are on the same people.
        let least = facts.passwords.count > 1 ? "at least " : ""
        let most = facts.passwords.map(\.count).max()
        let passwords =
            most.map { "sees passwords on \(least)\(Counted.number($0)) of \(people)" }
            ?? "sees no passwords on \(people)"
        let writing =
            switch facts.writing {
            case .no: "may not write"
            case .may: "MAY WRITE"
            case .unknown: "writing unknown"
            }
        headline = "\(passwords) looked at; \(writing)"
        add("asked of", facts.about)
    }
}

extension SetAsideEntry.Reason {
    /// After the DN and a colon.
    package var sentence: String {
        switch self {
        case .noIdentity: "no usable immutable id"
        case .unparsableDN: "its DN cannot be read"
        case .hiddenNesting: "the server counts groups that were not read"
        }
    }

    /// Stable name, for programs.
    package var code: String {
        switch self {
        case .noIdentity: "no-identity"
        case .unparsableDN: "unparsable-dn"
        case .hiddenNesting: "hidden-nesting"
        }
    }
}
