/// One thing that is wrong with a directory, its servers or the rights of the bind account, or that should be known: facts, no words.
package enum Ailment: Sendable, Equatable {
    package enum Weight: Int, Sendable, Comparable {
        /// It works; a human should know.
        case note
        /// It works, and should be changed.
        case warning
        /// A run would fail.
        case bad

        package static func < (left: Weight, right: Weight) -> Bool { left.rawValue < right.rawValue }
    }

    /// Something was asked, and an error came back.
    case failed(FailureCause, PullFailure)
    /// One server of several fails; another one serves.
    case serverFails(ServerFault)
    case certificateEnds(server: String, days: Int)
    case passwordExpires(seconds: Int)
    case graceLogins(Int)
    /// The server takes us for anybody, although an account was named or although none was.
    case isAnonymous(wasAsked: Bool)
    case identityNotTold
    case otherKind(found: DirectoryKind, configured: DirectoryKind)
    case unknownKind
    case isGlobalCatalog
    case noPaging
    case baseMissing(dn: String, branch: BaseFacts.Branch, above: String)
    case baseRefused(dn: String, code: Int32, text: String)
    /// Nobody named bases, and nobody was found by the default filter.
    case nobodyFound(filter: String)
    case noGroupsFound(filter: String)
    /// What the account gets is cut off.
    case limited(LimitFacts.Count, isOwnWay: Bool, LimitFacts.Holder)
    /// Pages and one answer hold different numbers of entries.
    case countsDiffer(Int, Int)
    case setAside(Int)
    case withoutEmail(Int, of: Int)
    case sharedEmails(Int, holders: [String])
    case unclearLogins(Int)
    case invalidTexts(Int)
    case emptyGroups(Int, of: Int)
    case groupCycles(Int)
    case unresolvedMembers(Int)
    case unclearStates(Int, of: Int)
    case nobodyDisabled(flags: [String], of: Int)
    case noLastSignIn(attribute: String?)
    case noIncremental(ChangeFacts.Lack)
    /// Changes are told, but by the lesser of two ways.
    case lesserIncremental(ChangeFacts.Lack)
    case deletedNotSeen(DirectoryKind)
    case deletedRefused(code: Int32)
    case clockApart(seconds: Int64)
    case changesInFuture(seconds: Int64)
    case clockNotTold
    case notSynchronized
    case noStamps(DirectoryKind)
    case readsPasswords([NamedCount], of: Int)
    case mayWrite([String], about: [String])
    case writingUnknown(DirectoryKind, account: String, about: String?)
    case readsSettings

    package var weight: Weight {
        switch self {
        case .failed, .otherKind, .isGlobalCatalog, .baseMissing, .baseRefused, .nobodyFound, .notSynchronized: .bad
        case .isAnonymous(let wasAsked): wasAsked ? .warning : .bad
        case .limited(_, let isOwnWay, _): isOwnWay ? .bad : .note
        case .serverFails, .certificateEnds, .passwordExpires, .graceLogins, .countsDiffer, .setAside, .withoutEmail,
            .sharedEmails, .unclearLogins, .invalidTexts, .unclearStates, .clockApart, .changesInFuture,
            .readsPasswords, .mayWrite, .readsSettings, .deletedRefused, .noGroupsFound:
            .warning
        case .identityNotTold, .unknownKind, .noPaging, .emptyGroups, .groupCycles, .unresolvedMembers,
            .nobodyDisabled, .noLastSignIn, .noIncremental, .lesserIncremental, .deletedNotSeen, .clockNotTold,
            .noStamps, .writingUnknown:
            .note
        }
    }

    /// The failure that a run would end with.
    package func failure(of directory: String) -> PullFailure {
        let kind: PullFailure.Kind
        switch self {
        case .failed(_, let failure): return failure
        case .isAnonymous: kind = .refused
        case .otherKind, .isGlobalCatalog: kind = .badConfiguration
        default: kind = .incomplete
        }
        return PullFailure(kind: kind, directory: directory, message: "", hint: "")
    }
}
