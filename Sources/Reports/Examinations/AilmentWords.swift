import DirectoryModel

extension Ailment {
    /// Stable name, for programs.
    var code: String {
        switch self {
        case .failed(let cause, _): "failed.\(cause.rawValue)"
        case .serverFails(let fault): "server-fails.\(fault.cause.rawValue)"
        case .certificateEnds: "certificate-ends"
        case .passwordExpires: "password-expires"
        case .graceLogins: "grace-logins"
        case .isAnonymous: "anonymous"
        case .identityNotTold: "identity-not-told"
        case .otherKind: "other-kind"
        case .unknownKind: "unknown-kind"
        case .isGlobalCatalog: "global-catalog"
        case .noPaging: "no-paging"
        case .baseMissing: "base-missing"
        case .baseRefused: "base-refused"
        case .nobodyFound: "nobody-found"
        case .noGroupsFound: "no-groups-found"
        case .limited: "limited"
        case .countsDiffer: "counts-differ"
        case .setAside: "set-aside"
        case .withoutEmail: "without-email"
        case .sharedEmails: "shared-emails"
        case .unclearLogins: "unclear-logins"
        case .invalidTexts: "invalid-texts"
        case .emptyGroups: "empty-groups"
        case .groupCycles: "group-cycles"
        case .unresolvedMembers: "unresolved-members"
        case .unclearStates: "unclear-states"
        case .nobodyDisabled: "nobody-disabled"
        case .noLastSignIn: "no-last-sign-in"
        case .noIncremental: "no-incremental"
        case .lesserIncremental: "lesser-incremental"
        case .deletedNotSeen: "deleted-not-seen"
        case .deletedRefused: "deleted-refused"
        case .clockApart: "clock-apart"
        case .changesInFuture: "changes-in-future"
        case .clockNotTold: "clock-not-told"
        case .notSynchronized: "not-synchronized"
        case .noStamps: "no-stamps"
        case .readsPasswords: "reads-passwords"
        case .mayWrite: "may-write"
        case .writingUnknown: "writing-unknown"
        case .readsSettings: "reads-settings"
        }
    }

