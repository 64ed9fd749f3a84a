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
        case .limited(let count, _, _):
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
            "the bind account may write: \(AilmentWords.names(what)), on at least one of \(AilmentWords.names(about))"
        case .writingUnknown: "whether the bind account may write cannot be asked without writing, so it was not"
        case .readsSettings: "the bind account may read the settings of the server itself (`cn=config`)"
        }
    }
}
