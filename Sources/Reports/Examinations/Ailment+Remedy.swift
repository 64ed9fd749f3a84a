import DirectoryModel

extension Ailment {
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
        case .limited(let count, _, _):
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
        case .limited(let count, let isOwnWay, let holder):
            isOwnWay ? AilmentWords.raiseLimits(count, holder) : "nothing; runs ask in the other way"
        case .countsDiffer: "run again; if it stays, look at the server's log"
        case .setAside: "give each an id that does not change, or correct `attributes.id`; they are listed above"
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