    /// One sentence without a period.
    var message: String {
        switch self {
        case .failed(_, let failure): failure.message
        case .serverFails(let fault): fault.failure.message
        case .certificateEnds(let server, let days):
            days < 0
                ? "the certificate of `\(server)` has ended"
                : "the certificate of `\(server)` ends in \(Counted.text(days, "day"))"
        case .passwordExpires(let seconds):
            "the password of the bind account expires in \(Timestamp.length(Int64(seconds)))"
        case .graceLogins(let count):
            "the password of the bind account has expired; it may sign in \(Counted.text(count, "more time")) with it"
        case .isAnonymous(let wasAsked):
            wasAsked
                ? "the directory is read as anybody: what is hidden from anybody looks as if it were not there"
                : "the server took the bind, and takes us for anybody"
        case .identityNotTold: "the server does not tell who it takes us for"
        case .otherKind(let found, let configured):
            "the server is of kind `\(found.rawValue)`, and `kind` says `\(configured.rawValue)`"
        case .unknownKind: "the server does not say what it is"
        case .isGlobalCatalog:
            "the port is that of a global catalog, which holds only a part of what is known of people"
        case .noPaging: "the server does not offer to answer in pages"
        case .baseMissing(let dn, let branch, let above):
            "there is no `\(dn)` (a base of \(branch.rawValue)), or the bind account may not see it"
                + (above.isEmpty ? "" : "; there is `\(above)`")
        case .baseRefused(let dn, let code, let text):
            "the server refuses to show `\(dn)`: code \(code)\(text.isEmpty ? "" : ", \(text)")"
        case .nobodyFound(let filter): "nobody was found by `\(filter)` in what the bind account may see"
        case .noGroupsFound(let filter): "no group was found by `\(filter)`"
        case .limited(let count, _):
            "\(AilmentWords.way(count)) the bind account got \(Counted.text(count.entries, "person", plural: "people")), "
                + "and then the server ended it: \(AilmentWords.limit(count.code)) (\(count.code))"
        case .countsDiffer(let first, let other):
            "one answer held \(Counted.text(first, "person", plural: "people")), pages held \(Counted.number(other))"
        case .setAside(let count):
            "\(Counted.text(count, "entry", plural: "entries")) cannot be used and \(count == 1 ? "is" : "are") set aside"
        case .withoutEmail(let count, let all):
            "\(Counted.number(count)) of \(Counted.text(all, "person", plural: "people")) \(count == 1 ? "has" : "have") no email, and cannot be invited"
        case .sharedEmails(let count, let holders):
            "\(Counted.number(count)) people share an email with somebody else: "
                + AilmentWords.list(holders, of: count)
        case .unclearLogins(let count):
            "\(Counted.text(count, "person", plural: "people")) \(count == 1 ? "has" : "have") no login, or several"
        case .invalidTexts(let count):
            "\(Counted.text(count, "person", plural: "people")) \(count == 1 ? "has" : "have") values that are not text"
        case .emptyGroups(let count, let all):
            "\(Counted.number(count)) of \(Counted.text(all, "group")) \(count == 1 ? "has" : "have") no members that were read"
        case .groupCycles(let count):
            "\(Counted.text(count, "group")) \(count == 1 ? "is" : "are") in a circle of groups, or above one"
        case .unresolvedMembers(let count):
            "\(Counted.text(count, "member")) of groups \(count == 1 ? "is" : "are") neither a person nor a group that was read"
        case .unclearStates(let count, let all):
            "of \(Counted.number(count)) of \(Counted.text(all, "person", plural: "people")) nothing tells whether the account is disabled; nothing is done about them"
        case .nobodyDisabled(let flags, let all):
            "by \(AilmentWords.names(flags)) none of \(Counted.text(all, "person", plural: "people")) is disabled"
        case .noLastSignIn(let attribute):
            attribute.map { "nobody shows `\($0)`: the last sign-in is not known" }
                ?? "this kind of directory has no attribute of the last sign-in of its own"
        case .noIncremental(let lack): "every run reads everything: \(lack.sentence)"
        case .lesserIncremental(let lack): "changes are read by the lesser of two ways: \(lack.sentence)"
        case .deletedNotSeen: "no deleted entry was seen: there are none, or the bind account may not see them"
        case .deletedRefused(let code): "the server refuses to show deleted entries (\(code))"
        case .clockApart(let seconds):
            "the server's clock is \(Timestamp.length(Int64(clamping: seconds.magnitude))) \(seconds > 0 ? "ahead of" : "behind") this machine's"
        case .changesInFuture(let seconds):
            "the server's newest change is \(Timestamp.length(seconds)) in the future by this machine's clock"
        case .clockNotTold: "the server does not tell its time to the bind account"
        case .notSynchronized: "the domain controller says that it has not caught up with the others"
        case .noStamps:
            "the server does not tell how far its data have come: a server that is behind cannot be told from one that is not"
        case .readsPasswords(let counts, let all):
            "the bind account may read \(AilmentWords.names(counts.map(\.name))) of people (seen on \(Counted.number(counts.map(\.count).max() ?? 0)) of \(Counted.number(all)) looked at); only names of attributes were asked for, no values"
        case .mayWrite(let what, let about):
            "the bind account may write: \(AilmentWords.names(what)), on `\(about.first ?? "")`"
        case .writingUnknown: "whether the bind account may write cannot be asked without writing, so it was not"
        case .readsSettings: "the bind account may read the settings of the server itself (`cn=config`)"
        }
    }

    /// What is most often behind it, the most frequent first.
    var likely: [String] {
        switch self {
        case .failed(let cause, _): cause.likely
        case .serverFails(let fault): fault.cause.likely
        case .isAnonymous(wasAsked: false): ["the password is empty", "the account has no password on the server"]
        case .baseMissing:
            [
                "the DN is misspelled", "the bind account may not search it",
                "the server holds another part of the directory",
            ]
        case .nobodyFound:
            [
                "the bind account may not read people",
                "people have another class than this kind of directory gives them",
                "the server holds another part of the directory",
            ]
        case .limited(let count, _):
            count.code == 11
                ? ["the server refuses pages, or looks through fewer entries than there are, for this account"]
                : ["the server limits what this account may read at once"]
        case .unclearStates: ["the bind account may not read the flag", "the flag holds something that means nothing"]
        case .nobodyDisabled(let flags, _):
            flags.isEmpty
                ? ["the directory marks people who left in a way of its own"]
                : [
                    "nobody is disabled", "the bind account may not read the flag",
                    "people who left are marked in another way",
                ]
        case .noLastSignIn(.some): ["the server does not record it", "the bind account may not read it"]
        case .unresolvedMembers:
            [
                "members were deleted, and the groups not cleaned up", "members stand outside the bases",
                "members are not people: computers, services",
            ]
        default: []
        }
    }

    /// What to do, imperative; empty where there is nothing to do.
    var remedy: String {
        switch self {
        case .failed(_, let failure): failure.hint
        case .serverFails(let fault): fault.failure.hint
        case .certificateEnds: "renew it now"
        case .passwordExpires: "exempt the account from expiry, or set a new password in time"
        case .graceLogins: "set a new password now, and exempt the account from expiry"
        case .isAnonymous(let wasAsked):
            wasAsked
                ? "make an account that may only read, and name it under `bind`" : "check `bind.dn` and the password"
        case .identityNotTold: "nothing; Samba does not know the question"
        case .otherKind(let found, _):
            "write `kind: \(found.rawValue)`, and what the server calls things where you gave other names"
        case .unknownKind: "write `kind:` yourself, and check the defaults below"
        case .isGlobalCatalog: "use port 636, or 389 with StartTLS, of a domain controller"
        case .noPaging: ""
        case .baseMissing: "correct the base, or let the bind account search it"
        case .baseRefused: "let the bind account search the base"
        case .nobodyFound: "let the bind account read people, or name `--people` and `--kind`"
        case .noGroupsFound: "correct `groups`, or let the bind account read them"
        case .limited(let count, _): AilmentWords.raiseLimits(count)
        case .countsDiffer: "run again; if it stays, look at the server's log"
        case .setAside: "give each an id that does not change, or correct `attributes.id`; they are listed below"
        case .withoutEmail:
            "give them an email, name another attribute as `attributes.email`, or leave them out with `people.exclude`"
        case .sharedEmails: "give each their own; until then none of them is invited"
        case .unclearLogins: "correct the entries, or name another attribute as `attributes.login`"
        case .invalidTexts: "correct the entries; until then nothing is done about these people"
        case .emptyGroups: ""
        case .groupCycles: "take one of the memberships out; until then all of them count as members of each other"
        case .unresolvedMembers: "widen `people.bases` and `groups.bases` if these should count"
        case .unclearStates: "let the bind account read the flag on everybody"
        case .nobodyDisabled:
            "if people who left are marked otherwise, name it: `attributes: {disabled: {attribute: …, equals: …}}`"
        case .noLastSignIn: "name the attribute as `attributes.last_sign_in`, or do without `policy.inactive`"
        case .noIncremental(let lack), .lesserIncremental(let lack): lack.remedy
        case .deletedNotSeen:
            "let the account read them: `dsacls \"CN=Deleted Objects,DC=…\" /takeownership`, then `/g 'DOMAIN\\account:LCRP'`; it matters only for entries without an id"
        case .deletedRefused: "nothing depends on it; absence is confirmed by id as well"
        case .clockApart, .changesInFuture:
            "set both clocks by NTP; Kerberos allows five minutes, and expiry is judged by this machine's"
        case .clockNotTold: ""
        case .notSynchronized: "wait until it has, or name another domain controller first in `urls`"
        case .noStamps(let kind):
            kind == .openldap
                ? "load the overlay `syncprov` for the database, and let the bind account read `contextCSN` of the suffix"
                : "switch the server's USN plug-in on: `dsconf INSTANCE plugin usn enable`"
        case .readsPasswords: "take the right away: the account needs to read names, groups and flags, and no more"
        case .mayWrite: "take the right away; Rollcall never writes to a directory"
        case .writingUnknown(let kind, let account, let about):
            AilmentWords.askAccess(kind, account, about)
        case .readsSettings: "use an account that is not an administrator's"
        }
    }
}

/// Pieces of sentences that several ailments share.
enum AilmentWords {
    static func way(_ count: LimitFacts.Count) -> String {
        count.pageSize.map { "in pages of \($0)" } ?? "in one answer"
    }

    static func limit(_ code: Int32) -> String {
        switch code {
        case 3: "limit of time"
        case 4: "limit of size"
        case 11: "limit set by an administrator"
        default: "result code"
        }
    }

    static func raiseLimits(_ count: LimitFacts.Count) -> String {
        guard count.isLimit else { return "look at the server's log" }
        return "raise the limits of the bind account: OpenLDAP `limits dn.exact=\"…\" size=unlimited time=unlimited`; "
            + "389 Directory Server and FreeIPA `nsSizeLimit: -1` and `nsLookThroughLimit: -1` on its entry"
    }

    static func names(_ names: [String]) -> String {
        let most = 8
        let shown = names.prefix(most).map { "`\($0)`" }.joined(separator: ", ")
        return names.count > most ? "\(shown) and \(names.count - most) more" : shown
    }

    static func list(_ names: [String], of all: Int) -> String {
        let shown = names.map { "`\($0)`" }.joined(separator: ", ")
        return all > names.count ? "\(shown), …" : shown
    }

    static func askAccess(_ kind: DirectoryKind, _ account: String, _ about: String?) -> String {
        guard kind == .openldap, !account.isEmpty else { return "ask the server's administrator" }
        let words = [
            "slapacl", "-F", "/etc/ldap/slapd.d", "-D", account, "-b", about ?? "", "entry/write", "mail/write",
        ]
        return "ask on the server itself: `\(words.map(ShellWord.quoted).joined(separator: " "))` must say DENIED"
    }
}

extension ChangeFacts.Lack {
    /// After a colon.
    var sentence: String {
        switch self {
        case .noContentSync: "the server does not offer content synchronization (RFC 4533)"
        case .noStamps: "`contextCSN` of the suffix cannot be read"
        case .noChangeLog: "the server keeps no change log"
        case .changeLogHidden: "the bind account may not read the change log"
        case .noReplicationRight: "the bind account has no right to replicate changes"
        case .otherID(let wanted): "the server tells changes by `\(wanted)`, and `attributes.id` is another attribute"
        case .membershipsOnPeople:
            "some groups that are read have members only by what stands on the person (`Domain Users`, roles)"
        case .notThisKind: "changes of this kind of directory are not read yet"
        case .unknown: "the server does not tell what changed"
        }
    }

    var remedy: String {
        switch self {
        case .noContentSync: "load the overlay `syncprov` for the database, if full reads take too long"
        case .noStamps: "let the bind account read `contextCSN` of the suffix"
        case .noChangeLog:
            "switch it on if full reads take too long: `dsconf INSTANCE plugin retro-changelog enable`, with `nsuniqueid:targetUniqueId`"
        case .changeLogHidden: "let the bind account read `cn=changelog`"
        case .noReplicationRight:
            "grant the account `Replicating Directory Changes` on the domain; without it removals are found by the next full read"
        case .otherID(let wanted):
            "use `attributes: {id: \(wanted)}`; to change the id of a directory in use see `rollcall rekey`"
        case .membershipsOnPeople: "leave those groups out with `groups.exclude`, if full reads take too long"
        case .notThisKind, .unknown: ""
        }
    }
}
